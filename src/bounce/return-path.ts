import { createHmac, timingSafeEqual } from 'node:crypto';
import { normalizeAddress } from './address.ts';
import { decodeRecipient, encodeRecipient } from './return-path-code.ts';
import type { ReturnPathKey } from './return-path-keys.ts';

// A signed return path, with the key `k1`:
//
//     bounces+rbk1fz8mfrggzdfmztwq2lk-anna=example.net@example.com
//             ^ ^ ^  ^                ^
//             | | |  |                the recipient, if it fits (return-path-code.ts)
//             | | |  80 bits of HMAC-SHA-256 in base32 (RFC 4648 §6)
//             | | the day, in base 36
//             | the key
//             mark
//
// Where the recipient does not fit into 64 octets, it is left out; the signature is over it all the same, and is tried with the
// addresses that the report names. Everything is in lower case and stands at the end of the local part, where BATV, SRS and
// plus-addressing leave it as it is.

const MARK = 'rb';

/** RFC 5321 §4.5.3.1.1: octets of a local part. */
const MAX_LOCAL = 64;

/** Octets of the MAC that are kept: 80 bits, the least that RFC 2104 §5 advises. */
const MAC_OCTETS = 10;
const MAC_LENGTH = (MAC_OCTETS * 8) / 5;

const DAY_MS = 86_400_000;
const DAY_DIGITS = 3;
const LAST_DAY = 36 ** DAY_DIGITS - 1; // in the year 2097

/** Days for which a return path stays valid: a report may come late, as mail waits in queues and a mailbox is emptied by hand. */
export const RETURN_PATH_VALID_DAYS = 30;

export interface SignOptions {
  /**
   * Where the reports go: `bounces@example.com` gives `bounces+…@example.com`. A local part that ends in `+`, `-`, `=`, `_` or `.` is
   * taken as it is (`bounces-@example.com`), and so is an empty one (`@bounces.example.com`, for a domain that takes every address).
   */
  readonly returnPath: string;
  /** The first one signs. */
  readonly keys: readonly ReturnPathKey[];
  /** When the mail is sent; its day (UTC) goes into the address. */
  readonly date: Date;
}

/**
 * The return path (envelope sender) for a mail to this recipient. Throws RangeError for what is no address, for a return path that leaves
 * no room (64 octets of local part, RFC 5321 §4.5.3.1.1), and without a key.
 */
export function signReturnPath(recipient: string, { returnPath, keys, date }: SignOptions): string {
  const key = keys[0];
  if (key === undefined) throw new RangeError('There is no key to sign with.');
  const day = dayOf(date);
  if (!(day >= 0 && day <= LAST_DAY)) throw new RangeError('The day is outside of the years 1970 to 2097.');
  const { prefix, domain } = readBase(returnPath);
  const address = readRecipient(recipient);
  const inside = `${prefix}${token(key, day, address, 'inside')}-${encodeRecipient(address)}`;
  const local = inside.length <= MAX_LOCAL ? inside : `${prefix}${token(key, day, normalizeAddress(address), 'beside')}`;
  if (local.length > MAX_LOCAL)
    throw new RangeError(
      `${returnPath} leaves no room for a signature: shorten what stands before the @ by ${local.length - MAX_LOCAL}.`,
    );
  return `${local}@${domain}`;
}

/** Days since 1970-01-01, UTC. */
export function dayOf(date: Date): number {
  return Math.floor(date.getTime() / DAY_MS);
}

function readBase(returnPath: string): { prefix: string; domain: string } {
  const match = /^([A-Za-z0-9._+=-]{0,64})@([A-Za-z0-9.-]{1,255})$/.exec(returnPath.trim());
  if (match === null || /^\.|\.\./.test(match[1]!))
    throw new RangeError(`${returnPath} cannot be a return path: write one like bounces@example.com.`);
  const local = match[1]!;
  return { prefix: local === '' || /[+=_.-]$/.test(local) ? local : `${local}+`, domain: match[2]!.toLowerCase() };
}

/** As written, but the domain in lower case and ASCII. */
function readRecipient(text: string): string {
  const recipient = text.trim();
  const normal = normalizeAddress(recipient);
  const address =
    recipient.slice(0, Math.max(recipient.lastIndexOf('@'), 0)) + normal.slice(Math.max(normal.lastIndexOf('@'), 0));
  if (!address.isWellFormed() || !/^(?:"[^"\p{Cc}]+"|[^\s"(),:;<>@[\\\]\p{Cc}]+)@[^\s@\p{Cc}]+$/u.test(address))
    throw new RangeError(`${JSON.stringify(recipient)} is no address.`);
  return address;
}

