import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/bounce/index.ts';
import type { BounceReport } from '../../src/bounce/report.ts';
import { parseMail } from '../../src/mime/index.ts';

// The standards of reports, paragraph by paragraph, and the ways in which the world breaks them.

const HEADER = ['Return-Path: <>', 'From: MAILER-DAEMON@mx.example.org', 'To: news@shop.example.com', 'Subject: Returned mail'];

const read = (lines: readonly string[]): BounceReport => analyze(parseMail(Buffer.from(lines.join('\n'))));

interface Parts {
  readonly text?: readonly string[];
  readonly type?: string;
  readonly report?: string;
  readonly returned?: readonly string[];
  readonly returnedType?: string;
}

/** A multipart/report around these lines of its machine-readable part. */
function dsn(fields: readonly string[], parts: Parts = {}): readonly string[] {
  const { text = ['A message could not be delivered.'], type = 'message/delivery-status' } = parts;
  const { report = 'multipart/report; report-type=delivery-status', returned, returnedType = 'message/rfc822' } = parts;
  return [
    ...HEADER,
    `Content-Type: ${report}; boundary=b`,
    '',
    '--b',
    'Content-Type: text/plain; charset=utf-8',
    '',
    ...text,
    '',
    '--b',
    ...(type === '' ? [] : [`Content-Type: ${type}`]),
    '',
    ...fields,
    '',
    ...(returned === undefined ? [] : ['--b', `Content-Type: ${returnedType}`, '', ...returned, '']),
    '--b--',
    '',
  ];
}

const MESSAGE = ['Reporting-MTA: dns; mx.example.org', ''];
const ANNA = ['Final-Recipient: rfc822; anna@example.net', 'Action: failed', 'Status: 5.1.1'];

/** What matters of each event. */
const events = (report: BounceReport) =>
  report.events.map(({ recipient, action, status, reply }) => ({ recipient, action, status, reply }));
const FAILED = { recipient: 'anna@example.net', action: 'failed', status: '5.1.1', reply: null };

describe('RFC 3464, delivery status notifications', () => {
  it('§2.1: groups of fields, parted by empty lines, one a recipient', () => {
    const ben = ['Final-Recipient: rfc822; ben@example.net', 'Action: delayed', 'Status: 4.4.1'];
    const carl = ['Final-Recipient: rfc822; carl@example.net', 'Action: relayed', 'Status: 2.0.0'];
    const report = read(dsn([...MESSAGE, ...ANNA, '', '', ...ben, ' ', ...carl]));
    expect(report.kind).toBe('bounce');
    expect(report.reportingMta).toBe('mx.example.org');
    expect(events(report)).toEqual([
      FAILED,
      { recipient: 'ben@example.net', action: 'delayed', status: '4.4.1', reply: null },
      { recipient: 'carl@example.net', action: 'relayed', status: '2.0.0', reply: null },
    ]);
  });

  it('§2.1.1: folded fields, in any case of letters, with comments', () => {
    const report = read(
      dsn([
        'REPORTING-MTA: DNS;',
        '\tmx.example.org (the outer one)',
        '',
        'final-recipient: RFC822;',
        '   anna@example.net',
        'ACTION: Failed (no retries)',
        'status: 5.1.1 (no such mailbox)',
        'diagnostic-code: SMTP; 550 5.1.1',
        '  no such',
        '  mailbox',
      ]),
    );
    expect(report.reportingMta).toBe('mx.example.org');
    expect(report.events[0]).toMatchObject({ ...FAILED, reply: '550', diagnosticCode: '550 5.1.1 no such mailbox' });
  });

  it('§2.1.2: a field without its type keeps its text', () => {
    const report = read(
      dsn([
        'Reporting-MTA: mx.example.org',
        '',
        'Final-Recipient: <anna@example.net>',
        'Action: failed',
        'Status: 5.1.1',
        'Remote-MTA: mx1.example.net',
        'Diagnostic-Code: 550 no',
      ]),
    );
    expect(events(report)).toEqual([{ ...FAILED, reply: '550' }]);
    expect(report.reportingMta).toBe('mx.example.org');
    expect(report.events[0]).toMatchObject({ remoteMta: 'mx1.example.net', diagnosticCode: '550 no' });
  });

  it('§2.3.1: the original recipient is the one on the list, and both are kept', () => {
    const report = read(dsn([...MESSAGE, 'Original-Recipient: rfc822;list@shop.example.com', ...ANNA]));
    expect(report.events[0]).toMatchObject({
      recipient: 'list@shop.example.com',
      originalRecipient: 'list@shop.example.com',
      finalRecipient: 'anna@example.net',
    });
  });

  it('§2.3.3: a missing Action follows the status, a missing status the action', () => {
    const [final] = ANNA;
    expect(read(dsn([...MESSAGE, final!, 'Status: 5.1.1'])).kind).toBe('bounce');
    expect(read(dsn([...MESSAGE, final!, 'Status: 2.1.5'])).kind).toBe('delivered');
    expect(events(read(dsn([...MESSAGE, final!, 'Action: failed'])))).toEqual([{ ...FAILED, status: null }]);
  });

  it.each([
    ['failure', 'bounce'],
    ['undeliverable', 'bounce'],
    ['deferred', 'delay'],
    ['delayed (will retry)', 'delay'],
    ['expanded', 'delivered'],
    ['relayed (to non-DSN-aware mailer)', 'delivered'],
  ])('§2.3.3: Action: %s is a %s', (action, kind) => {
    expect(read(dsn([...MESSAGE, ANNA[0]!, `Action: ${action}`])).kind).toBe(kind);
  });

  it('§2.3.5: an empty or unknown remote host is none', () => {
    for (const value of ['dns;', 'dns; unknown', ''])
      expect(read(dsn([...MESSAGE, ...ANNA, `Remote-MTA: ${value}`])).events[0]!.remoteMta).toBeNull();
  });

  it('§2.3.6: of several diagnostics the one that holds a reply', () => {
    const report = read(
      dsn([...MESSAGE, ...ANNA, 'Diagnostic-Code: X-Postfix; mail for example.net', 'Diagnostic-Code: smtp; 550 5.1.1 no']),
    );
    expect(report.events[0]!.diagnosticCode).toBe('550 5.1.1 no');
  });

  it('reads the only group where the group of the message is missing, or both are one', () => {
    expect(events(read(dsn(ANNA)))).toEqual([FAILED]);
    const both = read(dsn([MESSAGE[0]!, ...ANNA]));
    expect(both.reportingMta).toBe('mx.example.org');
    expect(events(both)).toEqual([FAILED]);
  });

  it('passes over remarks between the fields, and over fields nobody knows', () => {
    expect(events(read(dsn([...MESSAGE, 'This one failed', 'X-Queue: 7', ...ANNA, 'Last-Attempt-Date: today'])))).toEqual([
      FAILED,
    ]);
  });
});

