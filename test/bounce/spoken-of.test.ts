import { describe, expect, it } from 'vitest';
import { verdictOn } from './classify.helper.ts';

// What calls an address dead may speak of the sender, of a relay, of an alias' target, or of an hour of maintenance.

const ANNA = { finalRecipient: 'anna@example.com' };
const senders = new Set(['news@shop.example.org']);
const faultOf = (diagnosticCode: string, fields: Parameters<typeof verdictOn>[0] = {}) =>
  verdictOn({ ...ANNA, diagnosticCode, ...fields }, { senders });

describe('an answer that speaks of the sender', () => {
  it.each([
    ['550 5.1.1 <news@shop.example.org>: user unknown', 'mail'],
    ['550 5.1.1 User unknown', 'mail'],
    ['550 5.1.1 <news@shop.example.org>: user unknown', 'rcpt'],
    ['554 The account news@shop.example.org you are sending from does not exist', null],
    ['550 No such user: authentication of SMTP user news@shop.example.org failed', null],
  ] as const)('%s, after %s, is no word about the recipient', (answer, command) => {
    expect(faultOf(answer, { command, reportStatus: '5.1.1' })).toMatchObject({ category: 'rejected', fault: 'sender_identity' });
  });

  it.each([
    '550 5.1.1 Alamat pengirim tidak ada',
    '550 5.1.1 Lähettäjää ei ole',
    '550 5.1.2 HELO mail.example.org: host unknown',
  ])('calls no address dead by its code alone: %s', (answer) => expect(faultOf(answer).fault).not.toBe('recipient'));

  it('is about the recipient where it names both', () => {
    expect(faultOf('550 5.1.1 <anna@example.com>: no such user; from <news@shop.example.org>').fault).toBe('recipient');
  });

  it('is about the recipient who wrote to himself', () => {
    const verdict = verdictOn(
      { ...ANNA, diagnosticCode: '550 5.1.1 <anna@example.com>: no such user' },
      { senders: new Set(['anna@example.com']) },
    );
    expect(verdict.fault).toBe('recipient');
  });
});

describe('an answer that speaks of somebody else', () => {
  it('blames nobody for the target of an alias elsewhere', () => {
    expect(faultOf('550 5.1.1 <carol@example.net>: user unknown')).toMatchObject({ category: 'user_unknown', fault: 'unknown' });
  });

  it.each([
    '550 5.1.1 <anna@mailhub.example.net>: user unknown',
    '550 5.1.1 <a.berger@example.com>: user unknown',
    '550 5.1.1 user unknown, write to <postmaster@example.net>',
  ])('takes for the recipient: %s', (answer) => {
    expect(faultOf(answer).fault).toBe('recipient');
  });
});

describe('a host that is not found', () => {
  const lookup = (name: string) => `Host or domain name not found. Name service error for name=${name} type=A: Host not found`;

  it('is not the recipient where it is a relay', () => {
    const verdict = faultOf(lookup('smtp.relay.example.org'), { reportStatus: '5.4.4', diagnosticType: 'x-postfix' });
    expect(verdict).toMatchObject({ category: 'host_unknown', fault: 'network' });
  });

  it.each(['example.com', 'mx.example.com'])('is the recipient where it is %s', (name) => {
    expect(faultOf(lookup(name), { reportStatus: '5.4.4', diagnosticType: 'x-postfix' }).fault).toBe('recipient');
  });

  it('is the recipient where it is the null MX', () => {
    expect(faultOf('550 5.1.2 <anna@example.com>... Host unknown (Name server: .: host not found)').fault).toBe('recipient');
  });
});

describe('an answer that says that it passes', () => {
  it.each([
    '550 5.1.1 Mailbox temporarily unavailable, please try again later',
    '550 5.1.1 user unknown (temporary failure of user database)',
    '550 5.1.1 <anna@example.com>: mailbox under maintenance, retry in 30 minutes',
    '550 5.1.1 Benutzer unbekannt, bitte später erneut versuchen',
  ])('calls no address dead: %s', (answer) => {
    expect(faultOf(answer).fault).not.toBe('recipient');
  });

  it.each(['550 5.1.1 The account does not currently exist', '550 5.1.1 No such user. Please check the address and try again.'])(
    'does not say so: %s',
    (answer) => {
      expect(faultOf(answer).fault).toBe('recipient');
    },
  );
});
