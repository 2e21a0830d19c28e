import { cleanAddress } from '../address.ts';
import { between, notice, saidOf } from './notice.ts';

/**
 * Trustwave (Marshal) MailMarshal, template "Delivery failure": `From:`, `To:` and `Subject:` of the mail stand first, then the reason, then
 * the failed ones under `The following recipients were affected:`; To need not be among them.
 */
export const mailmarshal = notice({
  name: 'mailmarshal',
  isWritten: ({ text }) => /following recipients were affected/i.test(text.slice(0, 4000)),
  readRecipients(lines) {
    const reason = between(lines, /could not be delivered because of/i, /following recipients were affected/i)
      .join('\n')
      .trim();
    return between(lines, /following recipients were affected/i, /^\s*(?:additional information|-{3,})|^\S[^@]{0,400}$/i)
      .filter((line) => line.includes('@'))
      .map(cleanAddress)
      .filter((address) => address !== null)
      .map((address) => saidOf(address, reason));
  },
});
