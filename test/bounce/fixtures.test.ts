import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { analyze } from '../../src/bounce/index.ts';
import { toRecord } from '../../src/bounce/record.ts';
import { parseMail } from '../../src/mime/index.ts';

/** A mail and what is expected of it: the given keys of its record, every event in order, and why the mail is here. */
interface Expected extends Record<string, unknown> {
  readonly why: string;
  readonly events?: readonly Record<string, unknown>[];
}

const ROOT = join(import.meta.dirname, '..', 'fixtures');
const stories = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.eml') && !path.startsWith('private'))
  .map((path) => path.slice(0, -'.eml'.length))
  .sort();

function recordOf(raw: Buffer): Record<string, unknown> {
  const report = analyze(parseMail(raw));
  return { ...toRecord(report), reader: report.reader };
}

/** Bytes with other line ends; the fixtures are written with LF. */
const withLineEnd = (raw: Buffer, end: string) => Buffer.from(raw.toString('latin1').replaceAll('\n', end), 'latin1');

describe.each(stories)('%s', (story) => {
  const raw = readFileSync(join(ROOT, `${story}.eml`));
  const { why, events, ...rest } = JSON.parse(readFileSync(join(ROOT, `${story}.expected.json`), 'utf8')) as Expected;

  it(why, () => {
    const record = recordOf(raw);
    expect(record).toMatchObject(rest);
    if (events === undefined) return;
    const found = record['events'] as Record<string, unknown>[];
    expect(found.map((event) => event['recipient'])).toEqual(events.map((event) => event['recipient']));
    expect(found).toMatchObject(events);
  });

  it.each([
    ['CRLF', '\r\n'],
    ['CR', '\r'],
  ])('gives the same record with %s as line end', (_, end) => {
    expect(recordOf(withLineEnd(raw, end))).toEqual(recordOf(raw));
  });
});
