import type { Command } from 'commander';
import { readConfig } from '../../config.ts';

export function registerWork(program: Command): void {
  program
    .command('work')
    .description('the worker alone: queue to database')
    .addHelpText(
      'after',
      `
Any number may run, on any number of machines; one a processor core is a good start. It needs no IMAP settings.

Example:
  WORKER_CONCURRENCY=8 npx rebound work`,
    )
    .action(async () => {
      const config = readConfig(process.env, 'database');
      const { runProcessor } = await import('../../../workers/processor.ts');
      await runProcessor(config);
    });
}
