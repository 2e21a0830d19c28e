import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/bounce/index.ts';
import type { AnalyzeOptions } from '../../src/bounce/report.ts';
import { signReturnPath } from '../../src/bounce/return-path.ts';
import { parseMail } from '../../src/mime/index.ts';

const keys = [{ id: 'k1', secret: 'a-secret-of-thirty-two-signs-at-the-least' }];
const sentAt = new Date('2026-11-20T10:00:00Z');
const arrivedAt = new Date('2026-11-25T10:00:00Z');
const options: AnalyzeOptions = { returnPathKeys: keys, arrivedAt, senderDomains: ['example.com'] };
const sign = (recipient: string, date = sentAt) => signReturnPath(recipient, { returnPath: 'bounces@example.com', keys, date });
const signed = sign('Anna@example.net');
const read = (mail: string, given = options) => analyze(parseMail(Buffer.from(mail)), given);

interface Failed {
  readonly final?: string;
  readonly original?: string;
  readonly action?: string;
  readonly status?: string;
  readonly words?: string;
}

/** A report (RFC 3464) about these recipients, with more header lines of its own and of the returned mail. */
function dsn(header: string, recipients: readonly Failed[], returned = 'From: news@example.com\nSubject: News'): string {
  const groups = recipients.map(
    ({ final, original, action = 'failed', status = '5.1.1', words = '550 5.1.1 no such user here' }) =>
      `${final === undefined ? '' : `Final-Recipient: rfc822; ${final}\n`}${original === undefined ? '' : `Original-Recipient: rfc822; ${original}\n`}Action: ${action}\nStatus: ${status}\nDiagnostic-Code: smtp; ${words}\n\n`,
  );
  return `From: MAILER-DAEMON@mx.example.org (Mail Delivery System)\n${header}\nSubject: Undelivered Mail Returned to Sender\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n\nThe message could not be delivered.\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n${groups.join('')}--b\nContent-Type: text/rfc822-headers\n\n${returned}\n--b--\n`;
}

