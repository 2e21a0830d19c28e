import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { guard } from '../src/embedded/guardian.ts';
import { buildForRun } from '../test/support/build.ts';
import { type DovecotServer, startDovecot } from '../test/support/dovecot.ts';
import { startPostgres } from '../test/support/postgres.ts';
import { startRedis } from '../test/support/redis.ts';
import { waitFor } from '../test/support/wait-for.ts';
import { bareFetch, bareParse, ownReading } from './bare.ts';
import type { BenchCommand } from './command.ts';
import { benchMails } from './mails.ts';
import { cpuEach, cpuOf, peakMemory, rate, type Timed } from './measure.ts';
import { type Profile, readProfiles } from './profile.ts';
import { median, positive, table, UsageError } from './report.ts';

interface Settings {
  mails: number;
  rounds: number;
  workers: number;
  queue: 'redis' | 'postgres';
  settle: string;
  profile: boolean;
}

interface PipelineRun {
  /** From the poller's first look at the mailbox to the last committed row. */
  seconds: number;
  /** The same to the last settled mail. */
  settledSeconds: number;
  /** CPU milliseconds in that time, by process. */
  cpuMs: Record<string, number>;
  /** MiB. */
  peakMemory: Record<string, number>;
  profiles: Record<string, Profile>;
}

interface Round {
  fetch: Timed;
  parse: Timed;
  own: Timed;
  pipeline: PipelineRun;
}

export const command: BenchCommand = {
  summary: 'Dovecot → queue → workers → Postgres, beside the bare IMAP fetch and the bare MIME parse of the same mails',
  usage: `  --mails N       mails in the mailbox (default 20000)
  --from DIR      take the mails from there (default: the project's fixtures and samples)
  --rounds N      how often; medians are told (default 1)
  --workers N     worker processes (default 2)
  --queue WHERE   redis (default, with its append-only file) or postgres
  --settle HOW    mark (default), move, delete, keep
  --profile       also tell where the poller and the workers spend their time (slows them a little)`,
  async run(args, say) {
    const { values } = parseArgs({
      args,
      options: {
        mails: { type: 'string', default: '20000' },
        from: { type: 'string' },
        rounds: { type: 'string', default: '1' },
        workers: { type: 'string', default: '2' },
        queue: { type: 'string', default: 'redis' },
        settle: { type: 'string', default: 'mark' },
        profile: { type: 'boolean', default: false },
      },
    });
    if (values.queue !== 'redis' && values.queue !== 'postgres') throw new UsageError('--queue must be redis or postgres.');
    if (process.platform !== 'linux') throw new UsageError('This bench reads CPU and memory from /proc: run it on Linux.');
    const settings: Settings = {
      mails: positive('mails', values.mails),
      rounds: positive('rounds', values.rounds),
      workers: positive('workers', values.workers),
      queue: values.queue,
      settle: values.settle,
      profile: values.profile,
    };
    const mails = await benchMails(settings.mails, values.from);
    const bytes = mails.reduce((sum, mail) => sum + mail.length, 0);
    say(
      `${mails.length} mails, ${(bytes / mails.length / 1024).toFixed(1)} KiB each, ${cpus().length} cores, SETTLE=${settings.settle}, queue in ${settings.queue}, ${settings.workers} workers`,
    );

    const build = await buildForRun();
    const dovecot = await startDovecot();
    const rounds: Round[] = [];
    try {
      for (let n = 1; n <= settings.rounds; n++) {
        const user = `bench-${n}`;
        say(`round ${n} of ${settings.rounds}: filling the mailbox …`);
        await dovecot.deliver(mails, { user });
        await dovecot.list('INBOX', user); // Dovecot writes its index of a new mailbox once; that is no part of any measure.
        say('  bare IMAP fetch …');
        const fetch = await bareFetch(dovecot, user);
        say('  bare MIME parse …');
        const parse = await bareParse(mails);
        const own = await ownReading(mails);
        say('  pipeline …');
        const pipeline = await runPipeline(build.cli, dovecot, user, settings);
        rounds.push({ fetch, parse, own, pipeline });
      }
    } finally {
      await dovecot.stop();
      await build.remove();
    }
    const result = summarise(settings, rounds);
    for (const line of tell(result, rounds)) say(line);
    return { settings, bytes, ...result, rounds };
  },
};

