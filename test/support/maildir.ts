import { chown, mkdir, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

let counter = 0;

/** Delivers mails into a Maildir the way a delivery agent does: written to tmp, then renamed into new (cr.yp.to/proto/maildir.html). */
export async function deliverToMaildir(
  maildir: string,
  mails: Iterable<Buffer | string>,
  { owner, date }: { owner?: { uid: number; gid: number }; date?: Date } = {},
) {
  for (const folder of [maildir, ...['tmp', 'new', 'cur'].map((name) => join(maildir, name))]) {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    if (owner) await chown(folder, owner.uid, owner.gid);
  }
  for (const mail of mails) {
    const name = `${Math.floor(Date.now() / 1000)}.M${Date.now() % 1000}P${process.pid}Q${++counter}.localhost`;
    const written = join(maildir, 'tmp', name);
    await writeFile(written, mail, { mode: 0o600 });
    if (owner) await chown(written, owner.uid, owner.gid);
    // Dovecot takes INTERNALDATE from the file's modification time.
    if (date) await utimes(written, date, date);
    await rename(written, join(maildir, 'new', name));
  }
}
