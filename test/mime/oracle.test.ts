import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { simpleParser } from 'mailparser';
import { describe, expect, it } from 'vitest';
import type { Part } from '../../src/bounce/report.ts';
import { parseMail } from '../../src/mime/index.ts';

// mailparser is the oracle: written by others, in use for years. Where the two may differ by design the mail is left out, with the reason.

const ROOT = join(import.meta.dirname, '..', 'fixtures');
const LEFT_OUT = new Set([
  'rfc3464/boundary-parameter-lost', // mailparser reads one text where we find the parts
  'rfc3464/mbox-from-line', // mailparser keeps the separator line as the first field's
  'not-a-bounce/no-header-at-all', // mailparser takes the first words for a header
  'not-a-bounce/empty',
  // mailparser reads on where a boundary is lost, or where lines that are no fields stand among the header's.
  'not-a-bounce/boundary-lost-letter',
  'not-a-bounce/broken-headers-letter',
  // Octets that their charset does not hold, and a character torn over two encoded words: each has its own way to guess.
  'not-a-bounce/charset-garbage',
  'rfc3464/base64-latin-html-report',
  'rfc3834/out-of-office-japanese-null',
  // A report or a mail inside the mail, of which mailparser takes the text to that of the mail.
  'not-a-bounce/dsn-tutorial-attachment',
  'not-a-bounce/list-digest-about-bounces',
  'rfc5965/jmrp-two-parts',
]);
const stories = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.eml') && !path.startsWith('private'))
  .map((path) => path.slice(0, -'.eml'.length))
  .filter((story) => !LEFT_OUT.has(story.replaceAll('\\', '/')))
  .sort();

const squeeze = (text: string) => text.replace(/\s+/g, ' ').trim();

function leaves(part: Part): Part[] {
  // mailparser gives an embedded mail as one attachment.
  if (part.type === 'message/rfc822' || part.type === 'message/global') return [];
  return part.children.length === 0 ? [part] : part.children.flatMap(leaves);
}

describe.each(stories)('%s', (story) => {
  it('reads the same header and the same text as mailparser', async () => {
    const raw = readFileSync(join(ROOT, `${story}.eml`));
    const theirs = await simpleParser(raw, { skipTextToHtml: true, skipHtmlToText: true, skipImageLinks: true });
    const { root } = parseMail(raw);
    const header = (name: string) => root.headers.find((field) => field.name === name)?.value ?? '';

    expect(squeeze(header('subject'))).toBe(squeeze(theirs.subject ?? ''));
    expect(header('message-id')).toBe(theirs.messageId ?? '');
    const lines = theirs.headerLines.map(({ key, line }) => ({ name: key, raw: squeeze(line.replace(/^[^:]*:/, '')) }));
    expect(root.headers.map(({ name }) => name)).toEqual(lines.map(({ name }) => name));
    for (const [i, { value }] of root.headers.entries()) {
      // mailparser's lines are octets, encoded words and all.
      if (/^[\x20-\x7e]*$/.test(lines[i]!.raw) && !lines[i]!.raw.includes('=?'))
        expect(lines[i]!.raw).toContain(squeeze(value).slice(0, 40));
    }

    // mailparser counts a delivery status among the texts.
    const plain = leaves(root).filter((part) => part.type === 'text/plain' || part.type === 'message/delivery-status');
    expect(squeeze(plain.map((part) => part.text).join(' '))).toBe(squeeze(theirs.text ?? ''));
  });
});