describe('a report to a signed return path', () => {
  it.each([
    ['To', `To: <${signed}>`],
    ['To, among others', `To: "The list" <list@example.com>, <${signed}>`],
    ['Delivered-To', `To: undisclosed-recipients:;\nDelivered-To: inbox@example.com\nDelivered-To: ${signed}`],
    ['X-Original-To', `X-Original-To: ${signed}\nDelivered-To: inbox@example.com\nTo: someone@example.com`],
    ['Envelope-To', `Envelope-To: ${signed}`],
    ['X-Delivered-To', `X-Delivered-To: ${signed}`],
    [
      'Received',
      `Received: from mx.example.org (mx.example.org [192.0.2.1])\n by mx.example.com with ESMTPS id 1 for <${signed}>; Wed, 25 Nov 2026 10:00:00 +0000`,
    ],
    ['To in capitals', `To: <${signed.toUpperCase()}>`],
    ['To, as a forwarder rewrote it', `To: <SRS0=ab12=XY=example.com=${signed.split('@')[0]}@forwarder.example>`],
  ])('is known by its %s', (_, header) => {
    const report = read(dsn(header, [{ final: 'anna@example.net' }]));
    expect(report).toMatchObject({ trust: 'signed', returnPathSignature: 'valid', kind: 'bounce' });
    expect(report.events).toMatchObject([
      { recipient: 'Anna@example.net', finalRecipient: 'anna@example.net', class: 'permanent', fault: 'recipient' },
    ]);
  });

  it.each([
    ['Return-Path', `Return-Path: <${signed}>`],
    [
      'Received of Exim',
      `Received: from a.example (a.example [192.0.2.1]) by b.example with esmtp (Exim 4.98)\n (envelope-from <${signed}>) id 1; Wed, 25 Nov 2026 10:00:00 +0000`,
    ],
    ['Received-SPF', `Received-SPF: pass (mx.example.org) client-ip=192.0.2.1; envelope-from="${signed}"; helo=mx.example.com`],
    ['Authentication-Results', `Authentication-Results: mx.example.org; spf=pass smtp.mailfrom=${signed}`],
  ])('is known by the %s of the returned mail', (_, header) => {
    expect(read(dsn('To: postmaster@example.com', [{ final: 'anna@example.net' }], header))).toMatchObject({
      trust: 'signed',
      events: [{ recipient: 'Anna@example.net' }],
    });
  });

  it('is about the signed address, whatever else it names: a forged one flags nobody', () => {
    const { trust, events } = read(dsn(`To: ${signed}`, [{ final: 'victim@example.org' }]));
    expect(trust).toBe('signed');
    expect(events.map((event) => event.recipient)).toEqual(['Anna@example.net']);
    expect(events[0]!.finalRecipient).toBe('victim@example.org');
    const several = read(dsn(`To: ${signed}`, [{ final: 'victim@example.org' }, { final: 'victim2@example.org' }]));
    expect(several.events.map((event) => event.recipient)).toEqual(['Anna@example.net']);
  });

  it('keeps the words about the signed address where others failed as well', () => {
    const { events } = read(
      dsn(`To: ${signed}`, [
        { final: 'bert@example.org', words: '552 5.2.2 mailbox full', status: '5.2.2' },
        { final: 'anna@example.net' },
      ]),
    );
    expect(events).toMatchObject([
      { recipient: 'Anna@example.net', category: 'user_unknown', finalRecipient: 'anna@example.net' },
    ]);
  });

  it('makes one event of an alias whose members failed, the mildest, and keeps them all', () => {
    const member = (final: string, more: Failed = {}) => ({ final, original: 'anna@example.net', ...more });
    const full = { status: '5.2.2', words: '552 5.2.2 mailbox full' };
    const mixed = read(dsn(`To: ${signed}`, [member('a@example.org'), member('b@example.org', full), member('c@example.org')]));
    expect(mixed.events).toMatchObject([
      {
        recipient: 'Anna@example.net',
        originalRecipient: 'anna@example.net',
        finalRecipient: 'b@example.org',
        otherFinalRecipients: ['a@example.org', 'c@example.org'],
        category: 'mailbox_full',
        class: 'temporary',
      },
    ]);
    const delivered = read(
      dsn(`To: ${signed}`, [
        member('a@example.org'),
        member('b@example.org', { action: 'delivered', status: '2.0.0', words: '250 ok' }),
      ]),
    );
    expect(delivered.events).toMatchObject([{ class: 'none', finalRecipient: 'b@example.org' }]);
    const dead = read(dsn(`To: ${signed}`, [member('a@example.org'), member('b@example.org')]));
    expect(dead.events).toMatchObject([{ recipient: 'Anna@example.net', fault: 'recipient' }]);
    expect(dead.events).toHaveLength(1);
  });

  it('names the recipient where the report does not', () => {
    const unnamed = read(dsn(`To: ${signed}`, [{ final: 'IMCEAEX-_O=EXAMPLE_OU=X@internal.example.org' }]));
    expect(unnamed.events).toMatchObject([{ recipient: 'Anna@example.net', fault: 'recipient', confidence: 'high' }]);
    const words = read(
      `From: MAILER-DAEMON@mx.example.org\nTo: ${signed}\nX-MS-Exchange-Message-Is-Ndr:\nSubject: Undeliverable: News\n\nYour message could not be delivered.\n550 5.1.1 no such user here\n`,
    );
    expect(words).toMatchObject({ kind: 'bounce', trust: 'signed', events: [{ recipient: 'Anna@example.net' }] });
  });

  it('finds a recipient that had no room in the address among those that the report names', () => {
    const long = 'maximiliane.musterfrau-beispielhausen@verwaltung.example.net';
    const address = sign(long);
    expect(address).not.toContain('maximiliane');
    const returned = `From: news@example.com\nTo: Max <${long}>`;
    expect(read(dsn(`To: ${address}`, [{ final: 'forwarded@example.org' }], returned))).toMatchObject({
      trust: 'signed',
      events: [{ recipient: long, finalRecipient: 'forwarded@example.org' }],
    });
    expect(read(dsn(`To: ${address}`, [{ final: 'forwarded@example.org' }]))).toMatchObject({
      trust: 'correlated',
      returnPathSignature: 'unmatched',
      events: [{ recipient: 'forwarded@example.org' }],
    });
  });

  it('is unverified when the signature is false or too old, even where the returned mail is ours', () => {
    const report = (to: string) => read(dsn(`To: ${to}`, [{ final: 'bert@example.org' }]));
    const forged = signed.replace('anna', 'bert').replace('+41nna', 'bert');
    expect(report(forged)).toMatchObject({ trust: 'unverified', returnPathSignature: 'wrong' });
    expect(report(sign('anna@example.net', new Date('2026-09-01')))).toMatchObject({
      trust: 'unverified',
      returnPathSignature: 'expired',
      events: [{ recipient: 'bert@example.org' }],
    });
    const foreign = signReturnPath('anna@example.net', {
      returnPath: 'bounces@example.com',
      keys: [{ id: 'x', secret: 'of somebody else, also of thirty-two signs' }],
      date: sentAt,
    });
    expect(report(foreign)).toMatchObject({ trust: 'correlated', returnPathSignature: 'unknown_key' });
  });

  it('is not signed where there are no keys, or no time to check the day', () => {
    const mail = dsn(`To: ${signed}`, [{ final: 'bert@example.org' }]);
    for (const given of [{}, { returnPathKeys: keys }, { returnPathKeys: [], arrivedAt }])
      expect(read(mail, given)).toMatchObject({
        trust: 'unverified',
        returnPathSignature: 'unsigned',
        events: [{ recipient: 'bert@example.org' }],
      });
  });

  it('may be a complaint, also one that names nobody', () => {
    const arf = (fields: string, returned: string) =>
      `From: fbl@isp.example\nTo: abuse@example.com\nSubject: Complaint\nContent-Type: multipart/report; report-type=feedback-report; boundary=b\n\n--b\n\nA complaint.\n--b\nContent-Type: message/feedback-report\n\nUser-Agent: fbl/1\nVersion: 1\n${fields}\n--b\nContent-Type: message/rfc822\n\n${returned}\n\nHello\n--b--\n`;
    const redacted = 'From: news@example.com\nTo: redacted@isp.example\nSubject: News';
    expect(read(arf(`Feedback-Type: abuse\nOriginal-Mail-From: <${signed}>\n`, redacted))).toMatchObject({
      kind: 'feedback',
      trust: 'signed',
      events: [{ recipient: 'Anna@example.net', category: 'feedback', confidence: 'high' }],
    });
    expect(read(arf('Feedback-Type: abuse\n', `Return-Path: <${signed}>\nFrom: news@example.com`))).toMatchObject({
      trust: 'signed',
      events: [{ recipient: 'Anna@example.net' }],
    });
    // Nobody complained: nobody is named.
    for (const type of ['not-spam', 'auth-failure'])
      expect(read(arf(`Feedback-Type: ${type}\nOriginal-Mail-From: <${signed}>\n`, redacted)).events).toEqual([]);
  });

  it('may be an automatic answer from another address', () => {
    const answer = `From: Anna Berg <anna.berg@example.org>\nTo: ${signed}\nSubject: Out of office\nAuto-Submitted: auto-replied\n\nI am away until Monday.\n`;
    expect(read(answer)).toMatchObject({
      kind: 'auto_reply',
      trust: 'signed',
      events: [{ recipient: 'Anna@example.net', finalRecipient: 'anna.berg@example.org', class: 'none' }],
    });
  });

  it('makes no report of a mail that is none', () => {
    const letter = `From: Anna <anna@example.net>\nTo: ${signed}\nSubject: Re: News\n\nPlease take me off your list.\n`;
    expect(read(letter)).toMatchObject({ kind: 'other', trust: 'signed', events: [] });
  });

  it('costs a bounded time, however many addresses it was sent to', () => {
    const many = Array.from({ length: 400 }, (_, i) => `Delivered-To: bounces+rbk1fz8mfrggzdfmztwq2lk${i}@example.com`).join(
      '\n',
    );
    expect(read(dsn(many, [{ final: 'bert@example.org' }])).trust).toBe('correlated');
    const long = sign('maximiliane.musterfrau-beispielhausen@verwaltung.example.net');
    const names = Array.from({ length: 3000 }, (_, i) => ({ final: `a${i}@example.org` }));
    expect(read(dsn(`To: ${Array(100).fill(long).join(', ')}`, names)).returnPathSignature).toBe('unmatched');
  });
});

