// npm run bench -- COMMAND [options] [--json]
import type { BenchCommand } from './command.ts';
import { UsageError } from './report.ts';

const commands: Record<string, () => Promise<{ command: BenchCommand }>> = {
  pipeline: () => import('./pipeline.ts'),
  analyze: () => import('./analyze.ts'),
};

async function usage(): Promise<string> {
  const parts = await Promise.all(Object.entries(commands).map(async ([name, load]) => ({ name, ...(await load()).command })));
  return `npm run bench -- COMMAND [options]\n\n${parts.map(({ name, summary, usage: options }) => `${name}: ${summary}\n${options}`).join('\n\n')}\n\nWith every command:\n  --json          print the figures as one JSON object on standard output, the rest on standard error`;
}

const args = process.argv.slice(2);
const json = args.includes('--json');
const [name = '', ...rest] = args.filter((arg) => arg !== '--json');
const load = commands[name];
if (!load || rest.includes('--help')) {
  const help = ['--help', 'help'].includes(name) || rest.includes('--help');
  (help ? process.stdout : process.stderr).write(`${await usage()}\n`);
  process.exit(help ? 0 : 2);
}
try {
  const { command } = await load();
  const result = await command.run(rest, (line) => (json ? process.stderr : process.stdout).write(`${line}\n`));
  if (json) process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  const wrongUse = error instanceof UsageError || String((error as NodeJS.ErrnoException).code).startsWith('ERR_PARSE_ARGS');
  process.exitCode = wrongUse ? 2 : 1;
}