/** One pass of the product over a full mailbox, every process fresh. Throws when rows and mails do not agree exactly. */
async function runPipeline(cli: string, dovecot: DovecotServer, user: string, settings: Settings): Promise<PipelineRun> {
  const postgres = await startPostgres({ fsync: true });
  const redis = settings.queue === 'redis' ? await startRedis({ aof: true }) : null;
  const profileDir = settings.profile ? await mkdtemp(join(tmpdir(), 'rebound-bench-profile-')) : null;
  const children: ReturnType<typeof startChild>[] = [];
  const client = new pg.Client({ connectionString: postgres.url });
  client.on('error', () => undefined);
  try {
    const env: NodeJS.ProcessEnv = {
      PATH: process.env['PATH'],
      DATABASE_URL: postgres.url,
      ...(redis ? { REDIS_URL: redis.url } : {}),
      IMAP_HOST: dovecot.host,
      IMAP_PORT: String(dovecot.port),
      IMAP_SECURITY: 'none',
      IMAP_USER: user,
      IMAP_PASSWORD: dovecot.password,
      SETTLE: settings.settle,
      LOG_FORMAT: 'json',
    };
    const flags = (role: string) => (profileDir ? ['--cpu-prof', '--cpu-prof-dir', join(profileDir, role)] : []);
    const workers = Array.from({ length: settings.workers }, () => startChild([...flags('worker'), cli, 'work'], env));
    children.push(...workers);
    await waitFor(() => workers.every((worker) => worker.said('worker_started')), 30_000, 'the workers have started');
    await client.connect();

    const servers = { redis: redis ? [redis.pid] : [], postgres: [postgres.pid], dovecot: [dovecot.pid] };
    const cpu = () => ({
      poller: poller ? cpuOf([poller.pid]) : 0,
      workers: cpuOf(workers.map(({ pid }) => pid)),
      redis: cpuOf(servers.redis),
      postgres: cpuOf(servers.postgres),
      dovecot: cpuOf(servers.dovecot),
    });
    let poller: ReturnType<typeof startChild> | undefined;
    poller = startChild([...flags('poller'), cli, 'poll'], env);
    children.push(poller);
    await waitFor(() => poller.said('connected'), 30_000, 'the poller is connected');
    const began = performance.now();
    const before = cpu();

    const count = async (condition: string) =>
      Number((await client.query(`select count(*) as n from messages where ${condition}`)).rows[0].n);
    const alive = () => {
      const ended = children.find((child) => child.ended !== null);
      if (ended) throw new Error(`A process ended with ${ended.ended}: ${ended.lastWords()}`);
    };
    // Ten minutes for 20,000 mails is a hang, not a slow machine.
    const limit = Math.max(60_000, settings.mails * 30);
    await waitFor(async () => (await count('true')) >= settings.mails, limit, `${settings.mails} rows`).catch((error) => {
      alive();
      throw error;
    });
    const seconds = (performance.now() - began) / 1000;
    const after = cpu();
    if (settings.settle !== 'keep')
      await waitFor(async () => (await count("settled_at is null and kind <> 'other'")) === 0, limit, 'all are settled');
    const settledSeconds = (performance.now() - began) / 1000;

    const [rows, distinct] = [
      await count('true'),
      Number((await client.query('select count(distinct uid) as n from messages')).rows[0].n),
    ];
    if (rows !== settings.mails || distinct !== settings.mails)
      throw new Error(`The count is wrong: ${rows} rows of ${distinct} mails, ${settings.mails} expected.`);
    const memory = {
      poller: peakMemory(poller.pid),
      worker: Math.max(...workers.map(({ pid }) => peakMemory(pid))),
      ...(redis ? { redis: peakMemory(redis.pid) } : {}),
    };
    await Promise.all(children.map((child) => child.stop()));
    const profiles: Record<string, Profile> = {};
    if (profileDir) for (const role of ['poller', 'worker']) profiles[role] = readProfiles(join(profileDir, role));
    return {
      seconds,
      settledSeconds,
      cpuMs: Object.fromEntries(Object.entries(after).map(([name, ms]) => [name, ms - before[name as keyof typeof before]])),
      peakMemory: memory,
      profiles,
    };
  } finally {
    await Promise.all(children.map((child) => child.stop()));
    await client.end().catch(() => undefined);
    await redis?.stop();
    await postgres.stop();
    if (profileDir) await rm(profileDir, { recursive: true, force: true });
  }
}

