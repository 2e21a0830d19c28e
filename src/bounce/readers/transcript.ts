import { findAddresses, normalizeAddress } from '../address.ts';
import { commandIn, remoteHostIn, remoteWords } from '../dialogue.ts';
import type { RecipientFields } from '../report.ts';
import type { Confidence } from '../vocabulary.ts';
import { recipient } from './reader.ts';

/** What Sendmail and those that write like it noted of one SMTP session. */
export interface Transcript {
  /** `>>>` line with which it began, the answers, and the summary line; as they stand. */
  readonly lines: readonly string[];
  /** The host that was talked to. */
  readonly host: string | null;
  /** Look-up keys of the addresses in it. */
  readonly addresses: ReadonlySet<string>;
}

const BEGIN =
  /transcript of (?:the )?(?:smtp )?session follows|session transcript|(?:smtp|session) (?:dialogue|dialog|log)\b|while talking to /i;
const TALKING =
  /while talking to\s+\[?([\w.:-]{1,250}?)\]?\.?:?\s*$|(?:smtp )?connection to \[?([\w.-]{1,250}?)(?::\d{1,5})?\]?\s*$/i;

/** What some write in front of every line: `Mon 2026-10-12 08:59:58: `, `[12:00:01] `, `12 Oct 2026 09:00:00 `. */
const STAMP = /^\s*(?:\[?(?:\w{3},? )?(?:\d{4}-\d\d-\d\d|\d{1,2} \w{3} \d{4})?[T ]?\d\d:\d\d:\d\d(?:\.\d{1,6})?\]?:?)\s+(?=\S)/;
/** Arrows of other dialects: MDaemon's, and `C:` and `S:` as RFC 5321 writes. */
const SENT = /^\s*(?:-{1,2}>|>{2,3}|C:)\s*(?=[A-Za-z.])/;
const SAID = /^\s*(?:<-{1,2}|<{2,3}|S:)\s*(?=\d\d\d)/;

/** A line as Sendmail writes it. */
function inSendmailsWay(line: string): string {
  const bare = line.replace(STAMP, '');
  return bare.replace(SENT, '>>> ').replace(SAID, '<<< ');
}

/**
 * The exchanges of a `Transcript of session follows`: each begins with the command that was sent. A summary line such as
 * `550 5.1.1 <a@example.org>... User unknown` ends an exchange and says to whom it belongs.
 */
export function readTranscript(text: string): Transcript[] {
  const all = text.split('\n');
  const start = all.findIndex((line) => BEGIN.test(line));
  if (start < 0) return [];
  const lines = all.slice(start, start + 400).map(inSendmailsWay);
  const exchanges: { lines: string[]; host: string | null; addresses: Set<string>; closed: boolean }[] = [];
  let host: string | null = null;
  for (const line of lines) {
    if (line.trim() === '') continue;
    const talking = TALKING.exec(line);
    if (talking !== null) {
      host = (talking[1] ?? talking[2]!).toLowerCase();
      continue;
    }
    const sent = /^\s*>>>/.test(line);
    const answer = /^\s*<<</.test(line);
    const summary = /^\s*[2-5]\d\d[ -]/.test(line);
    if (!sent && !answer && !summary && exchanges.length === 0) continue;
    let open = exchanges.at(-1);
    if (open === undefined || sent || open.closed) {
      // A summary with no dialogue before it is of Sendmail's own making: nobody was talked to.
      open = { lines: [], host: sent || answer ? host : null, addresses: new Set(), closed: false };
      exchanges.push(open);
    }
    open.lines.push(line.trim());
    if (!answer || /\brcpt\b/i.test(open.lines[0]!))
      for (const one of findAddresses(line)) open.addresses.add(normalizeAddress(one));
    // `550 example.net (smtp)... Host unknown` goes on with the line that names the recipient.
    if (summary && line.includes('@')) open.closed = true;
  }
  return exchanges;
}

/** The refused exchanges about an address: its own, else those that name nobody. */
export function exchangesAbout(transcripts: readonly Transcript[], address: string): Transcript[] {
  const key = normalizeAddress(address);
  const refused = transcripts.filter(({ lines }) => lines.some((line) => /^(?:<<<\s*)?[45]\d\d/.test(line)));
  const own = refused.filter(({ addresses }) => addresses.has(key));
  if (own.length > 0) return own;
  return refused.filter(({ addresses, lines }) => addresses.size === 0 || commandIn(lines.join('\n')) !== 'rcpt');
}

/** The remote answer in an exchange: its `<<<` lines; else the summary, which is Sendmail's own. */
export function answerOf({ lines }: Transcript): string | null {
  const said = lines.filter((line) => line.startsWith('<<<')).map((line) => line.slice(3).trim());
  const refused = said.findIndex((line) => /^[45]\d\d/.test(line));
  if (refused >= 0) return said.slice(refused).join(' ');
  return lines.find((line) => /^[45]\d\d/.test(line)) ?? null;
}

/** A recipient of which a report says these words beside its transcript; what was said to it in the session goes before them. */
export function saidWithTranscript(
  address: string,
  words: string,
  transcript: readonly Transcript[],
  addressConfidence: Confidence = 'high',
): RecipientFields {
  const exchanges = exchangesAbout(transcript, address);
  const answer = exchanges.map(answerOf).find((one) => one !== null) ?? null;
  const said = exchanges.map(({ lines }) => lines.join('\n')).join('\n');
  return recipient({
    finalRecipient: address,
    diagnosticCode: answer ?? remoteWords(words),
    remoteMta: exchanges.find(({ host }) => host !== null)?.host ?? remoteHostIn(words),
    command: commandIn(said) ?? commandIn(words),
    context: said === '' ? words : `${words}\n${said}`,
    addressConfidence,
  });
}