it('names nobody but the signed address, whatever chance makes of the report', () => {
  const intact = Buffer.from(
    dsn(
      `To: ${signed}`,
      [{ final: 'bert@example.org' }, { final: 'anna@example.net' }],
      `Return-Path: <${signed}>\nFrom: news@example.com`,
    ),
  );
  fc.assert(
    fc.property(
      fc.array(fc.tuple(fc.nat(intact.length - 1), fc.nat(40), fc.uint8Array({ maxLength: 20 })), { minLength: 1, maxLength: 6 }),
      (changes) => {
        let raw = intact;
        for (const [at, cut, put] of changes) raw = Buffer.concat([raw.subarray(0, at), put, raw.subarray(at + cut)]);
        const { trust, events } = analyze(parseMail(raw), options);
        if (trust === 'signed') expect(events.filter((event) => event.recipient !== 'Anna@example.net')).toEqual([]);
      },
    ),
    { numRuns: 1000 },
  );
});

describe('an unsigned VERP', () => {
  const verp = 'bounces+anna=example.net@example.com';

  it('names the recipient where the report names none; a guess unless the report has the address, too', () => {
    const nobody = [{ final: 'IMCEAEX-_O=EXAMPLE_OU=X@internal.example.org' }];
    const [guess] = read(dsn(`To: ${verp}`, nobody)).events;
    expect(guess).toMatchObject({ recipient: 'anna@example.net', confidence: 'low' });
    expect(guess!.fault).not.toBe('recipient');
    const [sure] = read(dsn(`To: ${verp}`, nobody, 'From: news@example.com\nTo: anna@example.net\nCc: bert@example.net')).events;
    expect(sure).toMatchObject({ recipient: 'anna@example.net', fault: 'recipient' });
  });

  it('chooses among the ways to read it the one that the report has', () => {
    const returned = 'From: news@example.com\nTo: list@example.com\nX-Recipient: maria@example.net';
    const { events } = read(dsn('To: bounce-anna-maria=example.net@example.com', [{ final: '/dev/null' }], returned));
    expect(events).toMatchObject([{ recipient: 'maria@example.net' }]);
  });

  it('gives way to whom the report names: whoever writes a report can write this, too', () => {
    const { trust, events } = read(dsn(`To: ${verp}`, [{ final: 'bert@example.org' }]), {});
    expect({ trust, recipients: events.map((event) => event.recipient) }).toEqual({
      trust: 'unverified',
      recipients: ['bert@example.org'],
    });
  });
});
