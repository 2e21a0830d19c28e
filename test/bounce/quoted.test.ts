import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/bounce/index.ts';
import { parseMail } from '../../src/mime/index.ts';

// The worst mistake is to take a person's mail for a bounce. So every report for people is put, word for word, into mails of other kinds.

const ROOT = join(import.meta.dirname, '..', 'fixtures');
/** Folders of mails without words for people, and of such as are no reports. */
const OTHERS = /^(?:rfc\d+|amazonses|apple-unsubscribe|not-a-bounce|private)\b/;
const reports = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.eml') && !OTHERS.test(file) && !isMachineReadable(file))
  .sort();

/** Quoted with its own Content-Type it would be a report still. */
function isMachineReadable(file: string): boolean {
  return /^content-type:\s*multipart\/report/im.test(readFileSync(join(ROOT, file), 'latin1').split('\n\n', 1)[0]!);
}

const SUBJECT = /^subject:/i;
/** Fields that say how the body is written. */
const BODY_FIELD = /^(?:content-|mime-version)/i;

function rewrite(raw: Buffer, header: readonly string[], opening: string, quote: string): Buffer {
  const text = raw.toString('latin1');
  const end = text.indexOf('\n\n');
  const fields = text
    .slice(0, end)
    .replace(/\n[ \t]+/g, ' ')
    .split('\n');
  const kept = fields.filter((field) => BODY_FIELD.test(field));
  const subject =
    fields
      .find((field) => SUBJECT.test(field))
      ?.replace(SUBJECT, '')
      .trim() ?? '';
  const body = text
    .slice(end + 2)
    .split('\n')
    .map((line) => `${quote}${line}`)
    .join('\n');
  return Buffer.from([...header.map((line) => line.replace('%s', subject)), ...kept, '', opening, '', body].join('\n'), 'latin1');
}

const PERSON = ['Return-Path: <eva@example.org>', 'From: Eva <eva@example.org>', 'To: bounces@shop.example.com'];

describe.each(reports)('%s', (report) => {
  const raw = readFileSync(join(ROOT, report));
  const kindOf = (header: readonly string[], opening: string, quote = '') =>
    analyze(parseMail(rewrite(raw, header, opening, quote)), {}).kind;

  it('is no bounce when a person answers it and leaves it below', () => {
    const header = [...PERSON, 'Subject: Re: %s', 'In-Reply-To: <report-1@mx.example.org>'];
    expect(kindOf(header, 'That was our fault, it is mended now.', '> ')).toBe('other');
    expect(
      kindOf(header, 'That was our fault, it is mended now.\n\n-----Original Message-----\nFrom: Mail Delivery System'),
    ).toBe('other');
  });

  it('is no bounce when a person asks about it under a subject of his own', () => {
    expect(kindOf([...PERSON, 'Subject: what is this?'], 'Hi, what does the following mean?')).toBe('other');
  });

  it('is no bounce in a newsletter, a ticket or a log that a program mails', () => {
    const list = ['List-Id: <weekly.example.org>', 'List-Unsubscribe: <mailto:leave@example.org>', 'Precedence: bulk'];
    expect(kindOf([...PERSON, 'Subject: %s', ...list], 'This week: how to read a report.')).toBe('other');
    expect(kindOf([...PERSON, 'Subject: [ticket 12] new comment', 'Auto-Submitted: auto-generated'], 'Eva wrote:')).toBe('other');
    expect(kindOf([...PERSON, 'Subject: Log of the night', 'Auto-Submitted: auto-generated'], 'mail.log:')).toBe('other');
  });

  it('is an automatic answer, not a bounce, when an absent person quotes it', () => {
    const header = [
      ...PERSON,
      'Subject: Automatic reply: %s',
      'Auto-Submitted: auto-replied',
      'In-Reply-To: <1@shop.example.com>',
    ];
    expect(kindOf(header, 'I am out of the office until Monday.', '> ')).toBe('auto_reply');
    expect(kindOf(header, 'I am out of the office until Monday.')).toBe('auto_reply');
  });
});
