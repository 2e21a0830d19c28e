import type { Header } from '../bounce/report.ts';
import { decodeCharset } from './charset.ts';
import { MIME_LIMITS } from './limits.ts';
import { lineEnd, nextLine } from './lines.ts';
import { decodeWords } from './words.ts';

const COLON = 0x3a;

/** A header field as it stands in the mail: where its value lies. */
interface RawField {
  readonly name: string;
  readonly from: number;
  readonly to: number;
}

/** Most fields of a mail are never looked at: a value is decoded when it is asked for. */
class LazyHeader implements Header {
  readonly name: string;
  #decode: (() => string) | null;
  #value = '';

  constructor(name: string, decode: () => string) {
    this.name = name;
    this.#decode = decode;
  }

  get value(): string {
    if (this.#decode !== null) {
      this.#value = this.#decode();
      this.#decode = null;
    }
    return this.#value;
  }
}

/** The header of one part; values are decoded when they are asked for. */
export class HeaderBlock {
  readonly #bytes: Uint8Array;
  readonly #fields: readonly RawField[];
  #decoded: readonly Header[] | null = null;
  /** Where the body begins. */
  readonly bodyStart: number;

  constructor(bytes: Uint8Array, fields: readonly RawField[], bodyStart: number) {
    this.#bytes = bytes;
    this.#fields = fields;
    this.bodyStart = bodyStart;
  }

  get all(): readonly Header[] {
    this.#decoded ??= this.#fields.map((field) => new LazyHeader(field.name, () => decodeWords(this.#value(field))));
    return this.#decoded;
  }

  get isEmpty(): boolean {
    return this.#fields.length === 0;
  }

  /** The first field of this name, unfolded but not decoded. */
  raw(name: string): string | null {
    const field = this.#fields.find((candidate) => candidate.name === name);
    return field === undefined ? null : this.#value(field);
  }

  #value({ from, to }: RawField): string {
    return decodeCharset(this.#bytes.subarray(from, to), 'utf-8')
      .replace(/[\r\n]+[ \t]?/g, ' ')
      .replaceAll('\0', '')
      .trim();
  }
}

/**
 * Reads the header that begins at `start` (RFC 5322 §2.2). Bytes that do not begin like a header have none: all is body. A line
 * in the midst that is no field is passed over if a field follows, else the body begins there.
 */
export function readHeader(bytes: Uint8Array, start: number, end: number, limits: Set<string>): HeaderBlock {
  const fields: RawField[] = [];
  let at = start;
  // A blank line before the first field is a slip of whoever handed the mail over; before anything else it is the end of no header.
  if (start === 0) while (at < end && isBlank(bytes, at, lineEnd(bytes, at, end))) at = nextLine(bytes, at, end);
  if (at > 0 && start === 0 && colonOf(bytes, at, lineEnd(bytes, at, end)) < 0) return new HeaderBlock(bytes, fields, start);
  if (startsWith(bytes, at, end, 'From ') || startsWith(bytes, at, end, '>From ')) at = nextLine(bytes, at, end);
  while (at < end) {
    const stop = lineEnd(bytes, at, end);
    if (stop === at) return new HeaderBlock(bytes, fields, nextLine(bytes, at, end));
    const colon = colonOf(bytes, at, stop);
    if (colon < 0) {
      // A parameter that lost the blank of its folded line: `Content-Type: multipart/mixed;` LF `boundary="x"`.
      const last = fields.at(-1);
      if (last !== undefined && isParameter(bytes, at, stop) && endsWithSemicolon(bytes, last)) {
        at = nextLine(bytes, stop, end);
        fields[fields.length - 1] = { ...last, to: Math.min(at, last.from + MIME_LIMITS.fieldBytes) };
        continue;
      }
      const after = nextLine(bytes, at, end);
      if (fields.length === 0 || after >= end || colonOf(bytes, after, lineEnd(bytes, after, end)) < 0) break;
      at = after;
      continue;
    }
    let next = nextLine(bytes, stop, end);
    while (next < end && (bytes[next] === 0x20 || bytes[next] === 0x09)) {
      const foldedEnd = lineEnd(bytes, next, end);
      if (isBlank(bytes, next, foldedEnd)) break; // a line of blanks ends a header that was mangled on its way
      next = nextLine(bytes, foldedEnd, end);
    }
    if (fields.length < MIME_LIMITS.fields) {
      const to = Math.min(next, colon + 1 + MIME_LIMITS.fieldBytes);
      if (to < next) limits.add(`header field over ${MIME_LIMITS.fieldBytes} bytes`);
      fields.push({ name: asciiOf(bytes, at, colon).trimEnd().toLowerCase(), from: colon + 1, to });
    } else limits.add(`header over ${MIME_LIMITS.fields} fields`);
    at = next;
  }
  return new HeaderBlock(bytes, fields, at);
}

/** Where the colon of a field stands, or -1 if the line is no field: a name has neither blanks nor control characters (RFC 5322 §3.6.8). */
function colonOf(bytes: Uint8Array, from: number, to: number): number {
  const bound = Math.min(to, from + 256);
  for (let i = from; i < bound; i++) {
    const byte = bytes[i]!;
    if (byte === COLON) return i > from ? i : -1;
    if (byte === 0x20 || byte === 0x09) {
      // "Subject : x" is written by some
      let j = i;
      while (bytes[j] === 0x20 || bytes[j] === 0x09) j++;
      return j < bound && bytes[j] === COLON && i > from ? j : -1;
    }
    if (byte < 0x21 || byte > 0x7e) return -1;
  }
  return -1;
}

function isParameter(bytes: Uint8Array, from: number, to: number): boolean {
  return /^[a-z-]{2,20}=\S/i.test(asciiOf(bytes, from, Math.min(to, from + 64)));
}

function endsWithSemicolon(bytes: Uint8Array, { from, to }: RawField): boolean {
  return asciiOf(bytes, Math.max(from, to - 8), to)
    .trimEnd()
    .endsWith(';');
}

function isBlank(bytes: Uint8Array, from: number, to: number): boolean {
  for (let i = from; i < to; i++) if (bytes[i] !== 0x20 && bytes[i] !== 0x09) return false;
  return true;
}

function startsWith(bytes: Uint8Array, at: number, end: number, text: string): boolean {
  return end - at >= text.length && asciiOf(bytes, at, at + text.length) === text;
}

function asciiOf(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString('latin1');
}
