import type { Command } from 'commander';
import { readConfig } from '../../config.ts';

export function registerStart(program: Command): void {
  program
    .command('start')
    .description('poller and worker in one process')
    .option('--drain', 'end when every mail now in the mailbox is dealt with and the queue is empty (for cron)')
    .addHelpText(
      'after',
      `
Settings come from the environment or .env; .env.example explains each. The database schema is brought up to date first.
SIGTERM or Ctrl-C ends it cleanly within 10 seconds; whatever is unfinished is still in the mailbox.

Examples:
  npx rebound start
  */10 * * * *  cd /srv/rebound && npx rebound start --drain`,
    )
    .action(async ({ drain = false }: { drain?: boolean }) => {
      const config = readConfig(process.env);
      const { runStart } = await import('../../../workers/start.ts');
      await runStart(config, { drain });
    });
}
