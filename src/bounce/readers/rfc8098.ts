import type { Reader } from './reader.ts';

/** Disposition notifications (RFC 8098): a read receipt tells of a person or a program that had the mail in hand. No bounce. */
export const rfc8098: Reader = {
  name: 'rfc8098',
  read({ reportType, dispositionNotification }) {
    if (reportType !== 'disposition-notification' && !dispositionNotification) return null;
    return { kind: 'other', reportingMta: null, recipients: [] };
  },
};
