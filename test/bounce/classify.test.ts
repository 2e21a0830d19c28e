import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verdictOn, verdictOnAnswer } from './classify.helper.ts';

describe('an address that is dead', () => {
  it.each([
    ['550 5.1.1 <anna@example.com>: Recipient address rejected: User unknown in virtual mailbox table', 'user_unknown'],
    [
      '550-5.1.1 The email account that you tried to reach does not exist. Please try\n550 5.1.1 double-checking gsmtp',
      'user_unknown',
    ],
    ['550 No such user here', 'user_unknown'],
    ["Sorry, I couldn't find any host named nowhere.example. (#5.1.2)", 'host_unknown'],
    ['556 5.1.10 Domain nowhere.example has a null MX', 'not_accept'],
    ['550 5.1.6 Anna has moved', 'has_moved'],
    ['550 Benutzer unbekannt', 'user_unknown'],
    ['550 Utilisateur inconnu', 'user_unknown'],
    ['550 宛先不明', 'user_unknown'],
  ])('%j: fault of the recipient, permanent', (answer, category) => {
    expect(verdictOnAnswer(answer)).toMatchObject({ class: 'permanent', category, fault: 'recipient' });
  });

  it('is not called dead by a refusal that may pass', () => {
    expect(verdictOnAnswer('450 4.1.1 <anna@example.com>: User unknown')).toMatchObject({
      class: 'temporary',
      category: 'user_unknown',
      fault: 'recipient_temporary',
    });
    expect(verdictOnAnswer('450 4.1.2 Domain not found')).toMatchObject({ class: 'temporary', fault: 'network' });
  });

  it('is not called dead by "mailbox unavailable" alone, which RFC 5321 also gives for refusals by policy', () => {
    const answer = '550 Requested action not taken: mailbox unavailable';
    expect(verdictOnAnswer(answer)).toMatchObject({ category: 'user_unknown', fault: 'unknown' });
    expect(verdictOnAnswer(answer, { command: 'rcpt' })).toMatchObject({ category: 'user_unknown', fault: 'recipient' });
    expect(verdictOnAnswer(answer, { remoteMta: 'mx3.hotmail.com' })).toMatchObject({
      category: 'user_unknown',
      fault: 'recipient',
    });
    expect(
      verdictOnAnswer(`${answer.slice(0, 3)} 5.5.0 ${answer.slice(4)}`, { remoteMta: 'example-com.olc.protection.outlook.com' }),
    ).toMatchObject({
      category: 'user_unknown',
      fault: 'recipient',
      rule: 'microsoft/5.5.0',
    });
  });

  it('is not called dead when the user is unknown only after the mail was seen', () => {
    expect(verdictOnAnswer('550 Unknown user', { command: 'eod' })).toMatchObject({
      category: 'filtered',
      fault: 'recipient_policy',
    });
    expect(verdictOnAnswer('550 5.1.1 Unknown user', { command: 'eod' })).toMatchObject({
      category: 'user_unknown',
      fault: 'recipient',
    });
  });

  it('is not called dead by an answer about the sender', () => {
    expect(verdictOnAnswer('550 5.1.8 Domain not found')).toMatchObject({ category: 'rejected', fault: 'sender_identity' });
    expect(verdictOnAnswer('550 Domain not found', { command: 'mail' })).toMatchObject({
      category: 'rejected',
      fault: 'sender_identity',
    });
    expect(verdictOnAnswer('554 No such user here', { command: 'connect' })).toMatchObject({
      category: 'blocked',
      fault: 'sender_reputation',
    });
  });

  it('is not called dead by words that stand somewhere in the report', () => {
    expect(verdictOn({ diagnosticCode: '550 xyzzy' }, { text: 'Perhaps there is no such user.' })).toMatchObject({
      category: 'user_unknown',
      fault: 'unknown',
      confidence: 'low',
    });
  });

  it('is not called dead where the address was only guessed', () => {
    expect(verdictOnAnswer('550 5.1.1 No such user', { addressConfidence: 'low' })).toMatchObject({
      category: 'user_unknown',
      fault: 'unknown',
    });
  });

  it('is not called dead by NTT docomo, which answers so for closed mailboxes too', () => {
    expect(verdictOnAnswer('550 Unknown user anna@docomo.ne.jp', { remoteMta: 'mfsmax.docomo.ne.jp' })).toMatchObject({
      category: 'filtered',
      fault: 'recipient_policy',
    });
  });

  it('is not called dead by a Status field that the reporting server made of a bare 550', () => {
    expect(verdictOn({ diagnosticCode: '550 xyzzy', reportStatus: '5.1.1' })).toMatchObject({
      category: 'user_unknown',
      fault: 'unknown',
    });
    expect(verdictOn({ reportStatus: '5.1.1' })).toMatchObject({ category: 'user_unknown', fault: 'recipient' });
  });

  it('is suspended, and for a person to judge, unless the words say for good', () => {
    expect(verdictOnAnswer('550 5.2.1 The email account that you tried to reach is disabled')).toMatchObject({
      category: 'suspended',
      fault: 'recipient_policy',
    });
    expect(verdictOnAnswer('550 5.2.1 This account has been permanently disabled')).toMatchObject({
      category: 'suspended',
      fault: 'recipient',
    });
  });
});

