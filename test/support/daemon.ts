import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { chmod, mkdtemp, readFile, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Guardian, guard } from '../../src/embedded/guardian.ts';
import { freePort } from '../../src/embedded/port.ts';
import { waitFor } from './wait-for.ts';

/** How to run a server in the foreground. */
export interface DaemonPlan {
  name: string;
  /** Number of ports it listens on. */
  ports: number;
  /** Writes what the server needs into its directory and says what to run; called before every start. */
  command(dir: string, ports: number[]): Promise<{ program: string; args: string[]; env?: NodeJS.ProcessEnv }>;
  /** Whether it serves by now. */
  ready(ports: number[]): Promise<boolean>;
  /** What its log says when a port is taken. */
  portTaken: RegExp;
}

/** A real server in a directory and a process group of its own. It ends with this Node process, however that ends. */
export interface Daemon {
  readonly dir: string;
  readonly ports: number[];
  /** Process id; also the id of the group. */
  readonly pid: number;
  readonly running: boolean;
  log(): Promise<string>;
  /** kill -9 to the server and all its children; resolves when it is gone. */
  kill9(): Promise<void>;
  /** Starts again on the same ports and data; kills first if it runs. */
  restart(): Promise<void>;
  /** Stops it and removes its directory. May be called more than once. */
  stop(): Promise<void>;
}

export async function startDaemon(plan: DaemonPlan): Promise<Daemon> {
  const dir = await mkdtemp(join(await realpath(tmpdir()), `rebound-test-${plan.name}-`));
  await chmod(dir, 0o755);
  const logFile = join(dir, 'server.log');
  let ports: number[] = [];
  let child: ChildProcess | undefined;
  let gone: Promise<void> = Promise.resolve();
  let guardian: Guardian | undefined;
  let stopping: Promise<void> | undefined;

  const running = () => child !== undefined && child.exitCode === null && child.signalCode === null;
  const log = () => readFile(logFile, 'utf8').catch(() => '');

  async function launch(): Promise<void> {
    const { program, args, env } = await plan.command(dir, ports);
    const started = spawn(program, args, {
      cwd: dir,
      env: env ?? process.env,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    child = started;
    const sink = createWriteStream(logFile, { flags: 'a' });
    sink.on('error', () => undefined);
    started.stdout.pipe(sink, { end: false });
    started.stderr.pipe(sink, { end: false });
    gone = new Promise((resolve) => {
      started.once('error', () => resolve());
      started.once('close', () => {
        sink.end();
        resolve();
      });
    });
    if (started.pid === undefined) throw new Error(`${program} could not be started.`);
    const watch = guard(started.pid, { signal: 'TERM', group: true, remove: dir });
    guardian = watch;
    started.once('exit', () => watch.standDown());
    await waitFor(
      async () => !running() || (await plan.ready(ports)),
      30_000,
      `${plan.name} answers on port ${ports.join(', ')}`,
    );
    if (!running()) throw new Error(`${plan.name} ended at start. Its log:\n${(await log()).slice(-2000)}`);
  }

  async function kill9(): Promise<void> {
    if (!child?.pid || !running()) return;
    process.kill(-child.pid, 'SIGKILL');
    await gone;
  }

  async function stop(): Promise<void> {
    // Its data goes as well, so there is nothing to end gently.
    await kill9();
    guardian?.standDown();
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  }

  for (let tries = 1; ; tries++) {
    ports = await Promise.all(Array.from({ length: plan.ports }, freePort));
    try {
      await launch();
      break;
    } catch (error) {
      if (tries < 5 && plan.portTaken.test(await log())) {
        await rm(logFile, { force: true });
        continue;
      }
      await kill9();
      await stop();
      throw error;
    }
  }

  return {
    dir,
    ports,
    get pid() {
      return child!.pid!;
    },
    get running() {
      return running();
    },
    log,
    kill9,
    async restart() {
      await kill9();
      await launch();
    },
    stop() {
      stopping ??= stop();
      return stopping;
    },
  };
}
