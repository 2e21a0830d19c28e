import { cleanAddress } from '../address.ts';
import { notice, passages, saidOf } from './notice.ts';

interface Named {
  readonly address: string;
  readonly words: string;
}

/** `Unknown user: anna@example.net`, `undeliverable to anna@example.net`: the reason stands before the address. */
const OPENS =
  /^\s{0,16}((?:unknown (?:user|host)|invalid (?:user|final delivery userid)|user mailbox exceeds allowed size|delivery (?:userid )?failed[^:]{0,40}|undeliverable to|mailbox (?:full|disabled)|message undeliverable to)\s{0,8}:?)\s{1,8}<?([^\s<>@]{1,128}@[^\s<>]{1,255}?)>?\.?\s{0,8}$/i;

/** Runs of blanks as one, so that the pattern is linear. */
const tidied = (line: string) => line.slice(0, 1000).replace(/[ \t]+/g, ' ');

function namedBy(line: string): Named | null {
  const match = OPENS.exec(tidied(line));
  const address = match === null ? null : cleanAddress(match[2]!);
  return address === null ? null : { address, words: match![1]!.replace(/:$/, '') };
}

/**
 * Ipswitch IMail and its descendants (IMail Server help, "Undeliverable mail"): `X-Mailer: <SMTP32 v8.00>`, and a line a recipient with
 * the reason in front, below it the answer under `RCPT TO generated following response`.
 */
export const imail = notice({
  name: 'imail',
  isWritten: ({ header, text }) =>
    /<smtp32/i.test(header('x-mailer') ?? '') || text.split('\n', 12).some((line) => OPENS.test(tidied(line))),
  readRecipients: (lines) =>
    passages(lines, namedBy, /^\s*original message follows/i).map(({ opening, lines: said }) => {
      const words = [opening.words, ...said].join('\n').trim();
      return saidOf(opening.address, words, /rcpt to generated/i.test(words) ? { command: 'rcpt' } : {});
    }),
});
