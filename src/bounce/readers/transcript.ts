import { findAddresses, normalizeAddress } from '../address.ts';
import { commandIn, remoteHostIn, remoteWords } from '../dialogue.ts';
import type { RecipientFields } from '../report.ts';
import type { Confidence } from '../vocabulary.ts';
import { recipient } from './reader.ts';

/** What Sendmail and those that write like it noted of their SMTP sessions. */
export interface Transcript {
  /** Those in which something was refused. */
  readonly refused: readonly Exchange[];
  /** What was refused to an address: in its own exchanges, else in those that name nobody. */
  about(address: string): Refusal;
}

/** A command and what was answered to it. */
export interface Exchange {
  /** `>>>` line with which it began, the answers, and the summary line; as they stand. */
  readonly lines: readonly string[];
  /** The host that was talked to. */
  readonly host: string | null;
  /** Look-up keys of the addresses in it. */
  readonly addresses: ReadonlySet<string>;
}

/** The exchanges about one recipient, laid together. */
export interface Refusal {
  /** They name the recipient. */
  readonly isOwn: boolean;
  /** All lines. */
  readonly said: string;
  readonly answer: string | null;
  readonly host: string | null;
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

/** The `Transcript of session follows` of a report; empty where there is none. */
export function readTranscript(text: string): Transcript {
  const refused = readExchanges(text).filter(({ lines }) => isRefusal(lines));
  // A report may name as many recipients as exchanges: each is looked up, not searched for.
  const byAddress = new Map<string, Exchange[]>();
  for (const exchange of refused) {
    for (const address of exchange.addresses) {
      const known = byAddress.get(address);
      if (known === undefined) byAddress.set(address, [exchange]);
      else known.push(exchange);
    }
  }
  let shared: Refusal | null = null;
  return {
    refused,
    about(address) {
      const own = byAddress.get(normalizeAddress(address));
      if (own !== undefined) return refusal(own, true);
      shared ??= refusal(refused.filter(isShared), false);
      return shared;
    },
  };
}

const isRefusal = (lines: readonly string[]) => lines.some((line) => /^(?:<<<\s*)?[45]\d\d/.test(line));

const isShared = ({ addresses, lines }: Exchange) => addresses.size === 0 || commandIn(lines.join('\n')) !== 'rcpt';

/** Characters kept of what was said: more is not judged. */
const MAX_SAID = 8192;

function refusal(exchanges: readonly Exchange[], isOwn: boolean): Refusal {
  return {
    isOwn,
    said: exchanges
      .map(({ lines }) => lines.join('\n'))
      .join('\n')
      .slice(0, MAX_SAID),
    answer: exchanges.map(answerOf).find((one) => one !== null) ?? null,
    host: exchanges.find(({ host }) => host !== null)?.host ?? null,
  };
}

/**
 * The exchanges of a `Transcript of session follows`: each begins with the command that was sent. A summary line such as
 * `550 5.1.1 <a@example.org>... User unknown` ends an exchange and says to whom it belongs.
 */
function readExchanges(text: string): Exchange[] {
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

/** The remote answer in an exchange: its `<<<` lines; else the summary, which is Sendmail's own. */
function answerOf({ lines }: Exchange): string | null {
  const said = lines.filter((line) => line.startsWith('<<<')).map((line) => line.slice(3).trim());
  const refused = said.findIndex((line) => /^[45]\d\d/.test(line));
  if (refused >= 0) return said.slice(refused).join(' ');
  return lines.find((line) => /^[45]\d\d/.test(line)) ?? null;
}

/** A recipient of which a report says these words beside its transcript; what was said to it in the session goes before them. */
export function saidWithTranscript(
  address: string,
  words: string,
  transcript: Transcript,
  addressConfidence: Confidence = 'high',
): RecipientFields {
  const { answer, said, host } = transcript.about(address);
  return recipient({
    finalRecipient: address,
    diagnosticCode: answer ?? remoteWords(words),
    remoteMta: host ?? remoteHostIn(words),
    command: commandIn(said) ?? commandIn(words),
    context: said === '' ? words : `${words}\n${said}`,
    addressConfidence,
  });
}
