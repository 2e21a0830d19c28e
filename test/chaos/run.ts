import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { QUEUE_NAME, REDIS_PREFIX } from '../../src/queue/backend.ts';
import { buildForRun } from '../support/build.ts';
import { startDovecot } from '../support/dovecot.ts';
import { startPostgres } from '../support/postgres.ts';
import { startRedis } from '../support/redis.ts';
import { waitFor } from '../support/wait-for.ts';
import { Member } from './fleet.ts';
import { MailboxFiles } from './mailbox-files.ts';
import { chaosMail } from './mails.ts';
import { type ObservedSettle, Oracle, type Verdict } from './oracle.ts';
import { type Fault, type FaultKind, plan } from './schedule.ts';

export interface ChaosOptions {
  seed: number;
  mails: number;
  seconds: number;
  /** Settle at enqueue, which must lose mails. */
  control?: boolean;
  settle?: ObservedSettle;
  /** `redis` keeps nothing, `redis-aof` its append-only file; `postgres` does without Redis. */
  queue?: 'redis' | 'redis-aof' | 'postgres';
  /** Told of every fault and of progress, for people. */
  report?: (line: string) => void;
  /** Keep the logs of the processes here. */
  logDir?: string;
}

export interface ChaosResult {
  verdicts: Verdict[];
  faults: Partial<Record<FaultKind, number>>;
  ok: boolean;
}

const DRAIN_LIMIT = 10_000;
const STOP_LIMIT = 10_000;
/** Redis dies at the latest so long after the workers. */
const REDIS_FOLLOWS = 2000;
/** How long a run that does not drain is watched, to see by how much it is late. */
const PATIENCE = 45_000;
/** Nothing more comes of a control run that has not moved for so long. */
const STANDSTILL = 6_000;

/**
 * Runs two pollers and two workers on a Dovecot, a Redis and a Postgres of their own, lets mails arrive and breaks things at
 * random, then judges what became of every mail.
 */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const { seed, mails, seconds, control = false, settle = 'move', queue = 'redis', report = () => undefined } = options;
  const schedule = plan(seed, mails, seconds, queue !== 'postgres');
  const closing: (() => Promise<unknown>)[] = [];
  try {
    const logDir = options.logDir ?? (await mkdtemp(join(tmpdir(), 'rebound-chaos-')));
    await mkdir(logDir, { recursive: true });
    if (options.logDir === undefined) closing.push(() => rm(logDir, { recursive: true, force: true }));
    const build = await buildForRun(control ? ['test/chaos/control-poller.ts'] : []);
    closing.push(build.remove);
    const dovecot = await startDovecot();
    closing.push(dovecot.stop);
    const redis = queue === 'postgres' ? null : await startRedis({ aof: queue === 'redis-aof' });
    if (redis) closing.push(redis.stop);
    const postgres = await startPostgres();
    closing.push(postgres.stop);

    // The first login makes the mailbox.
    await dovecot.deliver([]);
    const oracle = new Oracle(postgres.url, new MailboxFiles(dovecot.maildir()), settle);
    closing.push(() => oracle.close());
    let next = 0;
    const arrive = async (count: number) => {
      const batch = Array.from({ length: count }, () => chaosMail(seed, next++));
      for (const mail of batch) oracle.deliver(mail);
      await dovecot.deliver(batch.map(({ raw }) => raw));
    };

    const env: NodeJS.ProcessEnv = {
      PATH: process.env['PATH'],
      DATABASE_URL: postgres.url,
      ...(redis ? { REDIS_URL: redis.url } : {}),
      IMAP_HOST: dovecot.host,
      IMAP_PORT: String(dovecot.port),
      IMAP_SECURITY: 'none',
      IMAP_USER: dovecot.user,
      IMAP_PASSWORD: dovecot.password,
      SETTLE: settle,
      POLL_INTERVAL_SECONDS: '5',
      LOG_LEVEL: 'debug',
      LOG_FORMAT: 'json',
    };
    const poller = control ? [build.path('test/chaos/control-poller.ts')] : [build.cli, 'poll'];
    const pollers = [0, 1].map(
      (n) => new Member({ role: 'poller', args: poller, env, startedBy: /"event":"(?:connected|standing_by)"/ }, n, logDir),
    );
    const workers = [0, 1].map(
      (n) => new Member({ role: 'worker', args: [build.cli, 'work'], env, startedBy: /"event":"worker_started"/ }, n, logDir),
    );
    const members = [...pollers, ...workers];
    for (const member of members) member.start();
    closing.push(() => Promise.all(members.map((member) => member.stop(2000))));
    await waitFor(() => members.every(({ started }) => started), 30_000, 'the pollers and workers have started').catch(
      (error) => {
        throw new Error(
          `${error.message}. ${members.map(({ name, starts, complaint }) => `${name}: ${starts} starts${complaint ? `, last "${complaint}"` : ''}`).join('; ')}`,
        );
      },
    );

    // From here on things break.
    const began = performance.now();
    const now = () => performance.now() - began;
    const inject = faultInjector({ dovecot, redis, postgres, pollers, workers });
    const counts: Partial<Record<FaultKind, number>> = {};
    const running: Promise<void>[] = [];
    let watching = true;
    const watch = (async () => {
      while (watching) {
        await oracle.check().catch(() => undefined); // The database is away; the next look sees the same mails.
        await delay(200);
      }
    })();

    const events = [
      ...schedule.arrivals.map(({ at, mails: count }) => ({ at, run: () => arrive(count) })),
      ...schedule.faults.map((fault) => ({
        at: fault.at,
        run: async () => {
          const injected = inject(fault);
          if (injected === null) return;
          counts[fault.kind] = (counts[fault.kind] ?? 0) + 1;
          report(
            `${(now() / 1000).toFixed(1).padStart(6)} s  ${fault.kind}${fault.duration > 0 && /Redis|Postgres|Dovecot|freeze/.test(fault.kind) ? ` for ${(fault.duration / 1000).toFixed(1)} s` : ''}`,
          );
          await injected;
        },
      })),
    ].sort((a, b) => a.at - b.at);
    for (const event of events) {
      await delay(Math.max(0, event.at - now()));
      running.push(event.run());
    }
    await Promise.all(running);
    const lastFault = now();
    report(`${(lastFault / 1000).toFixed(1).padStart(6)} s  the last fault is over`);

    let left = { rows: mails, unsettled: mails };
    let changedAt = now();
    const drained = await waitFor(
      async () => {
        const seen = await oracle.unfinished();
        if (seen.rows !== left.rows || seen.unsettled !== left.unsettled) changedAt = now();
        left = seen;
        // A control run never drains; once it stands still there is nothing to wait for.
        if (control && now() - changedAt > STANDSTILL) return 'never';
        return left.rows + left.unsettled === 0 ? 'drained' : null;
      },
      PATIENCE,
      'every mail is stored and settled',
    ).catch(() => 'never');
    const drainedAfter = drained === 'drained' ? now() - lastFault : null;
    if (drainedAfter === null) report(`not drained: ${left.rows} mails without a row, ${left.unsettled} not settled`);
    watching = false;
    await watch;

    const ends = await Promise.all(members.map((member) => member.stop(STOP_LIMIT)));
    const verdicts = await oracle.verdicts(drainedAfter, DRAIN_LIMIT);
    const ownEnds = members.flatMap((member) => member.ownEnds);
    const badStops = ends.filter((end) => end !== null);
    verdicts.push(
      {
        invariant: 'no process ended by itself',
        ok: ownEnds.length === 0,
        detail:
          ownEnds.join('; ') ||
          `${members.reduce((sum, { starts }) => sum + starts, 0)} starts, ${members.reduce((sum, { refusedStarts }) => sum + refusedStarts, 0)} refused while a server was away`,
      },
      {
        invariant: `clean end within ${STOP_LIMIT / 1000} s of SIGTERM`,
        ok: badStops.length === 0,
        detail: badStops.join('; ') || `${members.length} processes`,
      },
    );
    if (options.logDir !== undefined) {
      await writeFile(join(logDir, 'dovecot.log'), await dovecot.log());
      if (redis) await writeFile(join(logDir, 'redis.log'), await redis.log());
    }
    return { verdicts, faults: counts, ok: verdicts.every(({ ok }) => ok) };
  } finally {
    for (const close of closing.reverse()) await close().catch((error: Error) => report(`clean-up: ${error.message}`));
  }
}

