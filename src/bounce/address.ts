import { domainToASCII } from 'node:url';

/** RFC 5321 §4.5.3.1 allows 64 + 1 + 255 octets. */
const MAX_ADDRESS = 320;
/** Addresses looked for in one text. */
const MAX_FOUND = 1000;
/** Characters of a field in which an address is looked for: a comment may stand before it. */
const MAX_FIELD = 1000;

/**
 * An address in running text. Local part: atoms of RFC 5322 and RFC 6531, or a quoted string; domain: labels, or a literal. Linear: a run
 * of characters is tried from its beginning only, and `@` stands between disjoint sets. An apostrophe inside belongs to the address
 * (o'neil@example.net), one before or behind it does not.
 */
const ADDRESS =
  /(?:"[^"\x00-\x1f\x7f-\x9f@]{1,64}"|(?<![^\s\x00-\x1f\x7f-\x9f"<>()[\]\\,;:@'`\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]'?)[^\s\x00-\x1f\x7f-\x9f"<>()[\]\\,;:@'`\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+(?:'[^\s\x00-\x1f\x7f-\x9f"<>()[\]\\,;:@'`\u3000-\u303f\uff01-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uff65]+)*)@(?:[\p{L}\p{N}](?:[\p{L}\p{N}_-]{0,62})(?:\.[\p{L}\p{N}_-]{1,63}){0,10}|\[[0-9A-Fa-f.:]{3,60}\])/gu;

/**
 * What no address on a list holds, be it in a quoted string: control characters, angle brackets, halves of characters, white space
 * other than a plain blank between quotes. Whoever shows, stores or compares such an address gets hurt by it.
 */
const UNFIT = /[\s<>\p{Cc}\p{Cs}]/u;
const isUnfit = (local: string, domain: string) =>
  UNFIT.test(domain) || UNFIT.test(/^"[^"]*"$/.test(local) ? local.replaceAll(' ', '') : local);

/**
 * Marks of direction, and what takes no room: in a report in Hebrew or Arabic they stand around an address, and inside they only make it
 * look like another. The joiners (U+200C, U+200D) belong to some scripts.
 */
const UNSEEN = /[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Every address in a text, in order, each once; cleaned as by `cleanAddress`. */
export function findAddresses(text: string): string[] {
  const found = new Set<string>();
  if (!text.includes('@')) return [];
  const seen = new Set<string>();
  for (const one of text.replace(UNSEEN, '').matchAll(ADDRESS)) {
    const match = unquoted(one);
    if (seen.has(match)) continue;
    seen.add(match);
    // Words of a language without blanks stand right before the address: 收件人wei@example.com
    const address = cleanAddress(match.replace(/^[^\x00-\x7f]+(?=[\x21-\x7e]+@)/, ''));
    if (address !== null) found.add(address);
    if (seen.size >= MAX_FOUND) break;
  }
  return [...found];
}

/** `user'anna@example.net'`: the quote begins inside what was found, as it ends right behind it. */
function unquoted({ 0: match, index, input }: RegExpExecArray): string {
  if (
    !match.includes("'") ||
    input[index - 1] === "'" ||
    !/^'(?!\p{L})/u.test(input.slice(index + match.length, index + match.length + 2))
  )
    return match;
  return match.slice(match.lastIndexOf("'", match.lastIndexOf('@')) + 1);
}

/**
 * One address out of a field or a line: type prefix (`rfc822;`), angle brackets, `mailto:`, xtext (RFC 3461 §4), quotes and trailing
 * dots taken off; the domain in lower case, the local part as written. Null for what is none, internal names of Exchange
 * (IMCEAEX, X.400, X.500) among them: they name no address on anybody's list.
 */
export function cleanAddress(text: string): string | null {
  let address = text
    .slice(0, MAX_FIELD)
    .replace(UNSEEN, '')
    .trim()
    .replace(/^(?:rfc822|utf-8|x-local|local|smtp|mailto|orig|unknown)\s*[;:]\s*/i, '')
    .trim();
  const bracketed = /<([^<>]{1,400})>/.exec(address);
  if (bracketed !== null) address = bracketed[1]!.replace(/^mailto:/i, '').trim();
  else {
    const [found] = address.matchAll(ADDRESS);
    if (found !== undefined) address = unquoted(found);
  }
  // A source route (RFC 5321 §4.1.2, obsolete): @one,@two:user@domain
  if (address.startsWith('@') && address.includes(':')) address = address.slice(address.lastIndexOf(':') + 1);
  if (/\+[0-9A-F]{2}/.test(address) && !address.includes('@')) address = decodeXtext(address);
  address = address.replace(/^['"`]+(?=[^"]*$)|(?<!['`])['`]+$/g, '').replace(/(?<![.,;:])[.,;:]+$/, '');
  const at = address.lastIndexOf('@');
  if (at < 1 || at === address.length - 1 || address.length > MAX_ADDRESS || isUnfit(address.slice(0, at), address.slice(at)))
    return null;
  if (/^IMCEA|^\/?(?:o|c)=|^mail_from$/i.test(address)) return null;
  return `${address.slice(0, at)}@${address.slice(at + 1).toLowerCase()}`;
}

/** xtext of RFC 3461 §4: `+` and two hexadecimal digits stand for a character; utf-8-addr-xtext of RFC 6533 §3: `\x{…}`. */
export function decodeXtext(text: string): string {
  return text
    .replace(/\\x\{([0-9A-F]{1,6})\}/gi, (whole, code: string) => {
      const point = Number.parseInt(code, 16);
      return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
    })
    .replace(/\+([0-9A-F]{2})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
}

/** The key under which an address is looked up: all lower case, the domain in ASCII (IDNA), so that each way of writing it meets. */
export function normalizeAddress(address: string): string {
  const at = address.lastIndexOf('@');
  if (at < 0) return address.trim().toLowerCase();
  const domain = address
    .slice(at + 1)
    .trim()
    .toLowerCase()
    .replace(/(?<!\.)\.+$/, '');
  const ascii = /^[\x21-\x7e]*$/.test(domain) ? domain : domainToASCII(domain) || domain;
  return `${address.slice(0, at).trim().toLowerCase().normalize('NFC')}@${ascii}`;
}

/** What stands after the last `@`, or null. */
export function domainOf(address: string): string | null {
  const at = address.lastIndexOf('@');
  return at < 0 || at === address.length - 1 ? null : address.slice(at + 1).toLowerCase();
}
