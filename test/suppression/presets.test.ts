import { describe, expect, it } from 'vitest';
import type { Verdict } from '../../src/bounce/classify.ts';
import type { Kind } from '../../src/bounce/vocabulary.ts';
import { decide } from '../../src/suppression/decide.ts';
import { presets } from '../../src/suppression/presets.ts';
import type { HistoryEntry } from '../../src/suppression/rules.ts';
import { verdictOn, verdictOnAnswer } from '../bounce/classify.helper.ts';
import { day } from './history.ts';

const MICROSOFT = { remoteMta: 'example-com.mail.protection.outlook.com' };

function entry(verdict: Verdict, kind: Kind = 'bounce', time = day(0)): HistoryEntry {
  return { ...verdict, kind, time, trust: 'correlated', recipientDomain: 'example.com' };
}

function answer(preset: keyof typeof presets, event: HistoryEntry): string {
  const decision = decide({ current: null, history: [], event, rules: presets[preset] });
  return `${decision.effect} by ${decision.rule}`;
}

/** What the presets answer to a first report: [remote answer, standard, strict]. */
const FIRST_REPORTS: readonly (readonly [string, string, string])[] = [
  // Dead addresses
  ['550 5.1.1 <anna@example.com>: User unknown', 'flag by dead-address', 'flag by every-5xx'],
  ['550 5.1.10 Recipient not found', 'flag by dead-address', 'flag by every-5xx'],
  ['550 5.1.2 Host unknown', 'flag by dead-address', 'flag by every-5xx'],
  ['501 5.1.3 Bad recipient address syntax', 'flag by dead-address', 'flag by every-5xx'],
  ['551 5.1.6 User has moved', 'flag by dead-address', 'flag by every-5xx'],
  ['556 5.1.10 Domain has a null MX', 'flag by dead-address', 'flag by every-5xx'],
  ['550 5.7.17 Mailbox owner has changed', 'flag by dead-address', 'flag by every-5xx'],
  ['550 5.7.1 No such user here', 'flag by dead-address', 'flag by every-5xx'],
  ['550 No such user here', 'flag by dead-address-by-words', 'flag by every-permanent'],
  ['550 5.2.1 Account has been closed', 'flag by dead-address', 'flag by every-5xx'],
  // Permanent, and the address may live
  ['550 5.2.1 Account disabled', 'hold by other-permanent', 'flag by every-5xx'],
  ['550 5.4.1', 'hold by other-permanent', 'flag by every-5xx'],
  ['550 5.7.1', 'hold by other-permanent', 'flag by every-5xx'],
  ['550 5.0.0 xyzzy', 'hold by other-permanent', 'flag by every-5xx'],
  ['550 xyzzy', 'hold by other-permanent-by-words', 'flag by every-permanent'],
  ['550 5.7.1 Client host blocked using zen.spamhaus.org', 'hold by other-permanent', 'flag by every-5xx'],
  ['550 5.7.26 Unauthenticated email is not accepted (DMARC)', 'hold by other-permanent', 'flag by every-5xx'],
  ['550 5.7.25 No PTR record', 'hold by other-permanent', 'flag by every-5xx'],
  ['554 5.7.1 Message identified as spam', 'hold by other-permanent', 'flag by every-5xx'],
  ['552 5.3.4 Message size exceeds fixed maximum message size', 'hold by other-permanent', 'flag by every-5xx'],
  ['554 5.7.1 Relay access denied', 'hold by other-permanent', 'flag by every-5xx'],
  ['550 5.1.8 Sender domain not found', 'hold by other-permanent', 'flag by every-5xx'],
  ['550 5.7.27 Sender domain has a null MX record, sender refused', 'hold by other-permanent', 'flag by every-5xx'],
  ['550 5.6.7 Address needs SMTPUTF8', 'hold by other-permanent', 'flag by every-5xx'],
  ['554 5.4.6 Too many hops', 'hold by other-permanent', 'flag by every-5xx'],
  // What passes by itself; strict goes by the code alone
  ['552 5.2.2 Mailbox full', 'count by passing-trouble', 'flag by every-5xx'],
  ['452 4.2.2 Mailbox full', 'count by passing-trouble', 'count by passing-trouble'],
  ['450 4.7.1 Greylisted', 'count by passing-trouble', 'count by passing-trouble'],
  ['421 4.7.0 Too many connections', 'count by passing-trouble', 'count by passing-trouble'],
  ['450 4.1.1 User unknown', 'count by passing-trouble', 'count by passing-trouble'],
  ['451 4.3.0 Temporary failure', 'count by passing-trouble', 'count by passing-trouble'],
  ['550 5.4.7 Message expired', 'count by passing-trouble', 'flag by every-5xx'],
];

describe('the first report of a recipient', () => {
  it.each(FIRST_REPORTS)('%j: standard %s, strict %s', (text, standard, strict) => {
    const event = entry(verdictOnAnswer(text));
    expect(answer('standard', event)).toBe(standard);
    expect(answer('strict', event)).toBe(strict);
  });

  it.each([
    ['550 5.4.1 Recipient address rejected: Access denied', 'flag by dead-address'],
    ['550 5.7.504 [anna@example.com]: Recipient address rejected: Access denied', 'flag by dead-address'],
    ['550 5.4.1 Relay Access Denied', 'hold by other-permanent'],
    ['550 5.7.606 Access denied, banned sending IP [192.0.2.1]', 'hold by other-permanent'],
    ['550 5.7.124 Sender not in allowed-senders list', 'hold by other-permanent'],
    ['554 5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException', 'ignore by sender-held-back'],
    ['451 4.7.500 Server busy. Please try again later', 'ignore by sender-held-back'],
    ['432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded', 'ignore by mailbox-busy'],
    ['550 5.7.750 Client blocked from sending from unregistered domains', 'hold by other-permanent'],
  ])('from Microsoft, %j: %s', (text, standard) => {
    expect(answer('standard', entry(verdictOnAnswer(text, MICROSOFT)))).toBe(standard);
  });

  it.each(['standard', 'strict'] as const)('under %s: a complaint flags, a delay or a delivery never does', (preset) => {
    expect(answer(preset, entry(verdictOn({}, { kind: 'feedback' }), 'feedback'))).toBe('flag by complaint');
    expect(answer(preset, entry(verdictOn({ reportStatus: '5.1.1' }, { kind: 'delay' }), 'delay'))).toBe('ignore by no-failure');
    expect(answer(preset, entry(verdictOn({ reportStatus: '2.1.5' }, { kind: 'delivered' }), 'delivered'))).toBe(
      'ignore by no-failure',
    );
    expect(answer(preset, entry(verdictOn({}), 'auto_reply'))).toBe('ignore by no-failure');
  });

  it('that says nothing at all changes nothing', () => {
    expect(answer('standard', entry(verdictOn({})))).toBe('ignore by none');
    expect(answer('strict', entry(verdictOn({})))).toBe('ignore by none');
  });
});

it('gives every rule a name of its own and a reason', () => {
  for (const rules of Object.values(presets)) {
    expect(new Set(rules.map((rule) => rule.name)).size).toBe(rules.length);
    for (const rule of rules) expect(rule.why).toMatch(/\.$/);
  }
});
