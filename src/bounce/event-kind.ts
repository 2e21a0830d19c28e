import type { Action, Kind } from './vocabulary.ts';

/**
 * The kind of one recipient's event. A report may tell of a failure for one recipient and of a delay or a delivery to another
 * (RFC 3464 §2.3.3); its own kind is that of the gravest. Complaints and automatic answers have no action.
 */
export function eventKind(action: Action | null, reportKind: Kind): Kind {
  if (reportKind === 'feedback' || reportKind === 'auto_reply') return reportKind;
  switch (action) {
    case 'failed':
      return 'bounce';
    case 'delayed':
      return 'delay';
    case 'delivered':
    case 'relayed':
    case 'expanded':
      return 'delivered';
    default:
      return reportKind;
  }
}
