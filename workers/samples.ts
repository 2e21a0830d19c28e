import { readConfig } from '../src/config.ts';
import { readSamples } from '../src/demo/samples.ts';
import { imapClient } from '../src/mailbox/imap.ts';

// Puts the demo's sample mails into a configured mailbox that is empty: the demo of docker-compose.yml. It never adds to mail that is there.

const mailbox = readConfig(process.env).mailboxes[0]!;
const client = imapClient(mailbox);
await client.connect();
try {
  const { exists } = await client.mailboxOpen(mailbox.folder);
  const settled = await client.status(mailbox.processedFolder, { messages: true }).catch(() => false as const);
  if (exists > 0 || (settled && (settled.messages ?? 0) > 0)) {
    process.stdout.write(`${mailbox.folder} has mail already, or had some; nothing is added.\n`);
  } else {
    const samples = readSamples();
    for (const { raw, arrivedAt } of samples) await client.append(mailbox.folder, raw, [], arrivedAt);
    process.stdout.write(`${samples.length} sample mails are in ${mailbox.folder}.\n`);
  }
} finally {
  await client.logout();
}
