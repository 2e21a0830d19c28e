import { isAscii } from 'node:buffer';
import { TextDecoder } from 'node:util';

/** Labels seen in mails that the Encoding Standard does not know. */
const ALIASES: Readonly<Record<string, string>> = {
  'cp-850': 'windows-1252',
  cp850: 'windows-1252',
  ansi: 'windows-1252',
  'x-unknown': 'utf-8',
  'unknown-8bit': 'utf-8',
  'utf-8859-1': 'iso-8859-1',
  utf8mb4: 'utf-8',
  'iso-2022-jp-ms': 'iso-2022-jp',
  'iso-8859-8-i': 'iso-8859-8',
  'ks_c_5601-1987': 'euc-kr',
};

const decoders = new Map<string, TextDecoder | null>();

/**
 * Bytes in a charset as text. Never throws: an unknown charset, or bytes that are not UTF-8 although they should be, are read as
 * Windows-1252, in which every byte is something.
 */
export function decodeCharset(bytes: Uint8Array, label: string): string {
  if (isAscii(bytes) && !/2022|utf-?16|utf-?7|hz/i.test(label)) return latin1(bytes);
  const name = label.trim().toLowerCase();
  const known = decoderOf(ALIASES[name] ?? name);
  if (known?.encoding === 'windows-1252') return windows1252(bytes);
  if (known?.encoding === 'iso-2022-jp' && !isAscii(bytes)) return mislabelledJapanese(bytes);
  if (known !== null && known.encoding !== 'utf-8') return known.decode(bytes);
  try {
    return strictUtf8.decode(bytes);
  } catch {
    // A cut in the middle of a character, or a stray byte in a sound text, is no reason to give up UTF-8.
    const text = lenientUtf8.decode(bytes);
    const bad = text.split('\ufffd').length - 1;
    const sound = text.length - text.replace(/[^\0-\x7f\ufffd]/g, '').length;
    return sound > bad ? text : windows1252(bytes);
  }
}

/** ISO-2022-JP has seven bits. Where there are eight, it is one of the others that Japanese servers write. */
function mislabelledJapanese(bytes: Uint8Array): string {
  for (const decoder of japanese) {
    try {
      return decoder.decode(bytes);
    } catch {
      // not this one
    }
  }
  return decodeCharset(bytes, 'utf-8');
}

const japanese = ['utf-8', 'euc-jp', 'shift_jis'].map((name) => new TextDecoder(name, { fatal: true }));

const strictUtf8 = new TextDecoder('utf-8', { fatal: true });
const lenientUtf8 = new TextDecoder('utf-8');

/** What Windows-1252 has at 0x80 to 0x9F, where Latin-1 has control characters. */
const WINDOWS_1252 = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** By hand: Node's own decoder of that name is one for Latin-1 in some releases of Node 20 to 23. */
function windows1252(bytes: Uint8Array): string {
  return latin1(bytes).replace(/[\x80-\x9f]/g, (char) => WINDOWS_1252[char.charCodeAt(0) - 0x80]!);
}

function decoderOf(name: string): TextDecoder | null {
  let decoder = decoders.get(name);
  if (decoder === undefined) {
    try {
      decoder = new TextDecoder(name === '' || name === 'us-ascii' || name === 'ascii' ? 'utf-8' : name);
    } catch {
      decoder = null;
    }
    // The set of labels in mails is a stranger's: remember no more than there are charsets.
    if (decoders.size < 100) decoders.set(name, decoder);
  }
  return decoder;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