/**
 * `valid`: signed with one of our keys, and neither too long ago nor on a day to come. `expired`: rightly signed, but not within these days.
 * `wrong`: it has our form, the signature is not ours. `unmatched`: the recipient is not in it, and it fits none of the candidates.
 * `unknown_key`: our form, a key that we do not have. `unsigned`: anything else.
 */
export const SIGNATURES = ['valid', 'expired', 'wrong', 'unmatched', 'unknown_key', 'unsigned'] as const;
export type Signature = (typeof SIGNATURES)[number];

export interface CheckedReturnPath {
  readonly signature: Signature;
  /** For whom it was signed; null unless `valid` or `expired`. */
  readonly recipient: string | null;
  /** When it was signed, in days since 1970-01-01; null unless `valid` or `expired`. */
  readonly day: number | null;
  readonly keyId: string | null;
}

export interface VerifyOptions {
  readonly keys: readonly ReturnPathKey[];
  /** When the report arrived. */
  readonly date: Date;
  readonly validDays?: number;
  /** Addresses that the recipient may be, for a return path that had no room for it. */
  readonly candidates?: Iterable<string>;
}

/** The run of letters and digits has 20 to 25 characters. Whatever BATV, SRS and the like put before it is passed over. */
const TOKEN = /(?:^|[^a-z0-9])rb([a-z0-9]{1,4})([a-z0-9]{3})([a-z2-7]{16})(?:-([a-z0-9._+=-]{1,64}))?$/;

/** What an address says as a return path of ours. Never throws. */
export function verifyReturnPath(address: string, options: VerifyOptions): CheckedReturnPath {
  const { keys, date, validDays = RETURN_PATH_VALID_DAYS, candidates = [] } = options;
  const found = TOKEN.exec(address.slice(0, address.lastIndexOf('@')).slice(-512).toLowerCase());
  if (found === null) return { signature: 'unsigned', recipient: null, day: null, keyId: null };
  const [, keyId = '', dayCode = '', mac = '', code] = found;
  const failed = (signature: Signature) => ({ signature, recipient: null, day: null, keyId });
  const key = keys.find((one) => one.id === keyId);
  if (key === undefined) return failed('unknown_key');

  const day = Number.parseInt(dayCode, 36);
  const isOver = (recipient: string, where: Where) => same(macOf(key, day, recipient, where), mac);
  const inside = code === undefined ? null : decodeRecipient(code);
  const recipient =
    code === undefined
      ? firstOf(candidates, (one) => isOver(normalizeAddress(one), 'beside'))
      : inside !== null && isOver(inside, 'inside')
        ? inside
        : null;
  if (recipient === null) return failed(code === undefined ? 'unmatched' : 'wrong');
  const today = dayOf(date);
  // A day ahead is a clock that is ahead.
  const signature = day >= today - validDays && day <= today + 1 ? 'valid' : 'expired';
  return { signature, recipient, day, keyId };
}

function firstOf(items: Iterable<string>, fits: (item: string) => boolean): string | null {
  for (const item of items) if (fits(item)) return item;
  return null;
}

/** Whether the recipient stands in the address or not: a signature for one is none for the other. */
type Where = 'inside' | 'beside';

function token(key: ReturnPathKey, day: number, recipient: string, where: Where): string {
  return `${MARK}${key.id}${day.toString(36).padStart(DAY_DIGITS, '0')}${macOf(key, day, recipient, where)}`;
}

function macOf({ id, secret }: ReturnPathKey, day: number, recipient: string, where: Where): string {
  const signed = ['rebound return path', where, id, day, recipient].join('\n');
  return base32(createHmac('sha256', secret).update(signed, 'utf8').digest().subarray(0, MAC_OCTETS));
}

/** RFC 4648 §6, in lower case. */
function base32(octets: Uint8Array): string {
  let number = 0n;
  for (const octet of octets) number = (number << 8n) | BigInt(octet);
  let out = '';
  for (let i = MAC_LENGTH - 1; i >= 0; i--) out += 'abcdefghijklmnopqrstuvwxyz234567'[Number((number >> BigInt(5 * i)) & 31n)];
  return out;
}

function same(a: string, b: string): boolean {
  return a.length === b.length && timingSafeEqual(Buffer.from(a), Buffer.from(b));
}
