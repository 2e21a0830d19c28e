import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { fillPlaceholders } from '../../src/demo/placeholders.ts';
import { readSamples, samples } from '../../src/demo/samples.ts';
import { packageRoot } from '../../src/package-root.ts';

const now = new Date('2026-11-24T08:30:15.000Z');
const mails = readSamples(now);

describe('the sample mails', () => {
  it('are all named in the manifest, and all there', () => {
    const files = readdirSync(join(packageRoot, 'src/demo/samples')).filter((file) => file.endsWith('.eml'));
    expect(files.sort()).toEqual(samples.map(({ file }) => `${file}.eml`).sort());
  });

  it('are each another, even where one sample arrives several times', () => {
    expect(new Set(mails.map(({ raw }) => raw.toString('latin1'))).size).toBe(mails.length);
  });

  it('lie in the mailbox in the order of their arrival, none of them in the future', () => {
    const times = mails.map(({ arrivedAt }) => arrivedAt.getTime());
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.at(-1)).toBeLessThan(now.getTime());
  });

  it('have no placeholder left, and CRLF alone at the ends of lines', () => {
    for (const { raw, sample } of mails) {
      expect(raw.toString('latin1'), sample.file).not.toMatch(/\{\{|\}\}/);
      expect(raw.toString('latin1'), sample.file).not.toMatch(/(?<!\r)\n/);
    }
  });

  it('name nobody real: addresses end in .example, IP addresses are those of documentation', () => {
    for (const { raw, sample } of mails) {
      const text = raw.toString('latin1').replaceAll('=\r\n', '');
      const local = /[\w.+-]+@(?![\w.-]*\.(?:example|google\.com|yandex\.net)\b)[\w-]+\.[\w.-]*\w/g; // the two: Message-IDs
      expect(text.match(local) ?? [], sample.file).toEqual([]);
      const address = /(?<![\d.])(?!(?:192\.0\.2|198\.51\.100|203\.0\.113)\.)\d{2,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![\d.])/g;
      expect(text.match(address) ?? [], sample.file).toEqual([]);
    }
  });

  it('tell of a full mailbox five times over more than fourteen days for one recipient, and within an hour for another', () => {
    const span = (file: string) => {
      const times = mails.filter(({ sample }) => sample.file === file).map(({ arrivedAt }) => arrivedAt.getTime());
      return { reports: times.length, hours: (times.at(-1)! - times[0]!) / 3_600_000 };
    };
    expect(span('mailbox-full-for-weeks').reports).toBe(5);
    expect(span('mailbox-full-for-weeks').hours).toBeGreaterThan(14 * 24);
    expect(span('mailbox-full-within-an-hour').reports).toBe(5);
    expect(span('mailbox-full-within-an-hour').hours).toBeLessThan(1);
  });
});

describe('placeholders', () => {
  const fill = (text: string) => fillPlaceholders(Buffer.from(text, 'latin1'), now).toString('latin1');

  it.each([
    ['{{date}}', 'Tue, 24 Nov 2026 08:30:15 +0000'],
    ['{{date -1d}}', 'Mon, 23 Nov 2026 08:30:15 +0000'],
    ['{{date -30s +0900}}', 'Tue, 24 Nov 2026 17:29:45 +0900'],
    ['{{date +2h -0330}}', 'Tue, 24 Nov 2026 07:00:15 -0330'],
    ['{{epoch}}', '1795509015'],
    ['{{compact -15s}}', '20261124083000'],
    ['{{us -8h}}', '11/24/2026 12:30:15 AM'],
  ])('%s is %s', (placeholder, filled) => {
    expect(fill(`a ${placeholder} b`)).toBe(`a ${filled} b`);
  });

  it('leaves every other byte as it is', () => {
    expect(fill('\xff\x00 {{other}} \x1b$B')).toBe('\xff\x00 {{other}} \x1b$B');
  });
});
