import { cleanAddress } from '../address.ts';
import { between, notice, passages, saidOf } from './notice.ts';

interface Named {
  readonly address: string;
  readonly words: string;
}

/** `anna@example.net: 550 5.1.1 words`, at the beginning of a line. */
function namedBy(line: string): Named | null {
  const match = /^<?([^\s<>:@]{1,128}@[^\s<>:]{1,255})>?:\s(.*)$/.exec(line);
  const address = match === null ? null : cleanAddress(match[1]!);
  return address === null ? null : { address, words: match![2]! };
}

/** The text part of OpenSMTPD's notices (bounce.c in https://github.com/OpenSMTPD/OpenSMTPD), final and about delays alike. */
export const openSmtpd = notice({
  name: 'opensmtpd',
  isWritten: ({ text }) => /this is the mailer-daemon, please do not reply/i.test(text.slice(0, 300)),
  readRecipients: (lines) =>
    passages(between(lines, /list of recipients:|following recipients?:/i, /^\s+below is a copy|^\s+please /i), namedBy).map(
      ({ opening, lines: said }) => saidOf(opening.address, [opening.words, ...said].join('\n').trim()),
    ),
});
