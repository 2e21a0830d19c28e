import { execFile, spawn } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { readSamples } from '../../src/demo/samples.ts';
import { type Build, buildForRun } from '../support/build.ts';
import { waitFor } from '../support/wait-for.ts';

// Each test starts a whole pipeline, some of them several.
vi.setConfig({ testTimeout: 120_000 });

let build: Build;
/** Temporary directory of the runs, so that what they leave behind can be told from what others do meanwhile. */
let temp: string;
beforeAll(async () => {
  build = await buildForRun();
  temp = await mkdtemp(join(tmpdir(), 'rebound-demo-'));
  await chmod(temp, 0o711); // as root, Postgres runs as another user
});
afterAll(async () => {
  await build.remove();
  await rm(temp, { recursive: true, force: true });
});

interface Run {
  readonly pid: number;
  output(): string;
  readonly exit: Promise<number | null>;
  signal(name: NodeJS.Signals): void;
}

const running: Run[] = [];
afterEach(async () => {
  for (const run of running.splice(0)) {
    run.signal('SIGKILL');
    await run.exit;
  }
});

function runDemo(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}): Run {
  const child = spawn(process.execPath, [build.cli, 'demo', ...args], {
    env: { ...process.env, TMPDIR: temp, ...env },
    cwd: temp,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  const run: Run = { pid: child.pid!, output: () => output, exit, signal: (name) => void child.kill(name) };
  running.push(run);
  return run;
}

const says = (run: Run, what: string | RegExp, within = 60_000) =>
  waitFor(
    () => (typeof what === 'string' ? run.output().includes(what) : what.test(run.output())),
    within,
    `the demo says ${what}`,
  );

/** What `pattern` found in the output, by its group. */
const told = (run: Run, pattern: RegExp) => pattern.exec(run.output())![1]!;
const invited = (run: Run) => says(run, 'Ctrl-C ends it');
const databaseUrl = (run: Run) => told(run, /export DATABASE_URL=(\S+)/);

const leftovers = () => readdirSync(temp);

async function databaseAnswers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url });
  return client.connect().then(
    () => client.end().then(() => true),
    () => false,
  );
}

describe('rebound demo --once', () => {
  it('processes and settles every sample, shows each with its verdict and reason, and ends with 0', async () => {
    const run = runDemo(['--once']);
    expect(await run.exit, run.output()).toBe(0);
    const output = run.output();
    const mails = readSamples();
    for (const { sample } of mails) expect(output, sample.file).toContain(`\n${sample.file} `);
    const row = (name: string) =>
      output
        .split('\n')
        .find((line) => line.startsWith(`${name} `))!
        .split(/ {2,}/);
    expect(row('postfix-user-unknown').slice(1, 8)).toEqual([
      'bounce',
      'anna.berg@riverside.example',
      'permanent',
      'user_unknown',
      'recipient',
      'flagged',
      'dead-address',
    ]);
    expect(row('mailbox-full-for-weeks ×5')).toContain('flagged');
    expect(row('mailbox-full-within-an-hour ×5')).toContain('—');
    expect(row('outlook-com-ip-blocked')).toContain('held');
    expect(row('person-answers')).toContain('other');
    const total = /mails (\d+) {2}bounces (\d+) {2}flagged (\d+) {2}held (\d+) {2}other (\d+) {2}settled (\d+)/.exec(output)!;
    const [all, bounces, flagged, held, other, settled] = total.slice(1).map(Number) as number[];
    expect(all).toBe(mails.length);
    expect(settled! + other!).toBe(all);
    expect(bounces!).toBeGreaterThan(flagged! + held! - 5);
    expect(flagged!).toBeGreaterThan(20);
    expect(held!).toBeGreaterThan(20);
    expect(output).not.toContain('\u001b');
  });

  it('refuses a wrong setting before it starts anything', async () => {
    const wrong = runDemo(['--once'], { SUPPRESSION_PRESET: 'strictest' });
    expect(await wrong.exit).toBe(1);
    expect(wrong.output()).toContain('SUPPRESSION_PRESET must be one of');
    expect(wrong.output()).not.toContain('imap://');
  });
});

describe('rebound demo', () => {
  it('tells what becomes of a mail that is put into the mailbox by the command it prints, and ends cleanly at SIGINT', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rebound-demo-'));
    const run = runDemo();
    try {
      await invited(run);
      const report = readSamples()[0]!
        .raw.toString('latin1')
        .replaceAll('clara.voss@marshland.example', 'new.name@marshland.example');
      await writeFile(join(folder, 'your.eml'), report.replaceAll('5.2.2', '5.1.1').replaceAll('Mailbox full', 'User unknown'));
      const curl = told(run, /^ {2}(curl .*)$/m);
      await promisify(execFile)('sh', ['-c', curl], { cwd: folder });
      await says(
        run,
        /new\.name@marshland\.example: permanent, user_unknown, fault recipient, status 5\.1\.1[\s\S]*flagged by dead-address/,
      );
      await promisify(execFile)('sh', ['-c', curl], { cwd: folder });
      await says(run, 'nothing is counted twice');
      await says(run, /settled 1 mail:[\s\S]*settled 1 mail:/);
      // Whatever it was doing, it ends in time and leaves neither process nor file.
      const url = databaseUrl(run);
      expect(await databaseAnswers(url)).toBe(true);
      const began = performance.now();
      run.signal('SIGINT');
      expect(await run.exit, run.output()).toBe(0);
      expect(performance.now() - began).toBeLessThan(10_000);
      expect(await databaseAnswers(url)).toBe(false);
      expect(leftovers()).toEqual([]);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('ends cleanly when it is interrupted while it starts', async () => {
    const run = runDemo();
    await says(run, 'rebound on sample mails');
    run.signal('SIGTERM');
    expect(await run.exit, run.output()).toBe(0);
    expect(leftovers()).toEqual([]);
  });

  it('runs again after a kill -9, beside another demo; the database of the killed one ends too', async () => {
    const killed = runDemo();
    await invited(killed);
    const url = databaseUrl(killed);
    killed.signal('SIGKILL');
    await killed.exit;
    const beside = runDemo();
    const again = runDemo(['--once'], { SUPPRESSION_PRESET: 'strict' });
    expect(await again.exit, again.output()).toBe(0);
    expect(again.output()).toMatch(/flagged \d+ {2}held 0 /);
    await invited(beside);
    await waitFor(async () => !(await databaseAnswers(url)), 20_000);
    beside.signal('SIGINT');
    expect(await beside.exit, beside.output()).toBe(0);
    await waitFor(() => leftovers().length === 0);
  });

  it('says so and ends with 1 when its database dies', async () => {
    const run = runDemo();
    await invited(run);
    const client = new pg.Client({ connectionString: databaseUrl(run) });
    client.on('error', () => {});
    await client.connect();
    const { rows } = await client.query<{ pid: string }>("SELECT split_part(pg_read_file('postmaster.pid'), chr(10), 1) AS pid");
    process.kill(Number(rows[0]!.pid), 'SIGKILL');
    expect(await run.exit, run.output()).toBe(1);
    expect(run.output()).toContain('The embedded Postgres has ended');
    await client.end().catch(() => {});
  });
});
