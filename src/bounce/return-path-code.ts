/** Octets that stand for themselves. All are atext (RFC 5322 §3.2.3), have no meaning to any mail server, and are the same in lower case. */
const PLAIN = /^[a-z0-9_-]$/;

/**
 * An address as part of a local part: `anna=example.net`. Every other octet of its UTF-8 is `+` and two lower-case hexadecimal digits, as
 * xtext does it (RFC 3461 §4); capitals too, so that a server that writes local parts in lower case destroys nothing.
 */
export function encodeRecipient(address: string): string {
  const at = address.lastIndexOf('@');
  return `${escapeOctets(address.slice(0, at))}=${escapeOctets(address.slice(at + 1))}`;
}

function escapeOctets(text: string): string {
  let out = '';
  for (const octet of Buffer.from(text, 'utf8')) {
    const char = String.fromCharCode(octet);
    // Two dots in a row, or one at the end, would make no dot-atom.
    const plain = PLAIN.test(char) || (char === '.' && !out.endsWith('.'));
    out += plain ? char : `+${octet.toString(16).padStart(2, '0')}`;
  }
  return out.endsWith('.') ? `${out.slice(0, -1)}+2e` : out;
}

/** The address that `encodeRecipient` gave this text for, or null where it gives it for none. */
export function decodeRecipient(code: string): string | null {
  const at = code.indexOf('=');
  if (at < 1 || at === code.length - 1) return null;
  const local = unescapeOctets(code.slice(0, at));
  const domain = unescapeOctets(code.slice(at + 1));
  if (local === null || domain === null) return null;
  const address = `${local}@${domain}`;
  // One way of writing for each address: a signature is over the address, and nothing else may pass for it.
  return encodeRecipient(address) === code ? address : null;
}

const UTF8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function unescapeOctets(text: string): string | null {
  const octets = text.match(/\+[0-9a-f]{2}|[a-z0-9._-]/g) ?? [];
  if (octets.join('') !== text) return null;
  try {
    return UTF8.decode(
      Uint8Array.from(octets, (one) => (one[0] === '+' ? Number.parseInt(one.slice(1), 16) : one.charCodeAt(0))),
    );
  } catch {
    return null; // no UTF-8
  }
}
