import { cleanAddress } from '../address.ts';
import { notice, passages, saidOf } from './notice.ts';

const COMMANDS = [
  ['RCPT_TO', 'rcpt'],
  ['MAIL_FROM', 'mail'],
  ['END_OF_DATA', 'eod'],
  ['DATA', 'data'],
  ['CONNECT', 'connect'],
] as const;

function recipientOf(line: string): string | null {
  const named = /^<(.{1,400})>:\s*$/.exec(line)?.[1];
  return named === undefined ? null : cleanAddress(named);
}

/**
 * Yahoo's notices (https://senders.yahooinc.com/smtp-error-codes/): qmail's paragraphs under a first line of its own; behind the quoted
 * answer the SMTP command stands in brackets, `[RCPT_TO]`.
 */
export const yahoo = notice({
  name: 'yahoo',
  isWritten: ({ text }) =>
    /sorry, we (?:were|are) unable to deliver your message|unable to deliver your message to the following/i.test(
      text.slice(0, 300),
    ),
  readRecipients: (lines) =>
    passages(lines, recipientOf, /^-/).map(({ opening, lines: said }) => {
      const words = said.join('\n').trim();
      const command = COMMANDS.find(([name]) => words.includes(`[${name}]`))?.[1];
      const answer = words.replace(/\s\[[A-Z_]{4,12}\]/, '');
      return saidOf(opening, answer, command === undefined ? {} : { command });
    }),
});
