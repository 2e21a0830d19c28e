import { createReadStream } from 'node:fs';
import { open, readdir, stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ReboundError } from '../errors.ts';
import { MAX_MAIL_BYTES } from '../limits.ts';

export interface MailFile {
  /** The path as given, with what lies below it; `path#n` for the n-th mail of an mbox. */
  readonly name: string;
  /** At most the first MAX_MAIL_BYTES. */
  readonly raw: Buffer;
}

export class UnreadablePathError extends ReboundError {
  readonly code = 'UNREADABLE_PATH';
  readonly retry = 'never';
}

/** Told of each path that cannot be read; the others are read all the same. */
type OnUnreadable = (error: UnreadablePathError) => void;

/**
 * The mails of a path: a file (one mail, or an mbox if it begins with `From ` and is not named .eml), a folder (its `.eml`, `.mbox` and `.mbx` files, and
 * those below it, in order of name), a Maildir (every file in `cur` and `new`), or `-` for standard input. One mail at a time is in
 * memory, at most its first MAX_MAIL_BYTES.
 */
export async function* readMails(path: string, onUnreadable: OnUnreadable): AsyncGenerator<MailFile> {
  if (path === '-') {
    yield* readStream('-', process.stdin);
    return;
  }
  try {
    if ((await stat(path)).isDirectory()) yield* readFolder(path, onUnreadable);
    else yield* readFile(path);
  } catch (error) {
    onUnreadable(unreadable(path, error));
  }
}

function unreadable(path: string, error: unknown): UnreadablePathError {
  const { code } = error as NodeJS.ErrnoException;
  const why =
    code === 'ENOENT'
      ? 'there is no such file or folder'
      : code === 'EACCES'
        ? 'this user may not read it'
        : (error as Error).message;
  return new UnreadablePathError(`${path} cannot be read: ${why}.`, { cause: error });
}

async function* readFolder(folder: string, onUnreadable: OnUnreadable): AsyncGenerator<MailFile> {
  const entries = await readdir(folder, { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const isMaildir = ['cur', 'new'].every((name) => entries.some((entry) => entry.isDirectory() && entry.name === name));
  const holdsMails = ['cur', 'new'].includes(basename(folder));
  for (const entry of entries) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (isMaildir && entry.name === 'tmp') continue; // half-delivered
    } else if (holdsMails ? entry.name.startsWith('.') : !/\.(?:eml|mbox|mbx)$/i.test(entry.name)) continue;
    try {
      if (entry.isDirectory()) yield* readFolder(path, onUnreadable);
      // A link to a file is read, one to a folder is not: it may lead round in a circle.
      else if (entry.isFile() || (await stat(path)).isFile()) yield* readFile(path);
    } catch (error) {
      onUnreadable(unreadable(path, error));
    }
  }
}

async function* readFile(path: string): AsyncGenerator<MailFile> {
  const file = await open(path);
  try {
    const head = Buffer.alloc(5);
    const { bytesRead } = await file.read(head, 0, 5, 0);
    // A file named .eml is one mail, even with the line of an mbox in front.
    if (head.subarray(0, bytesRead).toString('latin1') === 'From ' && !/\.eml$/i.test(path)) {
      yield* splitMbox(path, createReadStream(path));
      return;
    }
    const { size } = await file.stat();
    const raw = Buffer.alloc(Math.min(size, MAX_MAIL_BYTES));
    let length = 0;
    while (length < raw.length) {
      const read = await file.read(raw, length, raw.length - length, length);
      if (read.bytesRead === 0) break;
      length += read.bytesRead;
    }
    yield { name: path, raw: raw.subarray(0, length) };
  } finally {
    await file.close();
  }
}

async function* readStream(name: string, stream: NodeJS.ReadableStream): AsyncGenerator<MailFile> {
  const iterator = (stream as AsyncIterable<Buffer>)[Symbol.asyncIterator]();
  let head: Buffer = Buffer.alloc(0);
  while (head.length < 5) {
    const next = await iterator.next();
    if (next.done) break;
    head = Buffer.concat([head, next.value]);
  }
  const all = async function* () {
    yield head;
    for (let next = await iterator.next(); !next.done; next = await iterator.next()) yield next.value;
  };
  if (head.subarray(0, 5).toString('latin1') === 'From ') {
    yield* splitMbox(name, all());
    return;
  }
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of all()) {
    if (length >= MAX_MAIL_BYTES) continue; // read to the end, so that the writer of the pipe is not cut off
    chunks.push(chunk);
    length += chunk.length;
  }
  yield { name, raw: Buffer.concat(chunks).subarray(0, MAX_MAIL_BYTES) };
}

/** mboxrd (RFC 4155 with `>From ` undone): a mail begins at a line `From ` behind a blank line, or at the start. Streams. */
async function* splitMbox(name: string, chunks: AsyncIterable<Buffer>): AsyncGenerator<MailFile> {
  let number = 0;
  let mail: Buffer[] = [];
  let length = 0;
  let rest: Buffer = Buffer.alloc(0);
  let blank = true;
  const done = (): MailFile | null => {
    if (number === 0) return null;
    return { name: `${name}#${number}`, raw: Buffer.concat(mail).subarray(0, MAX_MAIL_BYTES) };
  };
  const take = (line: Buffer): MailFile | null => {
    const starts = blank && line.subarray(0, 5).toString('latin1') === 'From ';
    blank = line.length <= 2 && line.toString('latin1').trim() === '';
    if (starts) {
      const finished = done();
      number++;
      mail = [];
      length = 0;
      return finished;
    }
    if (length < MAX_MAIL_BYTES) {
      mail.push(/^>+From /.test(line.subarray(0, 20).toString('latin1')) ? line.subarray(1) : line);
      length += line.length;
    }
    return null;
  };
  for await (const chunk of chunks) {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let start = 0;
    for (let at = rest.indexOf(10); at >= 0; at = rest.indexOf(10, start)) {
      const finished = take(rest.subarray(start, at + 1));
      if (finished !== null) yield finished;
      start = at + 1;
    }
    rest = rest.subarray(start);
    if (rest.length > MAX_MAIL_BYTES) {
      take(rest);
      rest = Buffer.alloc(0);
    }
  }
  if (rest.length > 0) {
    const finished = take(rest);
    if (finished !== null) yield finished;
  }
  const last = done();
  if (last !== null) yield last;
}
