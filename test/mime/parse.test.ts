import { describe, expect, it } from 'vitest';
import type { Part } from '../../src/bounce/report.ts';
import { parseMail } from '../../src/mime/index.ts';
import { MIME_LIMITS } from '../../src/mime/limits.ts';

const parse = (text: string | Buffer) => parseMail(typeof text === 'string' ? Buffer.from(text) : text);
const header = (part: Part, name: string) => part.headers.find((field) => field.name === name)?.value;

describe('headers', () => {
  it('joins folded lines and decodes encoded words, a character torn over two of them too', () => {
    const { root } = parse('Subject: =?utf-8?Q?Gr=C3?=\n =?utf-8?Q?=BC=C3=9Fe?= aus\n\tBerlin\n\n');
    expect(header(root, 'subject')).toBe('Grüße aus Berlin');
  });

  it('takes words without a header for the body', () => {
    const { root } = parse('Just words.\nNo header here.\n');
    expect(root.headers).toEqual([]);
    expect(root.text).toBe('Just words.\nNo header here.\n');
  });

  it('passes over an mbox separator, a blank line before the header, and a line in the midst that is no field', () => {
    expect(header(parse('From x@example.com Mon Oct 12 09:00:00 2026\nSubject: a\n\nb').root, 'subject')).toBe('a');
    expect(header(parse('\n\nSubject: a\n\nb').root, 'subject')).toBe('a');
    expect(header(parse('Subject: a\nnot a field\nTo: b@example.com\n\nc').root, 'to')).toBe('b@example.com');
  });

  it('reads a boundary that stands on a line of its own without the blank of a fold', () => {
    const { root } = parse('Content-Type: multipart/mixed;\nboundary="x"\n\n--x\n\none\n--x--\n');
    expect(root.children.map((part) => part.text)).toEqual(['one']);
  });
});

describe('charsets and transfer encodings', () => {
  it.each([
    ['windows-1252', Buffer.from([0x80, 0x20, 0xe4]), '€ ä'],
    ['koi8-r', Buffer.from([0xf0, 0xd2, 0xc9, 0xd7, 0xc5, 0xd4]), 'Привет'],
    ['gbk', Buffer.from([0xcd, 0xcb, 0xd0, 0xc5]), '退信'],
    ['euc-kr', Buffer.from([0xbd, 0xc7, 0xc6, 0xd0]), '실패'],
    ['iso-2022-jp', Buffer.from('\u001b$B<:GT\u001b(B', 'latin1'), '失敗'],
    ['iso-2022-jp', Buffer.from('失敗'), '失敗'],
    ['iso-2022-jp', Buffer.from([0xbc, 0xba, 0xc7, 0xd4]), '失敗'],
    ['utf-8', Buffer.from('Grüße'), 'Grüße'],
    ['no-such-charset', Buffer.from('Grüße'), 'Grüße'],
    ['no-such-charset', Buffer.from('Grüße', 'latin1'), 'Grüße'],
    ['utf-8', Buffer.from('Grüße', 'latin1'), 'Grüße'],
  ])('reads %s', (charset, bytes, text) => {
    expect(parse(Buffer.concat([Buffer.from(`Content-Type: text/plain; charset=${charset}\n\n`), bytes])).root.text).toBe(text);
  });

  it('undoes quoted-printable across soft line breaks and leaves what is no escape', () => {
    const { root } = parse('Content-Transfer-Encoding: quoted-printable\n\nanna@exam=\nple.net =3D =zz 100%=\n');
    expect(root.text).toBe('anna@example.net = =zz 100%');
  });

  it('undoes base64 with line ends and rubbish in it', () => {
    expect(parse('Content-Transfer-Encoding: BASE64\n\nSGVs\nbG8*=\n').root.text).toBe('Hello');
  });

  it('joins and decodes parameters of RFC 2231', () => {
    const { root } = parse('Content-Type: text/plain; name*0*=utf-8\'\'Gr%C3%BC; name*1="sse.txt"\n\n');
    expect(root.params['name']).toBe('Grüsse.txt');
  });
});

describe('structure', () => {
  it('gives an embedded mail as one child with its header', () => {
    const { root } = parse('Content-Type: message/rfc822\n\nSubject: inner\n\nbody');
    expect(root.children).toHaveLength(1);
    expect(header(root.children[0]!, 'subject')).toBe('inner');
    expect(root.children[0]!.text).toBe('body');
  });

  it('does not end a part at a longer boundary that begins alike', () => {
    const { root } = parse('Content-Type: multipart/mixed; boundary=a\n\n--a\n\none\n--ab\ntwo\n--a--\nafter\n');
    expect(root.children.map((part) => part.text)).toEqual(['one\n--ab\ntwo']);
  });

  it('reads parts whose multipart was never closed, and those of a boundary that was not declared', () => {
    expect(
      parse('Content-Type: multipart/mixed; boundary=a\n\n--a\n\none\n--a\n\ntwo').root.children.map((part) => part.text),
    ).toEqual(['one', 'two']);
    expect(parse('Content-Type: multipart/mixed\n\n--q\nContent-Type: text/plain\n\none\n--q--\n').root.children[0]!.text).toBe(
      'one',
    );
  });

  it('gives LF, CRLF and lone CR the same text', () => {
    const mail = 'Subject: a\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\none\ntwo\n--b--\n';
    const texts = ['\n', '\r\n', '\r'].map((end) => parse(mail.replaceAll('\n', end)).root.children.map((part) => part.text));
    expect(texts).toEqual([['one\ntwo'], ['one\ntwo'], ['one\ntwo']]);
  });
});

describe('bounds', () => {
  it('names what was cut: nesting, parts, fields, a field, a text, the mail', () => {
    let nested = '';
    for (let i = 0; i < 2000; i++) nested += `Content-Type: multipart/mixed; boundary=b${i}\n\n--b${i}\n`;
    expect(parse(nested).limits).toEqual([`nesting over ${MIME_LIMITS.depth}`]);
    expect(parse(`Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(2000)}`).limits).toEqual([
      `parts over ${MIME_LIMITS.parts}`,
    ]);
    expect(parse(`${'X-A: b\n'.repeat(MIME_LIMITS.fields + 1)}\n`).limits).toEqual([`header over ${MIME_LIMITS.fields} fields`]);
    expect(parse(`Subject: ${'a'.repeat(MIME_LIMITS.fieldBytes)}\n\n`).limits).toEqual([
      `header field over ${MIME_LIMITS.fieldBytes} bytes`,
    ]);
    expect(parse(`\n${'a'.repeat(MIME_LIMITS.bodyBytes + 1)}`).limits).toEqual([`text over ${MIME_LIMITS.bodyBytes} bytes`]);
    expect(parse(Buffer.alloc(MIME_LIMITS.bytes + 1, 'a b\n')).limits).toContain(`mail over ${MIME_LIMITS.bytes} bytes`);
  });

  it('cuts nothing one short of the bounds', () => {
    expect(parse(`${'X-A: b\n'.repeat(MIME_LIMITS.fields)}\n${'a'.repeat(MIME_LIMITS.bodyBytes)}`).limits).toEqual([]);
  });
});
