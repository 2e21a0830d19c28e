/** Writes to standard output; waits while the reader of a pipe is slow, so that a million lines do not pile up in memory. */
export async function write(text: string): Promise<void> {
  if (!process.stdout.write(text)) await new Promise((resolve) => process.stdout.once('drain', resolve));
}

/** `1 mail`, `2 mails`. */
export const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;
