import type { Command } from 'commander';
import { readConfig } from '../../config.ts';

export function registerPoll(program: Command): void {
  program
    .command('poll')
    .description('the poller alone: mailbox to queue, and settling')
    .addHelpText(
      'after',
      `
Any number may run, on any number of machines: one works on a mailbox, the others stand by and take over within seconds.

Example:
  npx rebound poll & npx rebound work & npx rebound work`,
    )
    .action(async () => {
      const config = readConfig(process.env);
      const { runPoller } = await import('../../../workers/poller.ts');
      await runPoller(config);
    });
}
