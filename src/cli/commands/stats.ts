import type { Command } from 'commander';
import type { Numbers, Stats } from '../../store/stats.ts';
import { withDatabase } from '../database.ts';
import { jsonText } from '../output.ts';
import { formatTable } from '../table.ts';

const LABELS: Readonly<Record<keyof Numbers, string>> = {
  mails: 'mails received',
  bounces: 'failed recipients',
  permanent: '  permanent',
  temporary: '  temporary',
  undetermined: '  undetermined',
  delays: 'delay warnings',
  complaints: 'complaints',
  flagged: 'recipients flagged',
  held: 'recipients held',
};

export function registerStats(program: Command): void {
  program
    .command('stats')
    .description('numbers of the last day and week')
    .option('--json', 'as JSON')
    .addHelpText('after', '\nExample:\n  npx rebound stats')
    .action(async ({ json = false }: { json?: boolean }) => {
      const { readStats } = await import('../../store/stats.ts');
      const stats = await withDatabase(readStats);
      process.stdout.write(`${json ? jsonText(stats, 2) : tell(stats)}\n`);
    });
}

function tell({ day, week, providers, categories, states }: Stats): string {
  const right = { align: 'right' } as const;
  const tables = [
    formatTable(
      [{ title: '' }, { title: '24 hours', ...right }, { title: '7 days', ...right }],
      (Object.keys(LABELS) as (keyof Numbers)[]).map((name) => [LABELS[name].replaceAll('  ', '· '), day[name], week[name]]),
    ),
  ];
  if (providers.length > 0) {
    tables.push(
      formatTable(
        [
          { title: 'provider (7 days)' },
          { title: 'bounces', ...right },
          { title: 'permanent', ...right },
          { title: 'temporary', ...right },
        ],
        providers.map((row) => [row.provider, row.bounces, row.permanent, row.temporary]),
      ),
      formatTable(
        [{ title: 'cause (7 days)' }, { title: 'fault' }, { title: 'bounces', ...right }],
        categories.map((row) => [row.category, row.fault, row.bounces]),
      ),
    );
  }
  tables.push(
    states.length === 0
      ? 'No recipient was ever flagged.'
      : formatTable(
          [{ title: 'state now' }, { title: 'recipients', ...right }],
          states.map((row) => [row.state, row.recipients]),
        ),
  );
  return tables.join('\n\n');
}
