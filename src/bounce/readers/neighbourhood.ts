/** The lines around an address, as far as they are not about another recipient; the whole text where it is not named. */
export function passage(lines: readonly string[], address: string, all: readonly string[]): string {
  const own = address.toLowerCase();
  const others = all.map((one) => one.toLowerCase()).filter((one) => one !== own);
  const isOfAnother = (line: string) => line.includes('@') && others.some((other) => line.toLowerCase().includes(other));
  const at = lines.findIndex((line) => line.toLowerCase().includes(own));
  if (at < 0) return others.length > 0 ? '' : lines.slice(0, 60).join('\n');
  let start = at;
  while (start > 0 && at - start < 2 && !isOfAnother(lines[start - 1]!)) start--;
  let end = at + 1;
  while (end < lines.length && end - at < 20 && !isOfAnother(lines[end]!)) end++;
  return lines.slice(start, end).join('\n');
}

/** What is said behind the address in a passage: the sentence itself where it goes on, else what follows it. */
export function behind(words: string, address: string): string {
  const at = words.toLowerCase().indexOf(address.toLowerCase());
  if (at < 0) return words;
  const rest = words.slice(at + address.length);
  if (/\p{L}{3}/u.test(rest.split('\n', 1)[0]!)) return words.slice(words.lastIndexOf('\n', at) + 1);
  const after = rest.replace(/^[^\p{L}\p{N}]+/u, '');
  return /\p{L}{3}/u.test(after) ? after : words;
}
