import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname } from 'node:path';

/** User and group a server runs as. */
export interface Account {
  uid: number;
  gid: number;
}

/**
 * Postgres refuses to run as root. As root this is the account to run it as: `postgres` where the system has one, else
 * `nobody`, which every Unix has; so nothing is added to the system. Null when not root: run as who we are.
 */
export function serverAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = ['-u', '-g'].map((flag) => {
      const { status, stdout } = spawnSync('id', [flag, name], { encoding: 'utf8' });
      return status === 0 ? Number.parseInt(stdout, 10) : Number.NaN;
    });
    if (Number.isInteger(uid) && Number.isInteger(gid)) return { uid: uid!, gid: gid! };
  }
  return null;
}

/** Whether the account can pass through every directory from the root to `path`, and through `path` itself. */
export function canReach(account: Account, path: string): boolean {
  for (let at = path; ; at = dirname(at)) {
    const { mode, uid, gid } = statSync(at);
    const bit = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
    if ((mode & bit) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