describe('RFC 6522, multipart/report in its broken forms', () => {
  it.each([
    ['without report-type', 'multipart/report'],
    ['as multipart/mixed', 'multipart/mixed'],
    ['as multipart/alternative', 'multipart/alternative'],
    ['with the wrong report-type', 'multipart/report; report-type=mail-status'],
    ['with quotes and capitals', 'Multipart/Report; Report-Type="Delivery-Status"'],
  ])('%s', (_, report) => {
    expect(events(read(dsn([...MESSAGE, ...ANNA], { report })))).toEqual([FAILED]);
  });

  it.each(['text/plain', 'message/x-delivery-status', 'text/delivery-status', 'message/rfc822-delivery-status', ''])(
    'its machine-readable part as "%s"',
    (type) => {
      expect(events(read(dsn([...MESSAGE, ...ANNA], { type })))).toEqual([FAILED]);
    },
  );

  it('as an attachment, base64', () => {
    const fields = Buffer.from([...MESSAGE, ...ANNA].join('\n')).toString('base64');
    const lines = [...HEADER, 'Content-Type: multipart/mixed; boundary=b', '', '--b', '', 'It failed.', '', '--b'];
    const part = [
      'Content-Type: message/delivery-status; name=details.txt',
      'Content-Disposition: attachment',
      'Content-Transfer-Encoding: base64',
    ];
    expect(events(read([...lines, ...part, '', fields, '--b--']))).toEqual([FAILED]);
  });

  it('cut off within the machine-readable part: what was read stays', () => {
    const lines = dsn([...MESSAGE, ...ANNA, '', 'Final-Recipient: rfc822; be']);
    expect(events(read(lines.slice(0, lines.indexOf('Final-Recipient: rfc822; be'))))).toEqual([FAILED]);
  });

  it('with only its words for people', () => {
    const report = read([
      ...HEADER,
      'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
      '',
      '--b',
      '',
      'Your message could not be delivered to:',
      '',
      '<anna@example.net>: 550 5.1.1 no such user',
      '--b--',
    ]);
    expect(events(report)).toEqual([{ ...FAILED, action: null, reply: '550' }]);
  });

  it('with the header of the returned mail alone (text/rfc822-headers, RFC 6522 §4)', () => {
    const returned = ['Message-ID: <m-1@shop.example.com>', 'Subject: Your order'];
    const report = read(dsn([...MESSAGE, ...ANNA], { returned, returnedType: 'text/rfc822-headers' }));
    expect(report.original).toMatchObject({ messageId: '<m-1@shop.example.com>', subject: 'Your order' });
  });

  it('inside a plain text, its fields at the beginning of lines', () => {
    expect(events(read([...HEADER, '', 'A message could not be delivered.', '', ...MESSAGE, ...ANNA]))).toEqual([FAILED]);
  });

  it('forwarded by a person as an attachment: it still is the report', () => {
    const lines = [
      'From: Eva <eva@shop.example.com>',
      'To: bounces@shop.example.com',
      'Subject: Fwd: Returned mail',
      'Content-Type: multipart/mixed; boundary=outer',
      '',
      '--outer',
      '',
      'see below',
      '--outer',
      'Content-Type: message/rfc822',
      '',
      ...dsn([...MESSAGE, ...ANNA]),
      '--outer--',
    ];
    expect(events(read(lines))).toEqual([FAILED]);
  });
});

