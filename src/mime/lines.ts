const LF = 0x0a;
const CR = 0x0d;

/** Start of the line after `from`; line ends are LF, CRLF, or a lone CR. `end` if there is none. */
export function nextLine(bytes: Uint8Array, from: number, end: number): number {
  for (let i = from; i < end; i++) {
    const byte = bytes[i];
    if (byte === LF) return i + 1;
    if (byte === CR) return i + 1 < end && bytes[i + 1] === LF ? i + 2 : i + 1;
  }
  return end;
}

/** End of the line that begins at `from`, without its line end. */
export function lineEnd(bytes: Uint8Array, from: number, end: number): number {
  for (let i = from; i < end; i++) if (bytes[i] === LF || bytes[i] === CR) return i;
  return end;
}

/** Line ends as LF. */
export function toLf(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}
