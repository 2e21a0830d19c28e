import type { Header, ParsedMail, Part } from '../bounce/report.ts';
import { decodeCharset } from './charset.ts';
import { type HeaderBlock, readHeader } from './headers.ts';
import { MIME_LIMITS } from './limits.ts';
import { nextLine, toLf } from './lines.ts';
import { decodeTransfer } from './transfer.ts';
import { type Parameters, readParameters } from './words.ts';

/**
 * Takes a mail apart (RFC 5322, 2045–2047, 2231). Synchronous, bounded in time and memory, and never throws: whatever the bytes are,
 * there is a tree of parts, and `limits` names what was cut. Texts are decoded only when they are asked for.
 */
export function parseMail(raw: Uint8Array): ParsedMail {
  const limits = new Set<string>();
  const bytes = raw.length > MIME_LIMITS.bytes ? raw.subarray(0, MIME_LIMITS.bytes) : raw;
  if (bytes.length < raw.length) limits.add(`mail over ${MIME_LIMITS.bytes} bytes`);
  const walk: Walk = { limits, parts: 0 };
  const root = readPart(walk, bytes, 0, bytes.length, 0, 'text/plain');
  return { root, limits: [...limits] };
}

interface Walk {
  readonly limits: Set<string>;
  parts: number;
}

/** A part that holds a mail or its header. */
const EMBEDDED = /^(message\/(rfc822|global|news|external-body|partial)|(message|text)\/(rfc822-headers?|global-headers))$/;

function readPart(walk: Walk, bytes: Uint8Array, start: number, end: number, depth: number, fallback: string): MailPart {
  walk.parts++;
  const header = readHeader(bytes, start, end, walk.limits);
  const contentType = readParameters(header.raw('content-type') ?? '');
  const type = /^[^/\s]+\/[^/\s]+$/.test(contentType.value) ? contentType.value : fallback;
  const encoding = (header.raw('content-transfer-encoding') ?? '').trim().toLowerCase();
  const part = new MailPart(type, contentType, header, bytes.subarray(header.bodyStart, end), encoding);

  const isMultipart = type.startsWith('multipart/');
  if (!isMultipart && !EMBEDDED.test(type)) {
    if (end - header.bodyStart > MIME_LIMITS.bodyBytes && /^(text|message)\//.test(type))
      walk.limits.add(`text over ${MIME_LIMITS.bodyBytes} bytes`);
    return part;
  }
  if (depth >= MIME_LIMITS.depth) {
    walk.limits.add(`nesting over ${MIME_LIMITS.depth}`);
    return part;
  }
  if (isMultipart) {
    const inner = type === 'multipart/digest' ? 'message/rfc822' : 'text/plain';
    for (const [from, to] of splitMultipart(bytes, header.bodyStart, end, contentType.params['boundary'])) {
      if (walk.parts >= MIME_LIMITS.parts) {
        walk.limits.add(`parts over ${MIME_LIMITS.parts}`);
        break;
      }
      part.children.push(readPart(walk, bytes, from, to, depth + 1, inner));
    }
    return part;
  }
  // RFC 2046 §5.2.1 forbids encoding an embedded mail; some do it all the same.
  if (encoding === 'base64' || encoding === 'quoted-printable') {
    const decoded = decodeTransfer(bytes.subarray(header.bodyStart, end), encoding);
    part.children.push(readPart(walk, decoded, 0, decoded.length, depth + 1, 'text/plain'));
  } else part.children.push(readPart(walk, bytes, header.bodyStart, end, depth + 1, 'text/plain'));
  return part;
}

class MailPart implements Part {
  readonly type: string;
  readonly params: Readonly<Record<string, string>>;
  readonly children: MailPart[] = [];
  readonly #header: HeaderBlock;
  readonly #body: Uint8Array;
  readonly #encoding: string;
  #text: string | null = null;

  constructor(type: string, { params }: Parameters, header: HeaderBlock, body: Uint8Array, encoding: string) {
    this.type = type;
    this.params = params;
    this.#header = header;
    this.#body = body;
    this.#encoding = encoding;
  }

  get headers(): readonly Header[] {
    return this.#header.all;
  }

  get text(): string {
    if (this.#text === null) {
      const cut = this.#body.length > MIME_LIMITS.bodyBytes ? this.#body.subarray(0, MIME_LIMITS.bodyBytes) : this.#body;
      this.#text = toLf(decodeCharset(decodeTransfer(cut, this.#encoding), this.params['charset'] ?? ''));
    }
    return this.#text;
  }
}

/**
 * The ranges of the parts of a multipart body (RFC 2046 §5.1). Without a boundary parameter, or with one that does not occur, the
 * first line that looks like a boundary and is followed by a Content- field is taken for it; without such a line the body is one part.
 */
function splitMultipart(bytes: Uint8Array, start: number, end: number, boundary: string | undefined): [number, number][] {
  const declared = boundary === undefined || boundary === '' ? [] : findParts(bytes, start, end, boundary);
  if (declared.length > 0) return declared;
  const guessed = guessBoundary(bytes, start, end);
  const found = guessed === null ? [] : findParts(bytes, start, end, guessed);
  return found.length > 0 ? found : [[start, end]];
}

function findParts(bytes: Uint8Array, start: number, end: number, boundary: string): [number, number][] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, end);
  const delimiter = Buffer.from(`--${boundary}`, 'latin1');
  const parts: [number, number][] = [];
  let open = -1;
  for (let at = view.indexOf(delimiter, start); at >= 0; at = view.indexOf(delimiter, at + delimiter.length)) {
    if (at > start && view[at - 1] !== 0x0a && view[at - 1] !== 0x0d) continue;
    const after = at + delimiter.length;
    const closes = view[after] === 0x2d && view[after + 1] === 0x2d;
    // A longer boundary that begins like this one belongs to a part inside.
    if (!closes && after < end && !isWhite(view[after]!)) continue;
    if (open >= 0) parts.push([open, beforeLineEnd(view, open, at)]);
    if (parts.length > MIME_LIMITS.parts) return parts;
    open = closes ? -1 : nextLine(bytes, after, end);
    if (closes) return parts;
  }
  if (open >= 0 && open < end) parts.push([open, end]); // the closing delimiter was cut off
  return parts;
}

function guessBoundary(bytes: Uint8Array, start: number, end: number): string | null {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, Math.min(end - start, 64 * 1024)).toString('latin1');
  return /(?:^|[\r\n])--([^\s-][^\r\n]{0,200}?)[ \t]*(?:\r\n?|\n)content-/i.exec(text)?.[1] ?? null;
}

/** The line end before a delimiter belongs to the delimiter. */
function beforeLineEnd(bytes: Uint8Array, from: number, at: number): number {
  if (at > from && bytes[at - 1] === 0x0a) return at - 1 > from && bytes[at - 2] === 0x0d ? at - 2 : at - 1;
  return at > from && bytes[at - 1] === 0x0d ? at - 1 : Math.max(at, from);
}

function isWhite(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;
}
