import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/bounce/index.ts';
import { toRecord } from '../../src/bounce/record.ts';
import { CAMPAIGN_HEADERS } from '../../src/bounce/tables/campaign-headers.ts';
import { parseMail } from '../../src/mime/index.ts';

const report = (returned: string) =>
  analyze(
    parseMail(
      Buffer.from(
        `From: MAILER-DAEMON@mx.example.org\nSubject: failure notice\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; anna@example.net\nAction: failed\nStatus: 5.1.1\n\n--b\nContent-Type: message/rfc822\n\n${returned}\n\nHello\n--b--\n`,
      ),
    ),
  );

describe('what came back', () => {
  it('is read out of the header of the returned mail', () => {
    const { original } = report(
      [
        'Return-Path: <bounce+anna=example.net@shop.example.com>',
        'Authentication-Results: mx.example.net; spf=pass smtp.mailfrom=shop.example.com; dkim=fail (no key) header.d=shop.example.com; dmarc=pass (p=none)',
        'From: News <news@shop.example.com>',
        'To: anna@example.net',
        'Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=',
        'Date: Mon, 12 Oct 2026 08:00:00 +0000',
        'Message-ID: <1@shop.example.com>',
        'List-Id: <news.shop.example.com>',
        'List-Unsubscribe: <https://shop.example.com/u/1>,',
        ' <mailto:u+1@shop.example.com>',
        'Feedback-ID: c7:shop',
        'X-Campaign: autumn',
      ].join('\n'),
    );
    expect(original).toEqual({
      messageId: '<1@shop.example.com>',
      from: 'News <news@shop.example.com>',
      to: 'anna@example.net',
      subject: 'Grüße',
      date: 'Mon, 12 Oct 2026 08:00:00 +0000',
      listId: '<news.shop.example.com>',
      listUnsubscribe: '<https://shop.example.com/u/1>, <mailto:u+1@shop.example.com>',
      feedbackId: 'c7:shop',
      campaign: 'autumn',
      returnPath: 'bounce+anna=example.net@shop.example.com',
      verpRecipient: 'anna@example.net',
      authentication: { spf: 'pass', dkim: 'fail', dmarc: 'pass' },
    });
  });

  it('stands in the record under `original`, null where nothing came back', () => {
    expect(toRecord(report('From: news@example.com\nX-Campaign: autumn')).original).toMatchObject({
      from: 'news@example.com',
      campaign: 'autumn',
      list_unsubscribe: null,
      authentication: null,
    });
    expect(toRecord(analyze(parseMail(Buffer.from('Subject: Lunch?\n\nAre you free?\n')))).original).toBeNull();
  });

  it('is cut, in one line, and without control characters', () => {
    const { original } = report(`Subject: a\u0007b\u001b[31mc\nX-Campaign: ${'x'.repeat(100_000)}\nList-Id: ${' '.repeat(5000)}`);
    expect(original.subject).toBe('a b [31mc');
    expect(original.campaign).toBe('x'.repeat(998));
    expect(original.listId).toBeNull();
  });
});

describe('the campaign', () => {
  it.each([
    ['X-Mailgun-Tag: autumn', 'autumn'],
    ['X-Mailgun-Variables: {"my_campaign_id": 17}', '17'],
    ['X-SES-MESSAGE-TAGS: shop=berlin, campaign=autumn', 'autumn'],
    ['X-SES-CONFIGURATION-SET: bulk', 'bulk'],
    ['X-MSYS-API: {"campaign_id": "autumn", "options": {"open_tracking": false}}', 'autumn'],
    ['X-SMTPAPI: {"category": ["autumn", "news"], "unique_args": {"a": 1}}', 'autumn'],
    ['X-SMTPAPI: {"category": "autumn"', null],
    ['X-SMTPAPI: {"category": {"__proto__": 1}}', null],
    ['X-PM-Tag: autumn', 'autumn'],
    ['X-MC-Tags: autumn', 'autumn'],
    ['X-MC-User: 17', null],
    ['X-SG-EID: abc', null],
    ['X-Mailjet-Campaign: autumn', 'autumn'],
    ['X-Mailin-campaign: 17', '17'],
    ['X-Listmonk-Campaign: 57b8f91b-9859-41ed-a1db-58ac981f4a45', '57b8f91b-9859-41ed-a1db-58ac981f4a45'],
    ['X-CiviMail-Bounce: b.17.4711.0123456789abcdef@example.com', '17'],
    ['X-EMAIL-ID: 17', '17'],
    ['X-MessageID: 17', '17'],
    ['X-MessageID: <somebody-elses@example.com>', null],
    ['X-Mailer-LID: 1,2\nX-Mailer-SID: 17', '17'],
    ['Feedback-ID: autumn:customer:news:shop', 'autumn'],
    ['Feedback-ID: shop', null],
    ['Feedback-ID: a:b\nX-Campaign: autumn', 'autumn'],
    ['X-Campaign:\nX-Job: 17', '17'],
    ['Subject: none', null],
  ])('is read out of %s', (header, campaign) => {
    expect(report(header).original.campaign).toBe(campaign);
  });

  it('is known by headers that each stand in the table once, in lower case, with their source', () => {
    const names = CAMPAIGN_HEADERS.map((row) => row.name);
    expect(new Set(names).size).toBe(names.length);
    for (const row of CAMPAIGN_HEADERS) {
      expect(row.name).toBe(row.name.toLowerCase());
      expect(row.source.length).toBeGreaterThan(10);
    }
  });
});

describe('authentication', () => {
  it.each([
    ['Received-SPF: softfail (mx.example.net: weak) client-ip=192.0.2.1', { spf: 'softfail', dkim: null, dmarc: null }],
    [
      'Authentication-Results: mx.example.net; dkim=fail; dkim=pass header.d=example.com',
      { spf: null, dkim: 'pass', dmarc: null },
    ],
    [
      'Authentication-Results: a.example; spf=fail\nAuthentication-Results: b.example; spf=pass; dmarc=none',
      { spf: 'fail', dkim: null, dmarc: 'none' },
    ],
    ['Authentication-Results: mx.example.net; spf=hardfail; dkim = PERMERROR', { spf: 'fail', dkim: 'permerror', dmarc: null }],
    ['ARC-Authentication-Results: i=1; mx.example.net; dmarc=pass', { spf: null, dkim: null, dmarc: 'pass' }],
    ['Authentication-Results: mx.example.net; x-spf=pass; (spf=pass)', null],
    ['Authentication-Results: mx.example.net; none', null],
  ])('is read out of %s', (header, authentication) => {
    expect(report(header).original.authentication).toEqual(authentication);
  });

  it('is found in time in proportion to the header, whatever stands there', () => {
    for (const text of ['('.repeat(50_000), 'spf='.repeat(20_000), ' spf =  '.repeat(20_000)])
      expect(report(`Authentication-Results: ${text}`).original.authentication).toBeNull();
  });
});
