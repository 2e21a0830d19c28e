import { findReply, findStatus } from './codes.ts';
import type { Occurrence, PhraseMatcher } from './phrase-matcher.ts';

const EVIDENCE_KEPT = 300;

/** Text with white space made even, and the same in lower case with addresses blanked, place for place. */
export interface Flat {
  readonly text: string;
  /** E-mail addresses are runs of `@` in it, IP addresses runs of `%`. */
  readonly lower: string;
  /** The phrases in it, once they have been looked for. */
  occurrences?: { readonly by: PhraseMatcher; readonly all: readonly Occurrence[] };
}

const ENDS_ADDRESS = new Set([...` \t\n\v\f\r\u00a0\u2028\u2029\u3000<>"'(),;:@`].map((sign) => sign.charCodeAt(0)));
const MAX_LOCAL_PART = 64;
const MAX_DOMAIN = 255;
const IP_ADDRESS = /(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w.]*\w)|(?<![\w:])[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){3,7}(?![\w:])/g;

/**
 * An address may hold any word; the words of the answer are looked for beside it. From each `@` outwards: a pattern would begin at every
 * character before it.
 */
function blankAddresses(text: string): string {
  let blanked = '';
  let done = 0;
  for (let at = text.indexOf('@'); at >= 0; at = text.indexOf('@', Math.max(at + 1, done))) {
    let start = at;
    while (start > done && at - start < MAX_LOCAL_PART && !ENDS_ADDRESS.has(text.charCodeAt(start - 1))) start--;
    let end = at + 1;
    while (end < text.length && end - at <= MAX_DOMAIN && !ENDS_ADDRESS.has(text.charCodeAt(end))) end++;
    if (start === at || end === at + 1) continue;
    blanked += text.slice(done, start) + '@'.repeat(end - start);
    done = end;
  }
  return blanked + text.slice(done);
}

/** What reporters write around an answer that they quote: names servers, and says nothing of the cause. */
const LEAD_IN =
  /(?:host|connect to|connection to|lost connection with|conversation with) [\w.-]{1,255}(?=\[)|smtp error from remote (?:mail )?server after [a-z ]{1,30}(?=[:\s<])|remote (?:host|server|mta) (?:said|returned|replied)|host \S{1,255} sa(?:id|ys)(?=:)|dear sender|[245]\.\d\.\d{1,3} - [a-z ]{1,60}(?=[245]\d\d-')|\(in reply to [a-z ]{1,30} command\)/g;

/** Prepares words for the phrases. Empty lines stay as line ends: what they part are different matters. */
export function flatten(raw: string): Flat {
  const text = withoutRepeatedCodes(raw)
    .replace(/\n[^\S\n]{0,100}\n/g, '\u2029')
    .replace(/[\x00-\x1f\x7f\s\u2028]+/g, (run) => (run.includes('\u2029') ? '\n' : ' '))
    .replace(/[‘’´`]/g, "'")
    .replace(/[“”„]/g, '"')
    .trim();
  const folded = text.toLowerCase();
  // A few letters change their length in lower case; then places are told by the folded text itself.
  const same = folded.length === text.length;
  const named = folded.includes('@') ? blankAddresses(folded) : folded;
  const lower = named
    .replace(IP_ADDRESS, (address) => '%'.repeat(address.length))
    .replace(LEAD_IN, (words) => '·'.repeat(words.length));
  return { text: same ? text : folded, lower };
}

/**
 * Every line of an SMTP reply begins with its codes (RFC 5321 §4.2.1, RFC 2034 §4), and tears the sentence that runs over them:
 * `550-5.1.1 The account that you tried to reach 550 5.1.1 does not exist`. Those after the first are left out.
 */
function withoutRepeatedCodes(raw: string): string {
  const first = /(?:^|[\s"'(:;<])([245]\d\d)[- ]([245]\.\d{1,3}\.\d{1,3})?/.exec(raw.slice(0, 1000));
  if (first === null) return raw;
  const [whole, reply, status] = first;
  const rest = first.index + whole.length;
  if (!raw.includes(reply!, rest)) return raw;
  const codes = status === undefined ? `${reply}-` : `${reply}[- ]${status.replaceAll('.', '\\.')}`;
  const last = status === undefined ? `\\n[ \\t]{0,8}${reply}[ -]` : codes;
  return raw.slice(0, rest) + raw.slice(rest).replace(new RegExp(`(?<=\\s)(?:${codes})[ \\t]?|${last}`, 'g'), ' ');
}

/** What an Exchange server quotes of another server's answer: `550 5.0.350 Remote server returned an error -> 550 5.1.1 …`. */
export function unwrap(outer: Flat): Flat | null {
  const at = outer.text.indexOf('->');
  if (at < 0 || !/[245]\.\d\.\d/.test(outer.text.slice(0, at))) return null;
  const inner = outer.text.slice(at + 2);
  if (findReply(inner) === null && findStatus(inner) === null) return null;
  return { text: inner.trim(), lower: outer.lower.slice(outer.lower.length - inner.length).trim() };
}

/** Evidence as it is kept: one line of at most 300 characters. */
export function bounded(text: string): string {
  return text.slice(0, EVIDENCE_KEPT).replaceAll('\n', ' ');
}

/** The line that a match stands in, as far as it fits. */
export function around(text: Flat, at: number): string {
  const from = at < EVIDENCE_KEPT - 80 ? 0 : at - 80;
  return bounded(text.text.slice(from, from + EVIDENCE_KEPT).trim());
}
