// What the parts cost without the rest: the bounds that the pipeline is measured against.
import { ImapFlow } from 'imapflow';
import { simpleParser } from 'mailparser';
import { analyze } from '../src/bounce/index.ts';
import type { ParsedMail, Part } from '../src/bounce/report.ts';
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

/** Mails that are parsed before they are analyzed: as many as the pipeline holds at once. */
const AT_ONCE = 50;

/**
 * The two halves of our own reading, each measured apart, some mails at a time. The walk decodes a text or a header when it is asked for;
 * here all of them are decoded in the first half, as simpleParser does, so that the second is analysis alone. The whole costs less than
 * both halves: see `ownReading`.
 */
export function ownHalves(mails: readonly Buffer[]): { parse: Timed; analyze: Timed } {
  const parse: Timed = { mails: mails.length, seconds: 0, cpuMs: 0 };
  const analysis: Timed = { mails: mails.length, seconds: 0, cpuMs: 0 };
  for (let from = 0; from < mails.length; from += AT_ONCE) {
    const parsed: ParsedMail[] = [];
    addTo(parse, () => {
      for (const mail of mails.slice(from, from + AT_ONCE)) parsed.push(decoded(parseMail(mail)));
    });
    addTo(analysis, () => {
      for (const mail of parsed) analyze(mail, { senderDomains: [] });
    });
  }
  return { parse, analyze: analysis };
}

function addTo(timed: Timed, work: () => void): void {
  const cpu = process.cpuUsage();
  const started = performance.now();
  work();
  timed.seconds += (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  timed.cpuMs += (user + system) / 1000;
}

function decoded(mail: ParsedMail): ParsedMail {
  const visit = (part: Part): void => {
    for (const header of part.headers) void header.value;
    void part.text;
    for (const child of part.children) visit(child);
  };
  visit(mail.root);
  return mail;
}
