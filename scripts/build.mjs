// Builds dist/ from src/ and workers/: the Prisma client first, then TypeScript. Run by `npm ci` (prepare) and `npm run build`.
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
process.chdir(root);
const require = createRequire(import.meta.url);

let tsc;
try {
  tsc = join(dirname(require.resolve('typescript/package.json')), 'bin', 'tsc');
} catch {
  // `npm ci --omit=dev` has no compiler; it is used where dist/ was built before (see Dockerfile).
  if (existsSync(join(root, 'dist', 'src', 'cli', 'main.js'))) process.exit(0);
  process.stderr.write('typescript is not installed and dist/ is missing. Run `npm ci` without --omit=dev first.\n');
  process.exit(1);
}

rmSync(join(root, 'dist'), { recursive: true, force: true });
for (const args of [[join(root, 'scripts', 'generate.mjs')], [tsc, '-p', 'tsconfig.build.json']]) {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
chmodSync(join(root, 'dist', 'src', 'cli', 'main.js'), 0o755);
