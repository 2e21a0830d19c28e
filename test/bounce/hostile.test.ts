import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/bounce/index.ts';
import type { BounceReport } from '../../src/bounce/report.ts';
import { parseMail } from '../../src/mime/index.ts';

const ROOT = join(import.meta.dirname, '..', 'fixtures');
const fixtures = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.eml'))
  .sort()
  .map((path) => readFileSync(join(ROOT, path)));

/** Milliseconds a mail may cost; far above what is measured, far below what a runaway pattern costs. */
const BOUND = 1000;

function read(raw: Uint8Array): BounceReport {
  const started = performance.now();
  const report = analyze(parseMail(raw));
  expect(performance.now() - started).toBeLessThan(BOUND);
  expect(JSON.stringify(report).length).toBeLessThan(4_000_000);
  return report;
}

const DAEMON = 'Return-Path: <>\nFrom: MAILER-DAEMON@mx.example.org\nSubject: failure notice\n';
const ANNOUNCED = `${DAEMON}\nYour message could not be delivered to the following addresses.\n\n`;
const DSN = `${DAEMON}Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\nContent-Type: message/delivery-status\n\nReporting-MTA: dns; mx.example.org\n\n`;

/** A report on a thousand, with words about each in its text. */
function manyRecipients(words: (i: number) => string): string {
  const all = Array.from({ length: 1000 }, (_, i) => i);
  const groups = all.map((i) => `Final-Recipient: rfc822; u${i}@example.net\nAction: failed\nStatus: 5.0.0\n`);
  const text = `   ----- Transcript of session follows -----\n${all.map(words).join('')}`;
  return `${DSN}${groups.join('\n')}\n--b\n\n${text}\n--b--\n`;
}

/** Words with which lines of the dialects begin, and by which they are known. */
const DIALECTS = [
  'Hi. This is the ',
  '<anna@example.net>: ',
  '<anna@example.net> (expanded from <ben@example.net>): ',
  'This message was created automatically by mail delivery software\n  anna@example.net\n    (generated from ',
  'This is the mail system at host ',
  'This is the MAILER-DAEMON, please DO NOT REPLY to the following list of recipients:\nanna@example.net: ',
  '   ----- The following addresses had permanent fatal errors -----\n   ----- Transcript of session follows -----\n>>> ',
  'running the Courier mail server\nUNDELIVERABLE MAIL\n<anna@example.net>:\n    mx.example.net [192.0.2.7]: ',
  'This is the DragonFly Mail Agent\nerror delivering your mail to <anna@example.net> ',
  'Technical details of permanent failure:',
  'was not delivered to:\nanna@example.net\nbecause: ',
  'The message that you sent was undeliverable to the following:\n\tanna@example.net (',
  'Unknown user:',
  'Delivery failed 20 attempts:',
  'Could not be delivered because of\nThe following recipients were affected:\n ',
  'anna@example.net Invalid Address, ERROR_CODE :550',
  '[Status: Error, Address: <anna@example.net>, ResponseCode 421, ',
  'Mon 2026-10-12 08:59:59: --> RCPT To:<anna@example.net>',
  'Empfänger: ',
  'rcpt[1].addr=',
];

describe.each(DIALECTS)('the words of a dialect, "%s", cost a bounded time', (words) => {
  it.each([
    ['with blanks behind them', `${words}${' '.repeat(60_000)}x`],
    ['again and again', `${words}\n`.repeat(60_000 / words.length)],
    ['in one line', `${words} `.repeat(60_000 / words.length)],
  ])('%s', (_, text) => {
    read(Buffer.from(`${DAEMON}\n${words}\n${text}`));
  });
});