interface Targets {
  dovecot: Awaited<ReturnType<typeof startDovecot>>;
  redis: Awaited<ReturnType<typeof startRedis>> | null;
  postgres: Awaited<ReturnType<typeof startPostgres>>;
  pollers: Member[];
  workers: Member[];
}

function once(work: () => Promise<void>): () => Promise<void> {
  let result: Promise<void> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}

/** Turns a fault into deeds; null when its server is away already. The promise ends when the fault is over. */
function faultInjector({ dovecot, redis, postgres, pollers, workers }: Targets): (fault: Fault) => Promise<void> | null {
  const away = new Set<string>();
  const outage = (
    name: string,
    server: { kill9(): Promise<void>; restart(): Promise<void> } | null,
    duration: number,
  ): Promise<void> | null => {
    if (!server || away.has(name)) return null;
    away.add(name);
    return server
      .kill9()
      .then(() => delay(duration))
      .then(() => server.restart())
      .finally(() => away.delete(name));
  };
  const ifThere = (name: string, deed: () => Promise<unknown>): Promise<void> | null =>
    away.has(name)
      ? null
      : deed().then(
          () => undefined,
          () => undefined,
        );
  const at = (members: Member[], { victim }: Fault) => members[victim % members.length]!;
  return (fault) => {
    switch (fault.kind) {
      case 'kill -9 a poller':
        return at(pollers, fault).kill9WhenStarted();
      case 'kill -9 a worker':
        return at(workers, fault).kill9WhenStarted();
      case 'freeze a poller':
        return at(pollers, fault).freeze(fault.duration);
      case 'freeze a worker':
        return at(workers, fault).freeze(fault.duration);
      case 'kill -9 Redis':
        return outage('redis', redis, fault.duration);
      case 'kill -9 Postgres':
        return outage('postgres', postgres, fault.duration);
      case 'kill -9 Dovecot':
        return outage('dovecot', dovecot, fault.duration);
      case 'kill -9 all workers, then Redis': {
        if (!redis || away.has('redis')) return null;
        // Redis dies when there is something in it to be lost, or after a while.
        const filled = async () => Number(await redis.call('llen', `${REDIS_PREFIX}:${QUEUE_NAME}:wait`)) > 0;
        let outageOver: Promise<void> | null = null;
        const redisDies = once(async () => {
          await waitFor(filled, REDIS_FOLLOWS).catch(() => undefined);
          outageOver = outage('redis', redis, fault.duration);
        });
        return Promise.all(workers.map((worker) => worker.killedDuring(redisDies))).then(() => outageOver ?? undefined);
      }
      case 'FLUSHALL':
        return redis && ifThere('redis', () => redis.flushall());
      case 'cut all database connections':
        return ifThere('postgres', () => postgres.cutConnections());
      case 'end all IMAP sessions':
        return ifThere('dovecot', () => dovecot.kick());
    }
  };
}