describe('words overrule the code', () => {
  it.each([
    // code says dead, words say alive
    ['550 5.1.1 Message rejected: your IP 192.0.2.1 is listed in an RBL', 'blocked', 'sender_reputation'],
    ['550 5.1.1 <anna@example.com> quota exceeded', 'mailbox_full', 'recipient_temporary'],
    [
      '550 5.2.1 The user you are trying to contact is receiving mail at a rate that prevents delivery',
      'rate_limited',
      'recipient_temporary',
    ],
    // code says policy, words say dead
    ['550 5.7.1 No such user', 'user_unknown', 'recipient'],
    ['554 5.4.1 Relay access denied', 'no_relaying', 'receiver_system'],
    ['550 5.7.1 SPF check failed', 'auth_failure', 'sender_identity'],
    ['554 5.7.1 Message contains spam', 'spam_detected', 'content'],
    ['550 5.0.0 Cannot find your reverse DNS', 'require_ptr', 'sender_identity'],
  ])('%j', (answer, category, fault) => {
    expect(verdictOnAnswer(answer)).toMatchObject({ category, fault });
  });

  it('reads no cause out of the address itself', () => {
    expect(verdictOnAnswer('550 5.1.1 <spam.quota.exceeded@example.com> User unknown').category).toBe('user_unknown');
  });

  it('reads no cause out of the inside of a word', () => {
    expect(verdictOnAnswer('550 nospammers.example does not like this').category).toBe('undefined');
  });
});

describe('codes that decide nothing by themselves', () => {
  it.each(['550 5.4.1', '550 5.7.1', '554 5.0.0', '550 5.1.0 xyzzy', '550 xyzzy', '554'])(
    '%j is undefined, nobody’s fault',
    (answer) => {
      expect(verdictOnAnswer(answer)).toMatchObject({ class: 'permanent', category: 'undefined', fault: 'unknown' });
    },
  );

  it('leaves the class open where not even a digit is told', () => {
    expect(verdictOn({ context: 'Something went wrong.' })).toMatchObject({
      class: 'undetermined',
      category: 'undefined',
      fault: 'unknown',
      rule: 'none',
    });
  });

  it('believes a report that calls its own error permanent, and blames nobody', () => {
    expect(verdictOn({ diagnosticCode: 'This is a permanent error.' })).toMatchObject({
      class: 'permanent',
      category: 'undefined',
      fault: 'unknown',
    });
  });
});