describe('hostile mails cost a bounded time and give a bounded answer', () => {
  it.each<[string, () => string | Buffer]>([
    ['nothing', () => ''],
    ['NUL bytes only', () => Buffer.alloc(1_000_000)],
    ['0xFF only', () => Buffer.alloc(1_000_000, 0xff)],
    [
      '2,000 nested parts',
      () => Array.from({ length: 2000 }, (_, i) => `Content-Type: multipart/mixed; boundary=b${i}\n\n--b${i}\n`).join(''),
    ],
    ['2,000 nested mails', () => 'Content-Type: message/rfc822\n\n'.repeat(2000)],
    ['5,000 parts', () => `Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(5000)}`],
    ['a header line of 5 MB', () => `Subject: ${'a'.repeat(5_000_000)}\n\nx`],
    ['a header line of 1 MB in encoded words', () => `${DAEMON}X-A: ${'=?utf-8?Q?=C3=A4?= '.repeat(50_000)}\n\nx`],
    ['100,000 header lines', () => `${'X-A: b\n'.repeat(100_000)}\nx`],
    ['100,000 lines', () => `${ANNOUNCED}${'words that say nothing\n'.repeat(100_000)}`],
    ['100,000 empty lines', () => `${ANNOUNCED}${'\n'.repeat(100_000)}`],
    ['one line of 1 MB', () => `${ANNOUNCED}${'could not be '.repeat(80_000)}`],
    ['one line of at signs', () => `${ANNOUNCED}${'@'.repeat(500_000)}`],
    ['one line of a@', () => `${ANNOUNCED}${'a@'.repeat(250_000)}`],
    ['one line of a.', () => `${ANNOUNCED}<x@${'a.'.repeat(250_000)}>`],
    [
      '20,000 addresses',
      () => `${ANNOUNCED}${Array.from({ length: 20_000 }, (_, i) => `<u${i}@example.net>: 550 5.1.1 no\n`).join('')}`,
    ],
    [
      '20,000 recipients in fields',
      () =>
        `${DSN}${Array.from({ length: 20_000 }, (_, i) => `Final-Recipient: rfc822; u${i}@example.net\nAction: failed\nStatus: 5.1.1\n\n`).join('')}`,
    ],
    [
      '1,000 recipients, each in the transcript',
      () => manyRecipients((i) => `>>> RCPT To:<u${i}@example.net>\n<<< 550 5.1.1 no\n`),
    ],
    ['1,000 recipients, none in the transcript', () => manyRecipients(() => '>>> DATA\n<<< 550 5.1.1 unknown user mailbox\n')],
    ['1,000 recipients in one paragraph', () => manyRecipients((i) => `failed to u${999 - i}@example.net and so on. `)],
    [
      '1,000 recipients with long answers',
      () => manyRecipients((i) => `<u${i}@example.net>: 550 ${'user mailbox unknown full '.repeat(40)}\n`),
    ],
    [
      'a diagnostic of 1 MB',
      () =>
        `${DSN}Final-Recipient: rfc822; anna@example.net\nAction: failed\nDiagnostic-Code: smtp; 550 ${'x 5.1.1 '.repeat(100_000)}\n`,
    ],
    [
      'a field folded 100,000 times',
      () =>
        `${DSN}Final-Recipient: rfc822; anna@example.net\nAction: failed\nDiagnostic-Code: smtp; 550\n${' x\n'.repeat(100_000)}`,
    ],
    ['HTML of open tags', () => `${DAEMON}Content-Type: text/html\n\n${'<p'.repeat(300_000)}`],
    ['HTML of scripts that never end', () => `${DAEMON}Content-Type: text/html\n\n${'<script>'.repeat(60_000)}`],
    ['open brackets', () => `${ANNOUNCED}${'<'.repeat(200_000)}${'('.repeat(200_000)}`],
    [
      'a transcript of 20,000 lines',
      () =>
        `${ANNOUNCED}   ----- Transcript of session follows -----\n${'>>> RCPT To:<a@example.net>\n<<< 550 no\n'.repeat(10_000)}`,
    ],
    ['blanks', () => `${ANNOUNCED}${' '.repeat(500_000)}x\n${'\t'.repeat(300_000)}`],
    ['hidden HTML that never ends', () => `${DAEMON}Content-Type: text/html\n\n${'<p style="display:none">'.repeat(6000)}`],
    ['digits and dots', () => `${ANNOUNCED}<anna@example.net>: ${'5.1.1.'.repeat(100_000)}\n${'550 '.repeat(50_000)}`],
    [
      'a boundary of one character in a MB of it',
      () => `Content-Type: multipart/mixed; boundary="-"\n\n${'-'.repeat(1_000_000)}`,
    ],
  ])('%s', (_, mail) => {
    const raw = mail();
    read(typeof raw === 'string' ? Buffer.from(raw) : raw);
  });

  it('half of every fixture, and every fixture with its halves changed round', () => {
    for (const raw of fixtures) {
      const middle = raw.length >> 1;
      read(raw.subarray(0, middle));
      read(Buffer.concat([raw.subarray(middle), raw.subarray(0, middle)]));
    }
  });

  it('bytes that chance changed, took out or put in', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: fixtures.length - 1 }),
        fc.array(
          fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.integer({ min: 0, max: 2 }), fc.uint8Array({ maxLength: 20 })),
          {
            minLength: 1,
            maxLength: 12,
          },
        ),
        (which, changes) => {
          let raw: Uint8Array = fixtures[which]!;
          for (const [place, how, bytes] of changes) {
            const at = Math.floor(place * raw.length);
            const skip = how === 0 ? 0 : how === 1 ? bytes.length : bytes.length * 5;
            raw = Buffer.concat([raw.subarray(0, at), how === 2 ? Buffer.alloc(0) : bytes, raw.subarray(at + skip)]);
          }
          const report = read(raw);
          for (const event of report.events) expect(event.recipient).toMatch(/^.+@.+$/s);
        },
      ),
      { numRuns: 400 },
    );
  });

  it('bytes of pure chance', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), (raw) => {
        expect(read(raw).kind).toBe('other');
      }),
      { numRuns: 200 },
    );
  });
});
