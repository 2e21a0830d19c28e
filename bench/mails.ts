import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { analyze } from '../src/bounce/index.ts';
import { parseMail } from '../src/mime/index.ts';
import { packageRoot } from '../src/package-root.ts';

/** Where mails come from when none are named: our own fixtures and samples. */
const own = ['test/fixtures', 'src/demo/samples'];

/**
 * `count` mails made of the files below `from` (default: the project's fixtures and samples), over and over in the same order.
 * Each gets a header with its number, so that no two are the same, and each time round other recipients: a recipient whose
 * bounces go into the thousands costs the database more than any real one.
 */
export async function benchMails(count: number, from: string | undefined): Promise<Buffer[]> {
  const folders = from === undefined ? own.map((folder) => join(packageRoot, folder)) : [from];
  const files = (await Promise.all(folders.map(mailFiles))).flat().sort();
  if (files.length === 0) throw new Error(`There are no mails below ${folders.join(' or ')}.`);
  const shapes = await Promise.all(files.map(async (file) => shapeOf(withoutEnvelope(await readFile(file)))));
  return Array.from({ length: count }, (_, n) => {
    const mail = shapes[n % shapes.length]!(Math.floor(n / shapes.length));
    return Buffer.concat([Buffer.from(`X-Bench-Number: ${n}\r\n`), mail]);
  });
}

/** Makes copies of a mail with other recipients: `user@example.com` becomes `user.7@example.com` the seventh time round. */
function shapeOf(mail: Buffer): (turn: number) => Buffer {
  const recipients = recipientsOf(mail);
  const text = mail.toString('latin1');
  const copy = (turn: number) => {
    if (turn === 0) return mail;
    let changed = text;
    for (const recipient of recipients) {
      const [local, domain] = [recipient.slice(0, recipient.lastIndexOf('@')), recipient.slice(recipient.lastIndexOf('@') + 1)];
      // As an address, and as a return path may carry it.
      for (const sign of ['@', '=']) changed = changed.replaceAll(`${local}${sign}${domain}`, `${local}.${turn}${sign}${domain}`);
    }
    return Buffer.from(changed, 'latin1');
  };
  // Where an address is encoded, or stands in the mail in several ways, the mail stays as it is.
  const expected = recipients.map((recipient) => recipient.replace(/@(?=[^@]*$)/, '.1@'));
  const varied = recipientsOf(copy(1)).join() === expected.join();
  return varied ? copy : () => mail;
}

function recipientsOf(mail: Buffer): string[] {
  return analyze(parseMail(mail), {}).events.map(({ recipient }) => recipient);
}

// The line "From …" of an mbox is not part of the mail, and no header may come before it.
function withoutEnvelope(mail: Buffer): Buffer {
  return mail.subarray(0, 5).toString('latin1') === 'From ' ? mail.subarray(mail.indexOf(0x0a) + 1) : mail;
}

async function mailFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && !/\.(json|md|ts)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}
