import { decodeCharset } from './charset.ts';
import { decodeQuotedPrintable } from './transfer.ts';

const WORD = /=\?([^?\s*]{1,40})(?:\*[^?\s]{0,20})?\?([BbQq])\?([^?\s]{0,2000})\?=/g;

/** Decodes the encoded words (RFC 2047) of a header value; blanks between two of them vanish (§6.2). */
export function decodeWords(value: string): string {
  if (!value.includes('=?')) return value;
  // A character may be torn over two words of one charset: join their bytes before decoding.
  const pieces: (string | { charset: string; bytes: Buffer })[] = [];
  let at = 0;
  for (const match of value.matchAll(WORD)) {
    const between = value.slice(at, match.index);
    const [, charset, encoding, data] = match as unknown as [string, string, string, string];
    const bytes = Buffer.from(
      encoding.toUpperCase() === 'B'
        ? Buffer.from(data, 'base64')
        : decodeQuotedPrintable(Buffer.from(data.replaceAll('_', ' '), 'latin1')),
    );
    const last = pieces.at(-1);
    if (typeof last === 'object' && between.trim() === '') {
      if (last.charset.toLowerCase() === charset.toLowerCase()) last.bytes = Buffer.concat([last.bytes, bytes]);
      else pieces.push({ charset, bytes });
    } else {
      if (between !== '') pieces.push(between);
      pieces.push({ charset, bytes });
    }
    at = match.index + match[0].length;
  }
  if (at < value.length) pieces.push(value.slice(at));
  return pieces.map((piece) => (typeof piece === 'string' ? piece : decodeCharset(piece.bytes, piece.charset))).join('');
}

export interface Parameters {
  readonly value: string;
  readonly params: Readonly<Record<string, string>>;
}

/** A structured value with parameters, as in Content-Type (RFC 2045 §5.1), continuations and charsets of RFC 2231 undone. */
export function readParameters(header: string): Parameters {
  const [first = '', ...rest] = splitOutsideQuotes(header);
  const params: Record<string, string> = Object.create(null) as Record<string, string>;
  const parts: Record<string, { n: number; value: string; encoded: boolean }[]> = Object.create(null) as never;
  for (const item of rest.slice(0, 50)) {
    const equals = item.indexOf('=');
    if (equals < 0) continue;
    const name = item.slice(0, equals).trim().toLowerCase();
    const raw = item.slice(equals + 1).trim();
    const value = raw.startsWith('"')
      ? raw.slice(1, raw.endsWith('"') && raw.length > 1 ? -1 : undefined).replace(/\\(.)/g, '$1')
      : withoutComment(raw);
    const extended = /^([^*]+)\*(?:(\d{1,3})(\*)?)?$/.exec(name);
    if (extended === null) params[name] ??= decodeWords(value);
    else {
      parts[extended[1]!] ??= [];
      parts[extended[1]!]!.push({
        n: Number(extended[2] ?? 0),
        value,
        encoded: extended[2] === undefined || extended[3] === '*',
      });
    }
  }
  for (const [name, list] of Object.entries(parts)) {
    params[name] = decodeExtended(list.sort((a, b) => a.n - b.n));
  }
  return { value: withoutComment(first).toLowerCase(), params };
}

function decodeExtended(list: readonly { value: string; encoded: boolean }[]): string {
  const joined = list.map((piece) => piece.value).join('');
  if (!list.some((piece) => piece.encoded)) return joined;
  const [charset = '', , ...text] = joined.split("'");
  const rest = text.length > 0 ? text.join("'") : joined;
  const bytes = rest.replace(/%([0-9A-Fa-f]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
  return decodeCharset(Buffer.from(bytes, 'latin1'), text.length > 0 ? charset : 'utf-8');
}

/** `text/plain (a comment)`: what stands before the first parenthesis. */
function withoutComment(value: string): string {
  const open = value.indexOf('(');
  return (open < 0 ? value : value.slice(0, open)).trim();
}

function splitOutsideQuotes(value: string): string[] {
  if (!value.includes('"')) return value.split(';');
  const items: string[] = [];
  let quoted = false;
  let start = 0;
  for (let i = 0; i < value.length; i++) {
    const char = value[i];
    if (char === '\\' && quoted) i++;
    else if (char === '"') quoted = !quoted;
    else if (char === ';' && !quoted) {
      items.push(value.slice(start, i));
      start = i + 1;
    }
  }
  items.push(value.slice(start));
  return items;
}