function startChild(args: string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  const guardian = guard(child.pid!, { signal: 'TERM' });
  let log = '';
  const events = new Set<string>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      log = (log + chunk.toString('utf8')).slice(-20_000);
      for (const [, event] of log.matchAll(/"event":"(\w+)"/g)) events.add(event!);
    });
  }
  const gone = new Promise<void>((resolve) => child.once('close', () => resolve()));
  gone.then(() => guardian.standDown());
  return {
    pid: child.pid!,
    said: (event: string) => events.has(event),
    get ended() {
      return child.exitCode ?? child.signalCode;
    },
    lastWords: () => log.trim().split('\n').at(-1) ?? '',
    stop() {
      child.kill('SIGTERM');
      return gone;
    },
  };
}

function summarise(settings: Settings, rounds: Round[]) {
  const each = (value: (round: Round) => number) => median(rounds.map(value));
  const mails = settings.mails;
  const names = Object.keys(rounds[0]!.pipeline.cpuMs);
  const cpuPerMail = Object.fromEntries(names.map((name) => [name, each(({ pipeline }) => pipeline.cpuMs[name]! / mails)]));
  const total = (round: Round) => Object.values(round.pipeline.cpuMs).reduce((sum, ms) => sum + ms, 0);
  return {
    rates: {
      pipeline: each(({ pipeline }) => mails / pipeline.seconds),
      pipelineSettled: each(({ pipeline }) => mails / pipeline.settledSeconds),
      bareFetch: each(({ fetch }) => rate(fetch)),
      bareParse: each(({ parse }) => rate(parse)),
      ownReading: each(({ own }) => rate(own)),
    },
    cpuPerMail,
    ratios: {
      'pipeline / bare fetch (rate)': each(({ fetch, pipeline }) => mails / pipeline.seconds / rate(fetch)),
      'pipeline / bare parse (rate)': each(({ parse, pipeline }) => mails / pipeline.seconds / rate(parse)),
      'own parse and analysis / bare parse (CPU)': each(({ parse, own }) => cpuEach(own) / cpuEach(parse)),
      'the rest of the pipeline / bare parse (CPU)': each(
        (round) => (total(round) / mails - cpuEach(round.own)) / cpuEach(round.parse),
      ),
      'share of all cores kept busy': each((round) => total(round) / 1000 / round.pipeline.seconds / cpus().length),
    },
    peakMemory: Object.fromEntries(
      Object.keys(rounds[0]!.pipeline.peakMemory).map((name) => [
        name,
        Math.max(...rounds.map(({ pipeline }) => pipeline.peakMemory[name]!)),
      ]),
    ),
  };
}

function tell({ rates, cpuPerMail, ratios, peakMemory: memory }: ReturnType<typeof summarise>, rounds: Round[]): string[] {
  const total = Object.values(cpuPerMail).reduce((sum, ms) => sum + ms, 0);
  const perSecond = (value: number) => `${Math.round(value).toLocaleString('en')} /s`;
  const profiles = rounds.at(-1)!.pipeline.profiles;
  return [
    '',
    ...table(
      ['what', 'mails'],
      [
        ['pipeline, to the committed row', perSecond(rates.pipeline)],
        ['pipeline, to the settled mail', perSecond(rates.pipelineSettled)],
        ['bare IMAP fetch (imapflow)', perSecond(rates.bareFetch)],
        ['bare MIME parse (simpleParser)', perSecond(rates.bareParse)],
        ['own parse and analysis', perSecond(rates.ownReading)],
      ],
    ),
    '',
    ...table(
      ['CPU, ms a mail', '', 'share'],
      [
        ...Object.entries(cpuPerMail)
          .sort(([, a], [, b]) => b - a)
          .map(([name, ms]) => [name, ms.toFixed(3), `${Math.round((100 * ms) / total)} %`]),
        ['all', total.toFixed(3), '100 %'],
      ],
    ),
    '',
    ...table(
      ['ratio', ''],
      Object.entries(ratios).map(([name, value]) => [name, value.toFixed(2)]),
    ),
    '',
    ...table(
      ['peak memory', ''],
      Object.entries(memory).map(([name, value]) => [name, `${value} MiB`]),
    ),
    ...Object.entries(profiles).flatMap(([role, { owners, functions }]) => {
      const rows = (list: Profile['owners']) => list.map(({ where, share }) => [where, `${(100 * share).toFixed(1)} %`]);
      return [
        '',
        ...table([`time of the ${role}, by owner`, ''], rows(owners.slice(0, 12))),
        '',
        ...table([`time of the ${role}, by function`, ''], rows(functions.slice(0, 12))),
      ];
    }),
  ];
}
