import { spawn } from 'node:child_process';
import { afterAll, beforeAll, onTestFinished, vi } from 'vitest';
import { packageRoot } from '../../src/package-root.ts';
import { type Build, buildForRun } from '../support/build.ts';

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  /** The whole environment but for PATH: settings of the machine that runs the tests do not count. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  readonly input?: string | Buffer;
}

// Starting a process takes seconds where all cores are busy, and some tests start several.
vi.setConfig({ testTimeout: 120_000 });

let build: Build | undefined;
// For each test file that imports this.
beforeAll(async () => {
  build = await buildForRun();
});
afterAll(() => build?.remove());

/** Starts the command line, compiled from the working tree, as a person would; it is killed if it outlives its test. */
export function startCli(args: readonly string[], { env = {}, cwd = packageRoot }: Omit<RunOptions, 'input'> = {}) {
  const child = spawn(process.execPath, [build!.cli, ...args], {
    cwd,
    env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', ...env },
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const stdout: Buffer[] = [];
  const stderr: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk));
  const ended = new Promise<Outcome>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) =>
      resolve({ code, stdout: Buffer.concat(stdout).toString('utf8'), stderr: Buffer.concat(stderr).toString('utf8') }),
    );
  });
  return { child, ended };
}

/** Runs it to its end. */
export function runCli(args: readonly string[], { input, ...options }: RunOptions = {}): Promise<Outcome> {
  const { child, ended } = startCli(args, options);
  child.stdin.on('error', () => undefined); // it may end without reading
  child.stdin.end(input ?? '');
  return ended;
}
