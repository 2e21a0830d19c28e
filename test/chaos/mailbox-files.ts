import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { numberOf } from './mails.ts';

/** One mail as it lies in a Maildir. */
export interface FiledMail {
  number: number;
  /** Flag letters of Maildir: S seen, F flagged, T deleted. */
  flags: string;
}

/**
 * Looks at the mailbox from outside, as files: it can be asked while Dovecot is dead, and sees neither more nor less than what
 * Dovecot has made durable.
 */
export class MailboxFiles {
  readonly #maildir: string;
  readonly #numbers = new Map<string, number | null>();

  constructor(maildir: string) {
    this.#maildir = maildir;
  }

  /** The mails of a folder; INBOX is the Maildir itself, others lie below it (Maildir++). */
  async list(folder: string): Promise<FiledMail[]> {
    const at = folder === 'INBOX' ? this.#maildir : join(this.#maildir, `.${folder}`);
    const found = new Map<string, FiledMail>();
    // Twice, since a file that is renamed (new mail, changed flags) while a directory is read may be missed.
    for (const part of ['new', 'cur', 'new', 'cur']) {
      for (const name of await readdir(join(at, part)).catch(() => [])) {
        const [base, flags = ''] = name.split(':2,') as [string, string?];
        const number = await this.#numberOf(folder, base, join(at, part, name));
        if (number !== null && number !== undefined) found.set(base, { number, flags });
      }
    }
    return [...found.values()];
  }

  async #numberOf(folder: string, base: string, path: string): Promise<number | null | undefined> {
    const key = `${folder}/${base}`;
    const known = this.#numbers.get(key);
    if (known !== undefined) return known;
    try {
      const file = await open(path);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(1024), 0, 1024, 0).finally(() => file.close());
      const number = numberOf(buffer.toString('latin1', 0, bytesRead));
      this.#numbers.set(key, number);
      return number;
    } catch {
      return undefined; // Renamed or moved meanwhile.
    }
  }
}
