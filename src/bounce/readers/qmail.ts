import { cleanAddress } from '../address.ts';
import { notice, passages, saidOf } from './notice.ts';

/** `<anna@example.net>:` at the beginning of a paragraph; what qmail tells of the recipient follows on the next lines. */
function recipientOf(line: string): string | null {
  const named = /^<(.{1,400})>:\s*$/.exec(line)?.[1];
  return named === undefined ? null : cleanAddress(named);
}

/**
 * qmail's own notice, QSBMF (https://cr.yp.to/proto/qsbmf.txt), also of netqmail, qmail-ldap, vpopmail, and of Yahoo and others that took
 * it over. A paragraph that begins with a dash ends it. vpopmail and other programs put empty lines into what they say.
 */
export const qmail = notice({
  name: 'qmail',
  isWritten: ({ text }) => /^\s{0,40}hi[.!] this is the /i.test(text.slice(0, 200)),
  reportingMta: /(?:program|mail server) at ([A-Za-z0-9][\w.-]{1,250})/i,
  readRecipients: (lines) =>
    passages(lines, recipientOf, /^-/).map(({ opening, lines: said }) => saidOf(opening, said.join('\n').trim())),
});
