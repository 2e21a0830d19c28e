import { type Command, InvalidArgumentError, Option } from 'commander';
import { CATEGORIES } from '../../bounce/vocabulary.ts';
import type { SuppressionFilter, SuppressionRow } from '../../store/suppression-list.ts';
import { SUPPRESSION_STATES } from '../../suppression/decide.ts';
import { csvLine } from '../csv.ts';
import { shortTime, withDatabase } from '../database.ts';
import { jsonText, write } from '../output.ts';
import { formatTable } from '../table.ts';

const COLUMNS = [
  'recipient',
  'state',
  'category',
  'fault',
  'status',
  'provider',
  'rule',
  'reason',
  'bounces',
  'flagged_at',
  'last_bounce_at',
  'expires_at',
] as const;
/** Rows of the table that are laid out together. */
const ROWS = 500;

interface Options {
  state?: string;
  category?: string;
  provider?: string;
  since?: Date;
  limit?: number;
  format: 'table' | 'csv' | 'jsonl';
}

export function registerList(program: Command): void {
  program
    .command('list')
    .description('suppressions: which recipients must go, and why')
    .addOption(new Option('--state <state>', 'only this state').choices([...SUPPRESSION_STATES]))
    .addOption(new Option('--category <category>', 'only this cause').choices([...CATEGORIES]))
    .option('--provider <name>', 'only recipients at this provider (google, microsoft, …)')
    .option('--since <time>', 'changed since: 2026-03-01, 2026-03-01T12:00Z, or 36h, 7d', parseSince)
    .option('--limit <number>', 'at most so many', parseLimit)
    .addOption(new Option('--format <format>', 'how to print').choices(['table', 'csv', 'jsonl']).default('table'))
    .addOption(new Option('--json', 'the same as --format jsonl').implies({ format: 'jsonl' }))
    .addHelpText(
      'after',
      `
Examples:
  npx rebound list --state flagged
  npx rebound list --state held --provider microsoft --since 7d
  npx rebound list --state flagged --format csv > remove.csv`,
    )
    .action(async ({ format, limit, ...filter }: Options) => {
      const { listSuppressions } = await import('../../store/suppression-list.ts');
      await withDatabase((prisma) => print(listSuppressions(prisma, filter as SuppressionFilter, limit), format));
    });
}

async function print(rows: AsyncIterable<SuppressionRow>, format: Options['format']): Promise<void> {
  if (format === 'csv') await write(csvLine([...COLUMNS]));
  let page: SuppressionRow[] = [];
  let count = 0;
  for await (const row of rows) {
    count++;
    if (format === 'jsonl') await write(`${jsonText(row)}\n`);
    else if (format === 'csv') await write(csvLine(COLUMNS.map((column) => toCell(row[column]))));
    else {
      page.push(row);
      if (page.length >= ROWS) {
        await write(`${table(page)}\n`);
        page = [];
      }
    }
  }
  if (page.length > 0) await write(`${table(page)}\n`);
  if (format === 'table')
    await write(count === 0 ? 'No recipient fits.\n' : `\n${count} ${count === 1 ? 'recipient' : 'recipients'}\n`);
}

function table(rows: readonly SuppressionRow[]): string {
  return formatTable(
    [
      { title: 'recipient', narrow: 'cut', min: 24 },
      { title: 'state' },
      { title: 'category' },
      { title: 'fault' },
      { title: 'status' },
      { title: 'provider' },
      { title: 'bounces', align: 'right' },
      { title: 'since' },
      { title: 'why', narrow: 'wrap', min: 24 },
    ],
    rows.map((row) => [
      row.recipient,
      row.state,
      row.category,
      row.fault,
      row.status,
      row.provider,
      row.bounces,
      shortTime(row.flagged_at),
      row.reason,
    ]),
  );
}

const toCell = (value: string | number | Date | null): string | number | null =>
  value instanceof Date ? value.toISOString() : value;

function parseSince(value: string): Date {
  const span = /^(\d{1,5})([hd])$/.exec(value);
  const time =
    span === null ? new Date(value) : new Date(Date.now() - Number(span[1]) * (span[2] === 'h' ? 3_600_000 : 86_400_000));
  if (Number.isNaN(time.getTime()))
    throw new InvalidArgumentError('It must be a date like 2026-03-01, a time like 2026-03-01T12:00Z, or a span like 36h or 7d.');
  return time;
}

function parseLimit(value: string): number {
  if (!/^[1-9]\d{0,8}$/.test(value)) throw new InvalidArgumentError('It must be a whole number above 0.');
  return Number(value);
}
