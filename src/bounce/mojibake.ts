/** Two characters that UTF-8 gives when it is read as windows-1252 or ISO-8859-1, and that hardly ever stand side by side otherwise. */
const SIGN = /[\u00c2-\u00f4][\u0080-\u00bf\u0152-\u2122]/;

const UTF8 = new TextDecoder('utf-8', { fatal: true });

/** What windows-1252 has at 0x80 to 0x9f. */
const HIGH = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';
const BYTES: ReadonlyMap<string, number> = new Map(Array.from(HIGH, (char, i) => [char, 0x80 + i]));

/** The words of a text in UTF-8 that was labelled as a Latin charset; any other text as it is. All of it has to be UTF-8. */
export function undoMojibake(text: string): string {
  if (!SIGN.test(text)) return text;
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    const byte = code <= 0xff ? code : BYTES.get(text[i]!);
    if (byte === undefined) return text;
    bytes[i] = byte;
  }
  try {
    return UTF8.decode(bytes);
  } catch {
    return text;
  }
}
