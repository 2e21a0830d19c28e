// Builds dist/ from src/ and workers/: the Prisma client first, then TypeScript. Run by `npm ci` (prepare) and `npm run build`.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const main = join(root, 'dist', 'src', 'cli', 'main.js');

const tsc = findCompiler();
if (tsc !== null) compile(tsc);
else if (!existsSync(main)) {
  process.stderr.write('typescript is not installed and dist/ is missing. Run `npm ci` without --omit=dev first.\n');
  process.exit(1);
}
linkCommand();

/** The compiler; null after `npm ci --omit=dev`, which is for where dist/ was built before (see Dockerfile). */
function findCompiler() {
  try {
    return join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  } catch {
    return null;
  }
}

function compile(compiler) {
  rmSync(join(root, 'dist'), { recursive: true, force: true });
  for (const args of [[join(root, 'scripts', 'generate.mjs')], [compiler, '-p', 'tsconfig.build.json']]) {
    const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
    if (status !== 0) process.exit(status ?? 1);
  }
  chmodSync(main, 0o755);
}

/**
 * Makes `npx rebound` work in this folder. npm links the commands of dependencies, not those of the project itself; with a `bin` in
 * package.json npx would copy the project into its cache at first, and stay broken if that was interrupted.
 */
function linkCommand() {
  const bin = join(root, 'node_modules', '.bin');
  mkdirSync(bin, { recursive: true });
  rmSync(join(bin, 'rebound'), { force: true });
  if (process.platform === 'win32')
    writeFileSync(join(bin, 'rebound.cmd'), '@node "%~dp0..\\..\\dist\\src\\cli\\main.js" %*\r\n');
  else symlinkSync(relative(bin, main), join(bin, 'rebound'));
}
