import { findReply, findStatus } from '../bounce/codes.ts';
import { flatten, unwrap } from '../bounce/flat-text.ts';

/** One thing to explain out of a pasted text. */
export type Piece =
  /** A code or reply alone. */
  | { readonly kind: 'code'; readonly input: string; readonly status: string | null; readonly reply: string | null }
  /** An answer with words. */
  | { readonly kind: 'answer'; readonly input: string }
  /** Looks like a code and cannot be one. */
  | { readonly kind: 'impossible'; readonly input: string; readonly why: string };

/** Of a paste so much is read, and so many things in it are explained. */
const MAX_PASTE = 64 * 1024;
const MAX_PIECES = 50;

/** What surrounds codes where they stand alone: what they are called, what joins several, quotes, brackets, `#`. */
const AROUND =
  /\b(?:(?:ndr|dsn|smtp|error|status|reply|code)[\s:;#]{0,8}){1,4}(?=\d)|\b(?:and|or)\b|[\s#"'‘’“”`()[\]<>{},;:|&*]+/gi;
const CODES_ALONE = /^(?:\s*\d{1,6}(?:\.\d{1,6}){0,4}(?:-\d{1,6}(?:\.\d{1,6}){0,4})?\.?\s*)+$/;

/**
 * Takes a paste apart: codes alone, in any dress (`#5.7.1`, `550-5.1.1`, a range), each once and in order; or answers with their
 * words, one for each code in it. An answer that quotes another (`a -> b`) stays whole. At most 50.
 */
export function readPaste(text: string): Piece[] {
  const paste = text.slice(0, MAX_PASTE).replace(/\r\n?/g, '\n').trim();
  if (paste === '') return [];
  return distinct(bareCodes(paste) ?? answers(paste)).slice(0, MAX_PIECES);
}

/** The codes of a text that holds nothing else, else null. */
function bareCodes(text: string): Piece[] | null {
  if (text.length > 2000 || !/\d/.test(text)) return null;
  const bare = joinTorn(text).replace(AROUND, ' ').trim();
  return CODES_ALONE.test(bare) ? codesAlone(bare) : null;
}

function codesAlone(bare: string): Piece[] {
  const pieces: Piece[] = [];
  const tokens = bare.split(/\s+/).map((token) => token.replace(/\.$/, ''));
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    const [first, second] = token.split('-') as [string, string | undefined];
    const next = second ?? tokens[i + 1];
    // A reply and a code of different classes are two things, unless a hyphen joins them.
    if (isReply(first) && next !== undefined && isStatus(next) && (second !== undefined || first[0] === next[0])) {
      pieces.push({ kind: 'code', input: `${first} ${next}`, status: next, reply: first });
      if (second === undefined) i++;
    } else if (second !== undefined && isStatus(first)) {
      // A range: 5.7.606-649 or 5.7.606-5.7.649. Its two ends stand for it.
      const last = second.includes('.') ? second : `${first.slice(0, first.lastIndexOf('.'))}.${second}`;
      pieces.push(codeAlone(first), codeAlone(last));
    } else pieces.push(codeAlone(token));
  }
  return pieces;
}

function codeAlone(token: string): Piece {
  if (isReply(token)) return { kind: 'code', input: token, status: null, reply: token };
  if (isStatus(token)) return { kind: 'code', input: token, status: token, reply: null };
  return { kind: 'impossible', input: token, why: `there is no such code, ${whyImpossible(token)}` };
}

const isReply = (token: string) => /^[2-5][0-7]\d$/.test(token);
const isStatus = (token: string) => /^[245]\.[0-7]\.(?:0|[1-9]\d{0,2})$/.test(token);

function whyImpossible(token: string): string {
  const parts = token.split('.');
  if (parts.length === 1) return 'an SMTP reply has three digits, the first from 2 to 5, the second from 0 to 5 (RFC 5321 §4.2)';
  if (parts.length !== 3) return 'an enhanced status code has three numbers, as in 5.1.1 (RFC 3463 §2)';
  if (!/^[245]$/.test(parts[0]!)) return 'the first number of a status code is 2, 4 or 5 (RFC 3463 §2)';
  if (!/^[0-7]$/.test(parts[1]!)) return 'the second number of a status code is from 0 to 7 (RFC 3463 §2)';
  return 'the last number of a status code is from 0 to 999, without a leading zero (RFC 3463 §2)';
}

// The same shape as in codes.ts, with the reply before it.
const CODE =
  /(?<![\w.,/])(?:[2-5][0-7]\d[ \t]{0,4}[-.:;,]?[ \t]{0,4})?[#("'[]{0,3}([245]\.[0-7]\.(?:0|[1-9]\d{0,2}))(?!\d|\.\d|[\w/@])/g;

/** A text with words: a line with another code than the one before begins a new answer. */
function answers(paste: string): Piece[] {
  const found: { text: string; key: string | null }[] = [];
  for (const part of splitAtCodes(paste)) {
    const status = findStatus(part);
    const key = isWrapped(part) ? part : (status ?? (/^\s*[2-5][0-7]\d(?:[- ]|$)/.test(part) ? findReply(part) : null));
    const last = found.at(-1);
    const sameReply = last?.key != null && /^\d{3}$/.test(last.key) && status !== null && last.key === findReply(part);
    if (last === undefined || (key !== null && last.key !== null && key !== last.key && !sameReply)) {
      found.push({ text: part, key });
    } else {
      last.text += `\n${part}`;
      if (last.key === null || sameReply) last.key = key ?? last.key;
    }
  }
  return found.flatMap(({ text }) => bareCodes(text) ?? [{ kind: 'answer', input: text.trim() }]);
}

/** Lines, and a line with several codes cut before each but the first. An answer that quotes another stays whole. */
function splitAtCodes(paste: string): string[] {
  return joinTorn(paste)
    .split('\n')
    .filter((line) => line.trim() !== '')
    .flatMap((line) => {
      if (isWrapped(line)) return [line];
      const matches = [...line.matchAll(CODE)];
      const cuts = matches.filter((match, i) => i > 0 && match[1] !== matches[i - 1]![1]).map((match) => match.index);
      const bounds = [0, ...cuts, line.length];
      return bounds.slice(1).map((end, i) => line.slice(bounds[i], end));
    });
}

const isWrapped = (text: string) => text.includes('->') && unwrap(flatten(text)) !== null;

/** Undoes a line break within a code, and one beside an arrow. */
const joinTorn = (text: string) =>
  text
    .replace(/([245]\.(?:[0-7]\.)?)[ \t]{0,8}\n[ \t]{0,8}(?=\d)/g, '$1')
    .replace(/->[ \t]{0,8}\n[ \t]{0,8}/g, '-> ')
    .replace(/\n[ \t]{0,8}->/g, ' ->');

/** Each once, the first stays. */
function distinct(pieces: readonly Piece[]): Piece[] {
  const seen = new Set<string>();
  return pieces.filter((piece) => {
    const key = piece.kind === 'code' ? `${piece.reply} ${piece.status}` : piece.input.toLowerCase().replace(/\s+/g, ' ');
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}
