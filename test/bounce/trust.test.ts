import { expect, it } from 'vitest';
import { analyze } from '../../src/bounce/index.ts';
import { parseMail } from '../../src/mime/index.ts';

const report = (returned: string) =>
  parseMail(
    Buffer.from(
      `From: MAILER-DAEMON@mx.example.org\nSubject: failure notice\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nFinal-Recipient: rfc822; anna@example.net\nAction: failed\nStatus: 5.1.1\n\n--b\nContent-Type: message/rfc822\n\n${returned}\n\nHello\n--b--\n`,
    ),
  );

it.each([
  ['From: News <news@shop.example.com>', 'correlated'],
  ['From: News <news@eu.shop.example.com>', 'correlated'],
  ['Message-ID: <1@shop.example.com>', 'correlated'],
  ['List-Id: News <news.shop.example.com>', 'correlated'],
  ['From: News <news@othershop.example.com>', 'unverified'],
  ['From: "news@shop.example.com" <x@example.org>', 'unverified'],
])('a returned mail with %s is %s to who sends from shop.example.com', (header, trust) => {
  expect(analyze(report(header), { senderDomains: ['shop.example.com'] }).trust).toBe(trust);
});

it('says unverified where no domains of ours are known', () => {
  expect(analyze(report('From: news@shop.example.com')).trust).toBe('unverified');
});
