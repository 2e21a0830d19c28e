import type { HistoryEntry } from '../../src/suppression/rules.ts';

/** Midnight UTC of a day of the tests' calendar, plus hours. */
export function day(number: number, hours = 12): Date {
  return new Date(Date.UTC(2026, 0, 1 + number, hours));
}

/** A permanent bounce of a dead address, unless said otherwise. */
export function bounce(fields: Partial<HistoryEntry> = {}): HistoryEntry {
  return {
    time: day(0),
    kind: 'bounce',
    class: 'permanent',
    category: 'user_unknown',
    fault: 'recipient',
    status: '5.1.1',
    reply: '550',
    provider: 'other',
    trust: 'correlated',
    recipientDomain: 'example.com',
    ...fields,
  };
}

/** A bounce of a full mailbox. */
export function full(time: Date): HistoryEntry {
  return bounce({
    time,
    class: 'temporary',
    category: 'mailbox_full',
    fault: 'recipient_temporary',
    status: '4.2.2',
    reply: '452',
  });
}
