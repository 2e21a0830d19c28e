import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/bounce/index.ts';
import { parseMail } from '../../src/mime/index.ts';
import { FIXTURES, mailsBelow, tryOne } from '../fuzz/run.ts';
import { faultsOf } from './fuzz-invariant.ts';
import { MUTATIONS, mutated } from './mutate.ts';

const mails = mailsBelow(FIXTURES);
const SEED = 1;
const MAILS = 3000;
/** CPU milliseconds: a guard against a pattern that runs away, no measure. */
const HANGS = 2000;

describe('damaged mails', () => {
  it(`get a sound answer, twice the same, and never an exception (${MAILS} of them)`, { timeout: 300_000 }, () => {
    for (let n = 0; n < MAILS; n++) {
      const { faults, cpuMs, mail } = tryOne(mails, SEED, n);
      expect(cpuMs, `mail ${n}: ${mail.story.join(', ')}`).toBeLessThan(HANGS);
      expect(faults, `npm run fuzz -- --seed ${SEED} --only ${n}  (${mail.story.join(', ')})`).toEqual([]);
    }
  });

  it('are the same for the same seed and number, and others for others', () => {
    const bytes = (seed: number, n: number) => mutated(mails, seed, n).bytes;
    for (const n of [0, 1, 2]) expect(bytes(7, n).equals(bytes(7, n))).toBe(true);
    expect(bytes(7, 0).equals(bytes(7, 1))).toBe(false);
    expect(bytes(7, 0).equals(bytes(8, 0))).toBe(false);
  });

  it('have met every damage there is', () => {
    const met = new Set(Array.from({ length: 500 }, (_, n) => mutated(mails, SEED, n).story.slice(1)).flat());
    expect([...met].sort()).toEqual(Object.keys(MUTATIONS).sort());
  });
});

describe('an answer is found unsound', () => {
  const sound = analyze(parseMail(Buffer.from('From: a@example.com\nSubject: x\n\nfailed\n')));
  const event = {
    recipient: 'a@example.com',
    originalRecipient: null,
    finalRecipient: null,
    action: null,
    class: 'permanent',
    category: 'user_unknown',
    fault: 'recipient',
    status: '5.1.1',
    reply: '550',
    diagnosticCode: null,
    remoteMta: null,
    provider: 'other',
    rule: 'iana/5.1.1',
    evidence: '',
    confidence: 'high',
    replyText: null,
  } as const;
  const bounce = { ...sound, kind: 'bounce', events: [event] } as const;

  it.each<[string, unknown, RegExp]>([
    ['with a kind that is none', { ...sound, kind: 'x' }, /kind/],
    ['with events of kind other', { ...bounce, kind: 'other' }, /kind other/],
    ['with a category that is none', { ...bounce, events: [{ ...event, category: 'x' }] }, /category/],
    ['with a recipient without @', { ...bounce, events: [{ ...event, recipient: 'a' }] }, /no address/],
    ['with a blank in a recipient', { ...bounce, events: [{ ...event, recipient: 'a b@example.com' }] }, /must not/],
    [
      'with a control character in a recipient',
      { ...bounce, events: [{ ...event, recipient: 'a\u0000@example.com' }] },
      /must not/,
    ],
    ['with half a character in a recipient', { ...bounce, events: [{ ...event, recipient: '\ud800@example.com' }] }, /must not/],
    ['with an endless string', { ...sound, subject: 'x'.repeat(20_000) }, /subject has 20000/],
    ['with a code that is none', { ...bounce, events: [{ ...event, status: '9.1.1' }] }, /status/],
  ])('%s', (_, report, fault) => {
    expect(faultsOf(bounce)).toEqual([]);
    expect(faultsOf(report as typeof sound).join()).toMatch(fault);
  });
});
