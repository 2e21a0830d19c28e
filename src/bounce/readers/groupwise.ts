import { cleanAddress } from '../address.ts';
import { between, notice, saidOf } from './notice.ts';

/** `    anna@example.net (user not found)`. */
const NAMED = /^\s{1,40}<?([^\s<>()@]{1,128}@[^\s<>()]{1,255})>?(?:\s{1,40}\((.{1,1000}?)\)?)?$/;

/** Novell GroupWise Internet Agent: one recipient a line, the reason in brackets behind it (GWIA, status messages in its guide). */
export const groupwise = notice({
  name: 'groupwise',
  isWritten: ({ text }) => /message that you sent was undeliverable to the following/i.test(text.slice(0, 1000)),
  readRecipients: (lines) =>
    unfold(between(lines, /undeliverable to the following/i, /^\S/)).flatMap((line) => {
      const match = NAMED.exec(line.trimEnd());
      const address = match === null ? null : cleanAddress(match[1]!);
      return address === null ? [] : [saidOf(address, match![2]?.trim() ?? '')];
    }),
});

/** A reason that goes on over the next lines, as one line. */
function unfold(lines: readonly string[]): string[] {
  const unfolded: string[] = [];
  for (const line of lines) {
    const last = unfolded.at(-1);
    if (last !== undefined && last.length < 2000 && last.split('(').length > last.split(')').length)
      unfolded[unfolded.length - 1] = `${last} ${line.trim()}`;
    else unfolded.push(line);
  }
  return unfolded;
}