describe('RFC 6533, international addresses', () => {
  it('§4: message/global-delivery-status with an address in UTF-8', () => {
    const fields = [...MESSAGE, 'Final-Recipient: utf-8; jörg@例え.example', 'Action: failed', 'Status: 5.1.1'];
    const report = read(dsn(fields, { type: 'message/global-delivery-status' }));
    expect(report.events[0]!.recipient).toBe('jörg@例え.example');
  });

  it('§3: the forms for lines that may hold only ASCII', () => {
    const fields = [...MESSAGE, 'Original-Recipient: utf-8; j\\x{F6}rg@example.net', ...ANNA];
    expect(read(dsn(fields)).events[0]).toMatchObject({
      originalRecipient: 'jörg@example.net',
      finalRecipient: 'anna@example.net',
    });
  });

  it('§5: the returned mail as message/global or message/global-headers', () => {
    const returned = ['Message-ID: <m-1@shop.example.com>', 'Subject: Grüße', 'From: Jörg <jörg@shop.example.com>'];
    for (const returnedType of ['message/global', 'message/global-headers'])
      expect(read(dsn([...MESSAGE, ...ANNA], { returned, returnedType })).original.subject).toBe('Grüße');
  });
});

describe('RFC 3461, ORCPT', () => {
  it('§4: xtext in Original-Recipient is undone, plus-addressing is not', () => {
    const original = (value: string) =>
      read(dsn([...MESSAGE, `Original-Recipient: ${value}`, ...ANNA])).events[0]!.originalRecipient;
    expect(original('rfc822;anna+2Bnews@example.com')).toBe('anna+2Bnews@example.com');
    expect(original('rfc822;anna+40example.com')).toBe('anna@example.com');
    expect(original('rfc822;anna+news@example.com')).toBe('anna+news@example.com');
  });

  it('an original recipient of another address type gives way to the final one', () => {
    expect(read(dsn([...MESSAGE, 'Original-Recipient: x400; /G=Anna/S=Berg/', ...ANNA])).events[0]!.recipient).toBe(
      'anna@example.net',
    );
  });
});

/** A disposition notification: RFC 8098 §3.1. */
function mdn(disposition: string, text: string, header: readonly string[] = []): readonly string[] {
  return [
    ...header,
    'From: Anna <anna@example.net>',
    'To: news@shop.example.com',
    'Subject: Automatically rejected mail',
    'Content-Type: multipart/report; report-type=disposition-notification; boundary=b',
    '',
    '--b',
    '',
    text,
    '--b',
    'Content-Type: message/disposition-notification',
    '',
    'Reporting-UA: mx.example.net; Mail System',
    'Final-Recipient: rfc822; anna@example.net',
    `Disposition: ${disposition}`,
    '--b--',
  ];
}

