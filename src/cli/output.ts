/** Writes to standard output; waits while the reader of a pipe is slow, so that a million lines do not pile up in memory. */
export async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.once('drain', resolve));
}

/** What a terminal obeys or hides, and JSON.stringify leaves as it is; in JSON it can stand in strings only. */
const OBEYED = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** JSON that a terminal can show: words of a mail stand in it whole, but all that would steer the terminal is written as `\u009b`.
 * Times are in ISO form, large numbers are numbers. */
export const jsonText = (value: unknown, indent?: number): string =>
  JSON.stringify(value, (_, item: unknown) => (typeof item === 'bigint' ? Number(item) : item), indent).replace(
    OBEYED,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );

/** `1 mail`, `2 mails`. */
export const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