describe('the class', () => {
  it.each([
    ['552 5.2.2 Mailbox full', 'temporary'],
    ['554 5.3.1 Disk full', 'temporary'],
    ['550 5.7.1 Too many connections from your host', 'temporary'],
    ['550 5.7.1 Rate limit exceeded', 'temporary'],
    ['550 5.4.7 Message expired', 'temporary'],
    ['552 5.3.4 Message too big', 'permanent'],
    ['450 4.7.1 Greylisted', 'temporary'],
    ['421 4.7.0 Blocked, try later', 'temporary'],
  ])('of %j is %s', (answer, expected) => {
    expect(verdictOnAnswer(answer).class).toBe(expected);
  });

  it("follows the remote answer, not the report's own status", () => {
    expect(verdictOnAnswer('451 4.3.0 try again', { reportStatus: '5.0.0' }).class).toBe('temporary');
    expect(verdictOnAnswer('550 no such user', { reportStatus: '4.0.0' }).class).toBe('permanent');
  });

  it('of a host that was never reached is temporary, and a final report of it means that the time was up', () => {
    const fields = { reportStatus: '4.4.1', diagnosticCode: 'connect to mx.example.com[192.0.2.1]:25: Connection timed out' };
    expect(verdictOn(fields)).toMatchObject({ class: 'temporary', category: 'expired' });
    expect(verdictOn(fields, { kind: 'delay' })).toMatchObject({ class: 'temporary', category: 'network_error' });
  });

  it('of a delay is temporary whatever the code', () => {
    expect(verdictOn({ reportStatus: '5.1.1' }, { kind: 'delay' })).toMatchObject({
      class: 'temporary',
      fault: 'recipient_temporary',
    });
  });

  it('of a delivery and of a complaint is none', () => {
    expect(verdictOn({ reportStatus: '2.1.5' }, { kind: 'delivered' })).toMatchObject({
      class: 'none',
      category: 'delivered',
      status: '2.1.5',
    });
    expect(verdictOn({}, { kind: 'feedback' })).toMatchObject({ class: 'none', category: 'feedback', fault: 'recipient_policy' });
  });
});

describe('wrapped answers', () => {
  it.each([
    [
      '550 5.0.350 Remote server returned an error -> 550 5.1.1 <anna@example.com> User unknown',
      'user_unknown',
      'permanent',
      '5.0.350',
    ],
    ['550 5.0.350 Remote server returned an error -> 552 5.2.2 Over quota', 'mailbox_full', 'temporary', '5.0.350'],
    ['550 5.7.350 Remote server returned message detected as spam -> 554 5.7.1 no', 'spam_detected', 'permanent', '5.7.350'],
    [
      '550 5.1.351 Remote server returned unknown recipient or mailbox unavailable -> 550 no',
      'user_unknown',
      'permanent',
      '5.1.351',
    ],
    ['550 5.7.23 refused -> 550 5.7.1 Relaying denied', 'no_relaying', 'permanent', '5.7.23'],
    ['550 5.0.350 Remote server returned an error -> 550 5.0.0 xyzzy', 'undefined', 'permanent', '5.0.350'],
  ])('%j', (answer, category, expected, status) => {
    expect(verdictOnAnswer(answer)).toMatchObject({ category, class: expected, status });
  });
});

it('takes the class of a wrapped answer from what it wraps', () => {
  expect(verdictOnAnswer('550 5.0.350 Remote server returned an error -> 421 4.4.2 Connection lost').class).toBe('temporary');
  expect(verdictOnAnswer('451 4.0.350 Remote server returned an error -> 550 5.1.1 User unknown').fault).not.toBe('recipient');
});

describe('clashes between Microsoft and the registry', () => {
  it.each([
    ['5.7.13', 'rejected', 'security_error'],
    ['5.7.12', 'rejected', 'security_error'],
    ['5.1.10', 'user_unknown', 'not_accept'],
    ['5.1.8', 'rejected', 'rejected'],
  ])('%s means %s at Microsoft and %s elsewhere', (status, microsoft, registry) => {
    expect(verdictOnAnswer(`550 ${status} xyzzy`, { remoteMta: 'example-com.mail.protection.outlook.com' }).category).toBe(
      microsoft,
    );
    expect(verdictOnAnswer(`550 ${status} xyzzy`, { remoteMta: 'mx.example.com' }).category).toBe(registry);
  });

  it('knows Microsoft by its words where the host does not tell', () => {
    expect(verdictOnAnswer('550 5.7.13 xyzzy [AB1CD01MB0001.eurprd01.prod.outlook.com]').category).toBe('rejected');
  });

  it('does not hold Microsoft at fault for what another host answered, though it wrote the report', () => {
    const verdict = verdictOnAnswer('550 5.7.13 xyzzy', { remoteMta: 'mx.example.com' });
    expect(verdict.rule).toBe('iana/5.7.13');
  });

  it('tells a full mailbox from the quota of the sender, both 5.2.2', () => {
    expect(verdictOnAnswer('554 5.2.2 mailbox full; STOREDRV.Deliver')).toMatchObject({
      category: 'mailbox_full',
      fault: 'recipient_temporary',
    });
    expect(verdictOnAnswer('550 5.2.2 Submission quota exceeded')).toMatchObject({
      category: 'rate_limited',
      fault: 'sender_account',
      class: 'temporary',
    });
  });

  it('reads "432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded" as a limit', () => {
    expect(verdictOnAnswer('432 4.3.2 STOREDRV.Deliver; recipient thread limit exceeded')).toMatchObject({
      status: '4.3.2',
      reply: '432',
      class: 'temporary',
      category: 'rate_limited',
    });
  });
});

