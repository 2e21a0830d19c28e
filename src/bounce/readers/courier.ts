import { cleanAddress } from '../address.ts';
import { between, notice, passages, saidOf } from './notice.ts';

function recipientOf(line: string): string | null {
  const named = /^\s{0,8}<([^<>]{1,400})>:?\s*$/.exec(line)?.[1];
  return named === undefined ? null : cleanAddress(named);
}

/** `mx.example.net [192.0.2.7]:` or `(host at 192.0.2.7)`; above the dialogue. */
const HOST = /^[ \t]*([A-Za-z0-9][\w-]{0,62}(?:\.[\w-]{1,63}){1,10}) \[[0-9A-Fa-f.:]{3,45}\]:/m;

/** The text part of Courier's reports (courier/module.dsn, https://www.courier-mta.org/): under each recipient the dialogue, `>>>` and `<<<`. */
export const courier = notice({
  name: 'courier',
  isWritten: ({ text }) => /running the courier mail server/i.test(text.slice(0, 1000)),
  reportingMta: /delivery status notification from ([A-Za-z0-9][\w.-]{1,250}),/i,
  readRecipients: (lines) =>
    passages(
      between(
        lines,
        /^\s*(?:undeliverable|delayed|delivered) mail\s*$|following recipients? (?:cannot|could not|has|have)/i,
        /^-{20,}/,
      ),
      recipientOf,
    ).map(({ opening, lines: said }) => {
      const words = said.join('\n').trim();
      const host = HOST.exec(words)?.[1]?.toLowerCase();
      return saidOf(opening, words, host === undefined ? {} : { remoteMta: host });
    }),
});
