/** Lines that belong to an address at the most. */
const LINES = 14;

/**
 * The words about an address in a report's text: from the line that names it to the next blank line behind some words, or to the next
 * address. Empty if the text does not name it.
 */
export function neighbourhood(text: string, address: string): string {
  const at = text.toLowerCase().indexOf(address.toLowerCase());
  if (at < 0) return '';
  const start = text.lastIndexOf('\n', at) + 1;
  const lines = text.slice(start, start + 8000).split('\n');
  return aboutFirst(lines, address).join('\n').trim();
}

/** Of lines whose first names an address, those about it. */
export function aboutFirst(lines: readonly string[], address: string): string[] {
  const about = [lines[0] ?? ''];
  let words =
    (lines[0] ?? '')
      .toLowerCase()
      .replace(address.toLowerCase(), '')
      .replace(/[\s<>:;,.()-]|mailto/g, '').length > 8;
  for (const line of lines.slice(1, LINES)) {
    if (line.trim() === '') {
      if (words) break;
      continue;
    }
    if (/^\s*<?[^\s<>@]{1,64}@[^\s<>@]+>?[:,;]?\s*(?:\(.*)?$/.test(line) && !line.toLowerCase().includes(address.toLowerCase()))
      break;
    about.push(line);
    words = true;
  }
  return about;
}
