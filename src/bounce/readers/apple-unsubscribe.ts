import { cleanAddress } from '../address.ts';
import { type Reader, recipient } from './reader.ts';

/**
 * Apple Mail writes for a recipient who pressed "Unsubscribe" above a mail with `List-Unsubscribe: <mailto:…>` (RFC 2369 §3.2), and marks
 * what it writes. No automatic answer: somebody asks to be taken off, as with the ARF type `opt-out` that some providers send.
 */
export const appleUnsubscribe: Reader = {
  name: 'apple-unsubscribe',
  read({ header, from }) {
    if (!/^true$/i.test(header('x-apple-unsubscribe')?.trim() ?? '')) return null;
    const address = cleanAddress(from);
    if (address === null) return null;
    return {
      kind: 'feedback',
      reportingMta: null,
      recipients: [recipient({ finalRecipient: address, diagnosticCode: 'Feedback-Type: opt-out' })],
    };
  },
};
