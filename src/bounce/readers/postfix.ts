import { cleanAddress } from '../address.ts';
import { notice, passages, saidOf } from './notice.ts';

interface Named {
  readonly address: string;
  readonly expandedFrom: string | null;
  readonly words: string;
}

/** `<anna@example.net>: words`, `<anna@example.net> (expanded from <list@example.org>): words`; folded lines are four blanks deep. */
function namedBy(line: string): Named | null {
  const match = /^<([^<>]{1,400})>(?: \(expanded from <?([^<>()]{1,400})>?\))?:(.*)$/.exec(line);
  const address = match === null ? null : cleanAddress(match[1]!);
  return address === null
    ? null
    : { address, expandedFrom: match![2] === undefined ? null : cleanAddress(match![2]), words: match![3]! };
}

/** The text part of Postfix's reports (bounce(5), bounce_notify_util.c), where its machine-readable part was lost or never sent (before 1.1). */
export const postfix = notice({
  name: 'postfix',
  isWritten: ({ text }) => /this is the (?:postfix|mail system at host)/i.test(text.slice(0, 400)),
  reportingMta: /(?:program|mail system) at host ([A-Za-z0-9][\w.-]{1,250})/i,
  readRecipients: (lines) =>
    passages(joinOpenings(lines), namedBy, /^(?:\S|\s*$)/).map(({ opening, lines: said }) =>
      saidOf(opening.address, [opening.words, ...said].join('\n').trim(), { originalRecipient: opening.expandedFrom }),
    ),
});

/** An opening that was folded before its colon, as one line. */
function joinOpenings(lines: readonly string[]): string[] {
  const joined: string[] = [];
  for (const line of lines) {
    const last = joined.at(-1);
    if (last !== undefined && /^<[^<>]{1,400}>(?: \([^():]{0,400})?\)?$/.test(last) && /^\s+\S/.test(line))
      joined[joined.length - 1] = `${last} ${line.trim()}`;
    else joined.push(line);
  }
  return joined;
}
