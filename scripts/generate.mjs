// Generates the Prisma client without any download.
//
// `prisma generate` looks for the schema engine although it does not need it. Where the engine is not there (no network,
// install scripts switched off) any existing file satisfies the look-up; where it is, it is left in place.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const require = createRequire(import.meta.url);
const prisma = join(dirname(require.resolve('prisma/package.json')), 'build', 'index.js');
const engines = dirname(createRequire(prisma).resolve('@prisma/engines/package.json'));
const hasEngine = existsSync(engines) && readdirSync(engines).some((name) => name.startsWith('schema-engine-'));

const env = { ...process.env, PRISMA_HIDE_UPDATE_MESSAGE: '1' };
if (!hasEngine && !env.PRISMA_SCHEMA_ENGINE_BINARY) env.PRISMA_SCHEMA_ENGINE_BINARY = prisma;

const run = spawnSync(process.execPath, [prisma, 'generate', '--no-hints'], { env, encoding: 'utf8' });
if (run.status !== 0) {
  process.stderr.write(`${run.stdout}${run.stderr}prisma generate failed.\n`);
  process.exit(run.status ?? 1);
}
