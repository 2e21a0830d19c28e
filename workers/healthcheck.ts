import { readConfig } from '../src/config.ts';
import { describeError } from '../src/errors.ts';
import { openProducer } from '../src/queue/producer.ts';
import { openPrisma } from '../src/store/client.ts';
import { databaseError } from '../src/store/faults.ts';
import { secondsSinceSuccess } from '../src/store/mailboxes.ts';

// For a container's health check: `healthcheck work` asks whether queue and database answer, `healthcheck poll` also whether some poller
// has read each mailbox of late. Exit 0 or 1, with the reason in a line. It logs in nowhere: mail providers dislike frequent logins.

/** A round may take so long (seconds) beside the pause between two of them. */
const ROUND_SECONDS = 60;

async function check(part: string | undefined): Promise<string> {
  if (part !== 'poll' && part !== 'work') throw new Error('say what to check: poll or work');
  const config = readConfig(process.env, part === 'poll' ? 'all' : 'database');
  const queue = openProducer(config);
  const prisma = openPrisma(config.databaseUrl, 1);
  try {
    await queue.check();
    await prisma.$queryRaw`SELECT 1`.catch((error) => {
      throw databaseError(error, config.databaseUrl);
    });
    for (const mailbox of config.mailboxes) {
      const age = await secondsSinceSuccess(prisma, mailbox);
      if (age === null) throw new Error(`${mailbox.name} was never read`);
      if (age > 2 * config.pollIntervalSeconds + ROUND_SECONDS)
        throw new Error(`${mailbox.name} was last read ${Math.round(age)} s ago`);
    }
    return `${part}: healthy`;
  } finally {
    await Promise.all([queue.close(), prisma.$disconnect()]);
  }
}

try {
  process.stdout.write(`${await check(process.argv[2])}\n`);
} catch (error) {
  process.stdout.write(`${describeError(error)}\n`);
  process.exitCode = 1;
}
