import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../src/package-root.ts';

/** The project compiled for one run. */
export interface Build {
  /** Path of the command line's entry, to be run with node. */
  cli: string;
  /** Removes it. */
  remove(): Promise<void>;
}

/**
 * Compiles src/ and workers/ into a folder of this run's own. Child processes then run what is in the working tree, without
 * the start-up time of a compiler in each, and dist/ may be old or missing. The folder lies below node_modules, from where
 * the packages are found.
 */
export async function buildForRun(): Promise<Build> {
  const cache = join(packageRoot, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'rebound-build-'));
  const tsc = join(packageRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', join(packageRoot, 'tsconfig.build.json'), '--outDir', folder], {
    cwd: packageRoot,
    encoding: 'utf8',
  });
  const cli = join(folder, 'src', 'cli', 'main.js');
  if (!existsSync(cli)) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(`The project does not compile, so it cannot be run:\n${stdout}`);
  }
  return { cli, remove: () => rm(folder, { recursive: true, force: true }) };
}
