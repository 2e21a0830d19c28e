import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../src/package-root.ts';

/** Where mails come from when none are named: our own fixtures and samples. */
const own = ['test/fixtures', 'src/demo/samples'];

/**
 * `count` mails made of the files below `from` (default: the project's fixtures and samples), over and over in the same order;
 * each gets a header with its number, so that no two are the same, and recipients of its own, as the reports about a mailing have:
 * decisions about one recipient wait for one another, and a few hundred addresses in all would measure that alone.
 */
export async function benchMails(count: number, from: string | undefined): Promise<Buffer[]> {
  const folders = from === undefined ? own.map((folder) => join(packageRoot, folder)) : [from];
  const files = (await Promise.all(folders.map(mailFiles))).flat().sort();
  if (files.length === 0) throw new Error(`There are no mails below ${folders.join(' or ')}.`);
  const shapes = await Promise.all(files.map((file) => readFile(file)));
  return Array.from({ length: count }, (_, n) =>
    Buffer.concat([Buffer.from(`X-Bench-Number: ${n}\r\n`), withOwnAddresses(withoutEnvelope(shapes[n % shapes.length]!), n)]),
  );
}

// The line "From …" of an mbox is not part of the mail, and no header may come before it.
function withoutEnvelope(mail: Buffer): Buffer {
  return mail.subarray(0, 5).toString('latin1') === 'From ' ? mail.subarray(mail.indexOf(0x0a) + 1) : mail;
}

/** Addresses that stand there plainly get the number of the mail; those of servers stay, for readers know reports by them. */
function withOwnAddresses(mail: Buffer, number: number): Buffer {
  const text = mail.toString('latin1');
  const numbered = text.replace(
    /\b(?!mailer-daemon|postmaster|bounce|no-?reply|microsoftexchange)([a-z][\w.+-]{0,40})@([a-z0-9-]+\.)/gi,
    `$1.${number}@$2`,
  );
  return Buffer.from(numbered, 'latin1');
}

async function mailFiles(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true }).catch(() => []);
  return entries
    .filter((entry) => entry.isFile() && !/\.(json|md|ts)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));
}
