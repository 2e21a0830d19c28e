import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../src/package-root.ts';

/** The project compiled for one run. */
export interface Build {
  /** Path of the command line's entry, to be run with node. */
  cli: string;
  /** Path of another compiled file, named by its source below the project's folder. */
  path(source: string): string;
  /** Removes it. */
  remove(): Promise<void>;
}

/**
 * Compiles src/, workers/ and `extra` files into a folder of this run's own. Child processes then run what is in the working
 * tree, without the start-up time of a compiler in each, and dist/ may be old or missing. The folder lies below node_modules,
 * from where the packages are found.
 */
export async function buildForRun(extra: readonly string[] = []): Promise<Build> {
  const cache = join(packageRoot, 'node_modules', '.cache');
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, 'rebound-build-'));
  const project = join(folder, 'tsconfig.json');
  await writeFile(
    project,
    JSON.stringify({
      extends: join(packageRoot, 'tsconfig.build.json'),
      compilerOptions: {
        rootDir: packageRoot,
        outDir: folder,
        declaration: false,
        typeRoots: [join(packageRoot, 'node_modules', '@types')],
      },
      include: ['src', 'workers', ...extra].map((path) => join(packageRoot, path)),
    }),
  );
  const tsc = join(packageRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  const { status, stdout } = spawnSync(process.execPath, [tsc, '-p', project], { cwd: packageRoot, encoding: 'utf8' });
  const path = (source: string) => join(folder, source.replace(/\.ts$/, '.js'));
  const missing = ['src/cli/main.ts', ...extra].filter((source) => !existsSync(path(source)));
  if (missing.length > 0) {
    await rm(folder, { recursive: true, force: true });
    throw new Error(`The project does not compile, so it cannot be run:\n${stdout}`);
  }
  if (status !== 0) process.stderr.write(`The project has type errors; it is run all the same:\n${stdout}`);
  return { cli: path('src/cli/main.ts'), path, remove: () => rm(folder, { recursive: true, force: true }) };
}
