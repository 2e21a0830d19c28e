import { cleanAddress } from '../address.ts';
import { notice, saidOf } from './notice.ts';

/** `anna@example.net Invalid Address, ERROR_CODE :550, ERROR_CODE :5.1.1 words` and `[Status: Error, Address: <…>, ResponseCode 421, …]`. */
const BEHIND = /^\s*<?([^\s<>@]{1,128}@[^\s<>,]{1,255})>?,?\s+(\S.{0,200}?ERROR_CODE\s?:.{0,2000})$/i;
const BRACKETS = /^[^[]{0,400}\[Status: \w{1,20}, Address: <?([^\s<>@]{1,128}@[^\s<>,]{1,255})>?,(.{0,2000})\]\s{0,8}$/i;

/** Zoho Mail (https://www.zoho.com/mail/help/bounce-emails.html): the codes of an answer in words of its own; Exim's first sentence. */
export const zoho = notice({
  name: 'zoho',
  isWritten: ({ text }) => /ERROR_CODE\s?:|\[Status: \w{1,20}, Address:/.test(text.slice(0, 6000)),
  readRecipients: (lines) =>
    lines.flatMap((line) => {
      const match = BEHIND.exec(line) ?? BRACKETS.exec(line);
      const address = match === null ? null : cleanAddress(match[1]!);
      return address === null ? [] : [saidOf(address, plain(match![2]!))];
    }),
});

/** The answer as servers write it: `550 5.1.1 Invalid Address …`. */
function plain(said: string): string {
  const codes = [...said.matchAll(/(?:ERROR_CODE\s?:|ResponseCode )\s?([245]\d\d|[245]\.\d\.\d{1,3})\b/gi)]
    .slice(0, 4)
    .map(([, code]) => code!);
  const words = said
    .replace(/,?\s{0,4}(?:ERROR_CODE\s?:|ResponseCode )\s?\S{0,10}/gi, '')
    .replace(/^[\s,]+|(?<![\s,])[\s,]+$/g, '');
  return [...new Set(codes), words].join(' ').trim();
}
