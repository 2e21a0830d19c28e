import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../src/package-root.ts';

/** Where mails come from when none are named: our own fixtures and samples. */
const own = ['test/fixtures', 'src/demo/samples'];

/**
 * `count` mails made of the files below `from` (default: the project's fixtures and samples), over and over in the same order;
 * each gets a header with its number, so that no two are the same.
 */
export async function benchMails(count: number, from: string | undefined): Promise<Buffer[]> {
  const folders = from === undefined ? own.map((folder) => join(packageRoot, folder)) : [from];
  const files = (await Promise.all(folders.map(mailFiles))).flat().sort();
  if (files.length === 0) throw new Error(`There are no mails below ${folders.join(' or ')}.`);
  const shapes = await Promise.all(files.map((file) => readFile(file)));
  return Array.from({ length: count }, (_, n) =>
    Buffer.concat([Buffer.from(`X-Bench-Number: ${n}\r\n`), withoutEnvelope(shapes[n % shapes.length]!)]),
  );
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