describe('where the words stand', () => {
  it('takes the remote words before the text around the recipient, and that before the rest of the report', () => {
    const text = 'The message was too big.';
    const context = 'anna@example.com: mailbox full';
    expect(verdictOn({ diagnosticCode: '550 No such user', context }, { text }).category).toBe('user_unknown');
    expect(verdictOn({ diagnosticCode: '550 xyzzy', context }, { text }).category).toBe('mailbox_full');
    expect(verdictOn({ diagnosticCode: '550 xyzzy' }, { text })).toMatchObject({
      category: 'message_too_big',
      confidence: 'low',
    });
  });

  it('shows the line that decided, not more than 300 characters', () => {
    const { evidence } = verdictOnAnswer(`550 5.1.1 ${'x'.repeat(1000)} no such user ${'y'.repeat(1000)}`);
    expect(evidence).toContain('no such user');
    expect(evidence.length).toBeLessThanOrEqual(300);
  });

  it('takes an exit status for a program that failed', () => {
    expect(verdictOn({ diagnosticType: 'x-unix', diagnosticCode: '75', reportStatus: '4.2.0' })).toMatchObject({
      category: 'mailer_error',
      class: 'temporary',
    });
  });

  it('is not more certain of the cause than of the address', () => {
    expect(verdictOnAnswer('550 5.1.1 No such user', { addressConfidence: 'low' }).confidence).toBe('low');
    expect(verdictOnAnswer('550 5.1.1 No such user').confidence).toBe('high');
  });
});

describe('whatever the text', () => {
  const words = fc.constantFrom(
    '550',
    '5.1.1',
    '->',
    'mailbox',
    'full',
    'user',
    'unknown',
    '<a@b>',
    '\n',
    '@',
    '.',
    '5.',
    '550-',
    'spam',
    '\u0000',
    '\ud800',
    'İ',
    'ﬁ',
  );
  const text = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 400 }),
    fc.array(words, { maxLength: 200 }).map((list) => list.join(' ')),
  );

  it('gives a verdict of bounded size and never throws', () => {
    fc.assert(
      fc.property(text, text, text, fc.option(text, { nil: null }), (answer, context, report, status) => {
        const verdict = verdictOn({ diagnosticCode: answer, context, reportStatus: status }, { text: report });
        expect(verdict.evidence.length).toBeLessThanOrEqual(300);
        expect(verdict.replyText?.length ?? 0).toBeLessThanOrEqual(240);
        expect(['permanent', 'temporary', 'undetermined', 'none']).toContain(verdict.class);
        if (verdict.class !== 'permanent') expect(verdict.fault).not.toBe('recipient');
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['one character', 'a'],
    ['at signs', '@'],
    ['spaces', ' '],
    ['digits and dots', '5.1.'],
    ['beginnings of codes', '550-'],
    ['beginnings of phrases', 'mailbox '],
    ['colons', '0:'],
    ['a long word', 'a-'],
    ['hosts', 'a.'],
    ['arrows', '->5.1.1'],
  ])('takes no longer than its bound for a million of %s', (_, unit) => {
    const long = unit.repeat(1_000_000 / unit.length);
    verdictOn({ diagnosticCode: long, context: long }, { text: long });
    const start = performance.now();
    verdictOn({ diagnosticCode: long, context: long }, { text: long });
    // Only the beginning is read: a few milliseconds here, more on a busy machine; backtracking would take minutes.
    expect(performance.now() - start).toBeLessThan(250);
  });
});
