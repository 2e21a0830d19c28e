import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, stat, unlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Account, canReach } from './account.ts';
import { argumentsOf, endProcess, identityOf } from './process.ts';

const prefix = 'rebound-postgres-';
const hour = 3_600_000;

/** A directory of ours: `data` is the cluster, `owner.json` says which process uses it. */
export interface Home {
  path: string;
  data: string;
}

/** Makes a fresh home below the system's temporary directory, where the account can reach it. */
export async function temporaryHome(account: Account | null): Promise<Home> {
  for (const base of [tmpdir(), '/tmp']) {
    if (!existsSync(base)) continue;
    const real = await realpath(base);
    if (account && !canReach(account, real)) continue;
    const path = await mkdtemp(join(real, prefix));
    await chmod(path, 0o711);
    await own(path);
    return { path, data: join(path, 'data') };
  }
  throw new Error(
    `The account that Postgres runs as cannot reach ${tmpdir()}. Set TMPDIR to a directory that all users may enter.`,
  );
}

/** Takes an existing or new directory as home. Throws when a living process uses it. */
export async function lastingHome(path: string, account: Account | null): Promise<Home> {
  await mkdir(path, { recursive: true, mode: 0o711 });
  const real = await realpath(path);
  if (account) {
    await chmod(real, (await stat(real)).mode | 0o011);
    if (!canReach(account, real)) {
      throw new Error(
        `As root, Postgres runs as another user, who cannot enter ${real}. Choose a data directory outside private homes.`,
      );
    }
  }
  const owner = await ownerOf(real);
  if (owner && owner.pid !== process.pid && owner.identity === identityOf(owner.pid)) {
    throw new Error(
      `The data directory ${real} is used by process ${owner.pid}. End that process first, or choose another directory.`,
    );
  }
  await own(real);
  return { path: real, data: join(real, 'data') };
}

/** Gives up a home that stays. */
export async function disown(home: Home): Promise<void> {
  await rm(join(home.path, 'owner.json'), { force: true });
}

/** Stops a server that an earlier process left running on this home, and removes the lock it left. */
export async function stopStaleServer(home: Home): Promise<void> {
  const lock = join(home.data, 'postmaster.pid');
  const text = await readFile(lock, 'utf8').catch(() => null);
  if (text === null) return;
  const pid = Number.parseInt(text, 10);
  // The id may belong to some other program by now; only a server with our data directory among its arguments is ours.
  if (pid > 0 && argumentsOf(pid).includes(home.data)) {
    await endProcess(pid, [
      ['SIGINT', 10_000],
      ['SIGQUIT', 5_000],
    ]);
  }
  await unlink(lock).catch(() => undefined);
}

/**
 * Removes the temporary homes of processes that died without cleaning up, and stops their servers. A home is removed only if
 * it belongs to our own user and the process named in it is gone.
 */
export async function removeLeftovers(): Promise<void> {
  for (const base of new Set([tmpdir(), '/tmp'])) {
    for (const name of await readdir(base).catch(() => [])) {
      if (!name.startsWith(prefix)) continue;
      try {
        const path = await realpath(join(base, name));
        const { uid, mtimeMs } = await stat(path);
        if (process.getuid && uid !== process.getuid()) continue;
        const owner = await ownerOf(path);
        // Without a readable owner it may be one that is just being made; an hour later it is not.
        if (owner ? owner.identity === identityOf(owner.pid) : Date.now() - mtimeMs < hour) continue;
        await stopStaleServer({ path, data: join(path, 'data') });
        await rm(path, { recursive: true, force: true, maxRetries: 3 });
      } catch {
        // Another process may be cleaning up the same leftover; what cannot be removed does no harm.
      }
    }
  }
}

async function own(path: string): Promise<void> {
  await writeFile(join(path, 'owner.json'), JSON.stringify({ pid: process.pid, identity: identityOf(process.pid) }), {
    mode: 0o600,
  });
}

async function ownerOf(path: string): Promise<{ pid: number; identity: string | null } | null> {
  try {
    return JSON.parse(await readFile(join(path, 'owner.json'), 'utf8'));
  } catch {
    return null;
  }
}
