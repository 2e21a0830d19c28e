import { cleanAddress } from '../address.ts';
import { between, notice, passages } from './notice.ts';
import { readTranscript, saidWithTranscript } from './transcript.ts';

/** `----- The following addresses had permanent fatal errors -----`, transient ones and delivery problems likewise. */
const LIST = /^\s*-{3,}\s*the following addresses (?:had|have) .{1,60}-{3,}\s*$/i;
const NEXT_SECTION = /^\s*-{3,}\s*\S/;

interface Named {
  readonly address: string;
  readonly remark: string;
}

/** `<anna@example.net>` or, before 8.9, `anna@example.net  (unrecoverable error)`, at the beginning of a line. */
function namedBy(line: string): Named | null {
  const match = /^<?([^\s<>@"]{1,128}@[^\s<>]{1,255}|"[^"]{1,64}"@[^\s<>]{1,255})>?(?:\s+(\(.{0,1000}))?\s*$/.exec(line);
  const address = match === null ? null : cleanAddress(match[1]!);
  return address === null ? null : { address, remark: match![2] ?? '' };
}

/** `(expanded from: <list@example.org>)`: the address before an alias. */
const EXPANDED = /\(expanded from:\s*<?([^\s<>()]{3,320})>?\)/i;

/**
 * The text part of Sendmail's reports (errbody() in savemail.c): a list of recipients with `(reason: …)` in brackets, and the transcript of
 * the session. What was said in the session goes before the summary. Without a list the transcript alone is read, by the general reader.
 */
export const sendmail = notice({
  name: 'sendmail',
  isWritten: ({ text }) => /transcript of session follows/i.test(text) && text.split('\n', 60).some((line) => LIST.test(line)),
  readRecipients(lines, { text }) {
    const transcript = readTranscript(text);
    return passages(between(lines, LIST, NEXT_SECTION), namedBy).map(({ opening, lines: said }) => {
      const words = [opening.remark, ...said].join('\n').trim();
      const from = EXPANDED.exec(words)?.[1];
      const reason = words
        .replace(EXPANDED, '')
        .replace(/\(reason:\s*/i, '')
        .replace(/\)\s*$/, '')
        .trim();
      const fields = saidWithTranscript(opening.address, reason, transcript);
      return from === undefined ? fields : { ...fields, originalRecipient: cleanAddress(from) };
    });
  },
});