describe('RFC 8098, disposition notifications', () => {
  it.each([
    'manual-action/MDN-sent-manually; displayed',
    'automatic-action/MDN-sent-automatically; processed',
    'automatic-action/MDN-sent-automatically; dispatched',
    'manual-action/MDN-sent-automatically; deleted',
    'automatic-action/MDN-sent-automatically; deleted',
  ])('%s is no bounce', (disposition) => {
    const report = read(mdn(disposition, 'Your message was seen.'));
    expect([report.kind, report.events]).toEqual(['other', []]);
  });

  it('a refusal by a filter is one (Sieve `reject`, RFC 5429 §2.1)', () => {
    const words = 'Your message to <anna@example.net> was automatically rejected:\nI take no mail from shops.';
    const report = read(
      mdn('automatic-action/MDN-sent-automatically; deleted', words, ['Auto-Submitted: auto-replied (rejected)']),
    );
    expect(report.kind).toBe('bounce');
    expect(report.events.map(({ recipient }) => recipient)).toEqual(['anna@example.net']);
  });

  it('the same without the mark of RFC 3834, where the words say so', () => {
    const words = "The message was refused by the recipient's mail filtering program. Reason given was as follows:\n\nNo shops.";
    expect(read(mdn('automatic-action/MDN-sent-automatically; deleted', words)).kind).toBe('bounce');
  });
});

/** A complaint: RFC 5965 §2. */
function arf(fields: readonly string[], returned: readonly string[] = ['To: anna@example.net', 'From: news@shop.example.com']) {
  return [
    'From: fbl@example.net',
    'To: abuse@shop.example.com',
    'Subject: complaint',
    'Content-Type: multipart/report; report-type=feedback-report; boundary=b',
    '',
    '--b',
    '',
    'This is a report.',
    '--b',
    'Content-Type: message/feedback-report',
    '',
    ...fields,
    '',
    '--b',
    'Content-Type: message/rfc822',
    '',
    ...returned,
    '',
    '--b--',
  ];
}

describe('RFC 5965, feedback reports', () => {
  const recipients = (lines: readonly string[]) => read(lines).events.map(({ recipient, confidence }) => [recipient, confidence]);

  it('§3.2: every Original-Rcpt-To', () => {
    const fields = ['Feedback-Type: abuse', 'Original-Rcpt-To: <anna@example.net>', 'Original-Rcpt-To: rfc822; ben@example.net'];
    expect(recipients(arf(fields)).map(([recipient]) => recipient)).toEqual(['anna@example.net', 'ben@example.net']);
  });

  it('without it the To of the returned mail, with little confidence', () => {
    expect(recipients(arf(['Feedback-Type: abuse']))).toEqual([['anna@example.net', 'low']]);
  });

  it.each(['fraud', 'virus', 'other', 'opt-out'])('%s is a complaint', (type) => {
    expect(recipients(arf([`Feedback-Type: ${type}`, 'Original-Rcpt-To: anna@example.net'])).length).toBe(1);
  });

  it.each(['auth-failure', 'dmarc', 'not-spam'])('%s blames nobody', (type) => {
    const report = read(arf([`Feedback-Type: ${type}`, 'Original-Rcpt-To: anna@example.net']));
    expect([report.kind, report.events]).toEqual(['feedback', []]);
  });

  it('a part of a wrong type, known by its fields', () => {
    const lines = arf(['Feedback-Type: abuse', 'User-Agent: FBL/1.0', 'Version: 1', 'Original-Rcpt-To: anna@example.net']);
    expect(read(lines.map((line) => line.replace('message/feedback-report', 'text/plain'))).kind).toBe('feedback');
  });
});

describe('RFC 3834, automatic answers', () => {
  const answer = (header: readonly string[], text = 'I shall read it later.') =>
    read(['From: Anna <anna@example.net>', 'To: news@shop.example.com', ...header, '', text]);

  it.each([
    ['Auto-Submitted: auto-replied'],
    ['Auto-Submitted: auto-replied (vacation)'],
    ['Auto-Submitted: auto-replied; owner-email="anna@example.net"'],
    ['X-Autoreply: yes'],
    ['X-Autorespond: Your order'],
    ['Precedence: auto_reply'],
    ['X-Auto-Response-Suppress: All\nSubject: Automatic reply: Your order'],
    ['Subject: Abwesenheitsnotiz: Ihre Bestellung'],
    ['Subject: Réponse automatique : commande'],
    ['Subject: 自動返信: ご注文'],
    ['Subject: Автоответ: заказ'],
    ['Subject: Automatické odpovědi: objednávka'],
    ['Subject: Otomatik Yanıt: sipariş'],
    ['Subject: Automaattinen vastaus: tilaus'],
    ['Subject: Autosvar: ordre'],
    ['Subject: 부재중 자동 응답: 주문'],
  ])('%s', (header) => {
    expect(answer(header.split('\n')).kind).toBe('auto_reply');
  });

  it('Auto-Submitted: no, and auto-generated mails that answer nothing, are none', () => {
    expect(answer(['Auto-Submitted: no', 'Subject: hello']).kind).toBe('other');
    expect(answer(['Auto-Submitted: auto-generated', 'Subject: Report of the night']).kind).toBe('other');
  });
});
