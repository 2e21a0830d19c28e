import { type Command, InvalidArgumentError } from 'commander';
import { readConfig } from '../../config.ts';
import { presets } from '../../suppression/presets.ts';
import { count } from '../output.ts';
import { cleanText } from '../terminal-text.ts';

export function registerRetry(program: Command): void {
  program
    .command('retry')
    .description('run failed mails again from their stored bytes')
    .option('--id <number...>', 'only these messages (as listed by `rebound doctor`)', collectId)
    .addHelpText(
      'after',
      `
A mail is failed when it could not be read or stored in any try; its bytes are kept. After an update of rebound, run them again.

Examples:
  npx rebound retry
  npx rebound retry --id 4711`,
    )
    .action(async ({ id }: { id?: bigint[] }) => {
      const config = readConfig(process.env, 'database');
      const { openStore } = await import('../../store/index.ts');
      const { retryFailed } = await import('../../pipeline/retry.ts');
      const store = await openStore(config.databaseUrl, {
        rules: presets[config.suppressionPreset],
        keepRaw: config.rawRetentionDays > 0,
        connections: 2,
      });
      const analyzeOptions = { senderDomains: config.senderDomains, returnPathKeys: config.returnPathKeys };
      let mended = 0;
      let failed = 0;
      try {
        for await (const mail of retryFailed(store, analyzeOptions, id)) {
          const now =
            'report' in mail.after
              ? `${mail.after.report.kind}, ${count(mail.after.report.events.length, 'recipient')}`
              : mail.after.error;
          if ('report' in mail.after) mended++;
          else failed++;
          process.stdout.write(`${mail.id}: ${cleanText(mail.before)} → ${cleanText(now)}\n`);
        }
      } finally {
        await store.close();
      }
      const none = id === undefined ? 'No mail has failed.' : 'None of these is a failed mail.';
      process.stdout.write(mended + failed === 0 ? `${none}\n` : `${mended} mended, ${failed} still failed.\n`);
      if (failed > 0) process.exitCode = 1;
    });
}

function collectId(value: string, previous: bigint[] = []): bigint[] {
  if (!/^\d{1,18}$/.test(value)) throw new InvalidArgumentError('It must be the number of a message.');
  return [...previous, BigInt(value)];
}
