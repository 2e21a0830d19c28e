import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { isAlive } from '../../src/embedded/process.ts';
import { waitFor } from './wait-for.ts';

/** A server's program that tests need, and how to get it. */
interface Program {
  /** Environment variable that names the program's path. */
  setting: string;
  /** Debian's package. */
  debian: string;
}

const programs = {
  dovecot: { setting: 'DOVECOT_BIN', debian: 'dovecot-imapd' },
  'redis-server': { setting: 'REDIS_SERVER_BIN', debian: 'redis-server' },
} satisfies Record<string, Program>;

export type ProgramName = keyof typeof programs;

/**
 * The path of a server's program: as set in the environment, else on PATH or in the usual folders for servers, else (as root
 * on Debian or Ubuntu) installed with apt-get. Throws with one line that says what to install.
 */
export async function findOrInstall(name: ProgramName): Promise<string> {
  const { setting, debian } = programs[name];
  const set = process.env[setting];
  if (set) {
    if (isProgram(set)) return set;
    throw new Error(`${setting}=${set} is not a program. Name the path of ${name}, or unset it.`);
  }
  const found = find(name);
  if (found) return found;
  const advice = `The tests need ${name}: install it (Debian and Ubuntu: apt-get install ${debian}; macOS: brew install ${name.replace('-server', '')}) or set ${setting} to its path.`;
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version') || !existsSync('/usr/bin/apt-get')) throw new Error(advice);
  const failure = await oneAtATime(() => (find(name) ? null : install(Object.values(programs).map((program) => program.debian))));
  const installed = find(name);
  if (installed) return installed;
  throw new Error(`${advice} (apt-get failed: ${failure ?? 'the program is still missing'})`);
}

// A normal user's PATH often lacks the sbin folders, where Debian puts Dovecot.
function find(name: string): string | null {
  const folders = [
    ...(process.env['PATH'] ?? '').split(delimiter),
    '/usr/sbin',
    '/usr/local/sbin',
    '/usr/bin',
    '/usr/local/bin',
    '/opt/homebrew/bin',
  ];
  return folders.map((folder) => join(folder, name)).find(isProgram) ?? null;
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function install(packages: string[]): string | null {
  process.stderr.write(`Installing ${packages.join(' and ')} for the tests with apt-get …\n`);
  // RUNLEVEL=1 keeps the packages' scripts from starting the system-wide services; the tests start servers of their own.
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
  let failure: string | null = null;
  for (const args of [['update'], ['install', '-y', '--no-install-recommends', ...packages]]) {
    const { status, stderr, error } = spawnSync('apt-get', ['-q', ...args], { env, encoding: 'utf8', timeout: 300_000 });
    failure = status === 0 ? null : (error?.message ?? (stderr.trim().split('\n').at(-1) || `exit ${status}`));
  }
  return failure;
}

/** Test files run in several processes; the package manager takes one caller at a time. */
async function oneAtATime<T>(work: () => T): Promise<T> {
  const lock = join(tmpdir(), `rebound-test-install-${process.getuid?.() ?? 0}`);
  const holder = join(lock, 'pid');
  await waitFor(
    () => {
      try {
        mkdirSync(lock);
        writeFileSync(holder, String(process.pid));
        return true;
      } catch {
        const pid = existsSync(holder) ? Number(readFileSync(holder, 'utf8')) : Number.NaN;
        if (pid > 0 && !isAlive(pid)) rmSync(lock, { recursive: true, force: true });
        return false;
      }
    },
    600_000,
    'the turn to install packages',
  );
  try {
    return work();
  } finally {
    rmSync(lock, { recursive: true, force: true });
  }
}
