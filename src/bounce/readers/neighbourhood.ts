import { findAddresses, normalizeAddress } from '../address.ts';
import { shareOf } from '../share.ts';

const MAX_PASSAGE = 4096;

/** The lines around each of some addresses. */
export interface Passages {
  /** Those around an address, as far as they are not about another of them; the whole text where it is the only one and not named. */
  around(address: string): string;
}

/** Looks once where the recipients of a report are named. */
export function passages(lines: readonly string[], recipients: readonly string[]): Passages {
  const keys = new Set(recipients.map(normalizeAddress));
  const named = lines.map((line) => (line.includes('@') ? findAddresses(line).map(normalizeAddress) : []));
  const first = new Map<string, number>();
  for (const [i, there] of named.entries()) for (const key of there) if (!first.has(key)) first.set(key, i);

  return {
    around(address) {
      const own = normalizeAddress(address);
      const isOfAnother = (line: number) => named[line]!.some((key) => key !== own && keys.has(key));
      const at = first.get(own);
      if (at === undefined) return keys.size > 1 ? '' : lines.slice(0, 60).join('\n');
      let start = at;
      while (start > 0 && at - start < 2 && !isOfAnother(start - 1)) start--;
      let end = at + 1;
      while (end < lines.length && end - at < 20 && !isOfAnother(end)) end++;
      return cut(lines.slice(start, end).join('\n'), address, Math.min(MAX_PASSAGE, 2 * shareOf(keys.size)));
    },
  };
}

/** Some of a passage that is one endless line: mostly what follows the address. */
function cut(words: string, address: string, length: number): string {
  if (words.length <= length) return words;
  const written = words.indexOf(address);
  const at = written >= 0 ? written : words.toLowerCase().indexOf(address.toLowerCase());
  const from = Math.max(0, at - Math.floor(length / 4));
  return words.slice(from, from + length);
}

/** What is said behind the address in a passage: the sentence itself where it goes on, else what follows it. */
export function behind(words: string, address: string): string {
  const at = words.toLowerCase().indexOf(address.toLowerCase());
  if (at < 0) return words;
  const rest = words.slice(at + address.length);
  if (/\p{L}{3}/u.test(rest.split('\n', 1)[0]!)) return words.slice(words.lastIndexOf('\n', at) + 1);
  const after = rest.replace(/^[^\p{L}\p{N}]+/u, '');
  return /\p{L}{3}/u.test(after) ? after : words;
}
