/**
 * Text from a mail as Postgres can store it: without U+0000 (refused, SQLSTATE 22021), lone surrogates replaced, cut to
 * `max` characters.
 */
export function clean(text: string, max: number): string {
  const cut = text.length > max ? text.slice(0, max) : text;
  return (cut.includes('\0') ? cut.replaceAll('\0', '') : cut).toWellFormed();
}

export function cleanOrNull(text: string | null, max: number): string | null {
  return text === null ? null : clean(text, max);
}
