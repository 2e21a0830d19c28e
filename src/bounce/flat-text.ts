import { findReply, findStatus } from './codes.ts';
import type { Occurrence } from './phrase-matcher.ts';

const EVIDENCE_KEPT = 300;

/** Text with white space made even, and the same in lower case with addresses blanked, place for place. */
export interface Flat {
  readonly text: string;
  readonly lower: string;
  /** The phrases in it, once they have been looked for. */
  occurrences?: readonly Occurrence[];
}

// An address may hold any word; the words of the answer are looked for beside it. Bounds keep the search linear.
const ADDRESS = /[^\s<>"'(),;:@]{1,64}@[^\s<>"'(),;:@]{1,255}/g;

/** Prepares words for the phrases. */
export function flatten(raw: string): Flat {
  const text = raw
    .replace(/[\x00-\x1f\x7f\s]+/g, ' ')
    .replace(/[‘’´`]/g, "'")
    .replace(/[“”„]/g, '"')
    .trim();
  const folded = text.toLowerCase();
  // A few letters change their length in lower case; then places are told by the folded text itself.
  const same = folded.length === text.length;
  const lower = folded.replace(ADDRESS, (address) => '@'.padEnd(address.length, '@'));
  return { text: same ? text : folded, lower };
}

/** What an Exchange server quotes of another server's answer: `550 5.0.350 Remote server returned an error -> 550 5.1.1 …`. */
export function unwrap(outer: Flat): Flat | null {
  const at = outer.text.indexOf('->');
  if (at < 0 || !/[245]\.\d\.\d/.test(outer.text.slice(0, at))) return null;
  const inner = outer.text.slice(at + 2);
  if (findReply(inner) === null && findStatus(inner) === null) return null;
  return { text: inner.trim(), lower: outer.lower.slice(outer.lower.length - inner.length).trim() };
}

/** Evidence as it is kept: at most 300 characters. */
export function bounded(text: string): string {
  return text.slice(0, EVIDENCE_KEPT);
}

/** The line that a match stands in, as far as it fits. */
export function around(text: Flat, at: number): string {
  const from = at < EVIDENCE_KEPT - 80 ? 0 : at - 80;
  return text.text.slice(from, from + EVIDENCE_KEPT).trim();
}
