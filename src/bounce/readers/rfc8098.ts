import { cleanAddress } from '../address.ts';
import { fieldOf } from '../fields.ts';
import { REFUSALS } from '../tables/reports/answers.ts';
import { type Reader, recipient } from './reader.ts';
import { signs } from './words.ts';

const refuses = signs(REFUSALS);
/** Characters within which a refusal is told; the returned subject, below, may hold any words. */
const OPENING = 200;

/**
 * Disposition notifications (RFC 8098). A read receipt tells of a person or a program that had the mail in hand: no bounce. Only a
 * filter of the recipient's that refused the mail after delivery (Sieve's `reject`, RFC 5429 §2.1) reports a failure this way.
 */
export const rfc8098: Reader = {
  name: 'rfc8098',
  read({ reportType, dispositionNotification, text, header }) {
    if (reportType !== 'disposition-notification' && dispositionNotification === null) return null;
    const fields = dispositionNotification?.flat() ?? [];
    const deleted = /^automatic-action\s*\/.*;\s*deleted/i.test(fieldOf(fields, 'disposition') ?? '');
    const refused =
      deleted && ((/reject/i.test(header('auto-submitted') ?? '') && /reject|refus/i.test(text)) || refuses(text, OPENING));
    const final = cleanAddress(fieldOf(fields, 'final-recipient') ?? '');
    const original = cleanAddress(fieldOf(fields, 'original-recipient') ?? '');
    if (!refused || (final ?? original) === null) return { kind: 'other', reportingMta: null, recipients: [] };
    return {
      kind: 'bounce',
      reportingMta: fieldOf(fields, 'reporting-ua')?.split(/[;\s]/)[0]?.toLowerCase() ?? null,
      recipients: [
        recipient({
          finalRecipient: final,
          originalRecipient: original,
          action: 'failed',
          diagnosticCode: text.replace(/\s+/g, ' ').slice(0, 2000),
          context: text,
        }),
      ],
    };
  },
};
