// What the parts cost without the rest: the bounds that the pipeline is measured against.
import { ImapFlow } from 'imapflow';
import { simpleParser } from 'mailparser';
import { analyze } from '../src/bounce/index.ts';
import { UIDS_PER_COMMAND } from '../src/limits.ts';
import { parseMail } from '../src/mime/index.ts';
import { type Timed, timed } from './measure.ts';

/** Fetches every mail of INBOX with imapflow and drops it. */
export async function bareFetch(server: { host: string; port: number; password: string }, user: string): Promise<Timed> {
  const client = new ImapFlow({
    host: server.host,
    port: server.port,
    secure: false,
    doSTARTTLS: false,
    auth: { user, pass: server.password },
    logger: false,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    const { exists } = await client.mailboxOpen('INBOX', { readOnly: true });
    let seen = 0;
    const result = await timed(exists, async () => {
      for (let first = 1; first <= exists; first += UIDS_PER_COMMAND) {
        for await (const mail of client.fetch(`${first}:${Math.min(exists, first + UIDS_PER_COMMAND - 1)}`, {
          uid: true,
          source: true,
        }))
          if (mail.source) seen += 1;
      }
    });
    if (seen !== exists) throw new Error(`${seen} of ${exists} mails were fetched.`);
    return result;
  } finally {
    await client.logout();
  }
}

/** mailparser's simpleParser as people use it, with its defaults. */
export function bareParse(mails: readonly Buffer[]): Promise<Timed> {
  return timed(mails.length, async () => {
    for (const mail of mails) await simpleParser(mail);
  });
}

/** Our own reading of a mail: MIME and analysis, no queue and no database. */
export function ownReading(mails: readonly Buffer[]): Promise<Timed> {
  return timed(mails.length, () => {
    for (const mail of mails) analyze(parseMail(mail), { senderDomains: [] });
  });
}

/**
 * The two halves of our own reading, one mail after the other. A part's text is decoded when it is asked for: what `analyze` makes the
 * walk decode counts for `analyze`.
 */
export async function ownHalves(mails: readonly Buffer[]): Promise<{ parse: Timed; analyze: Timed }> {
  let parsed: ReturnType<typeof parseMail>[] = [];
  const parse = await timed(mails.length, () => {
    parsed = mails.map((mail) => parseMail(mail));
  });
  const analysis = await timed(mails.length, () => {
    for (const mail of parsed) analyze(mail, { senderDomains: [] });
  });
  return { parse, analyze: analysis };
}
