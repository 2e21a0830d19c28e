import type { Command } from 'commander';

export function registerDemo(program: Command): void {
  program
    .command('demo')
    .description('the whole pipeline on sample mails, with nothing else installed')
    .option('--once', 'end when the sample mails are settled, instead of waiting for more')
    .addHelpText(
      'after',
      `
Postgres is an embedded one with a fresh directory, the queue lives in it, and the mailbox is served over IMAP on this
machine alone. All of it is removed at the end. Of the settings only SUPPRESSION_PRESET, LOG_LEVEL and LOG_FORMAT count.

Examples:
  npx rebound demo
  npx rebound demo --once
  SUPPRESSION_PRESET=strict npx rebound demo --once`,
    )
    .action(async ({ once = false }: { once?: boolean }) => {
      const { runDemo } = await import('../../../workers/demo.ts');
      await runDemo(process.env, { once });
    });
}
