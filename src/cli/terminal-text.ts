/** Text is cut here before any pattern looks at it. */
const MAX_TEXT = 4000;

/** CSI and OSC sequences whole, so that no `[31m` is left over; then any other escape. */
const ESCAPES = /\u001b\[[0-?]*[ -/]*[@-~]|\u001b[\]PX^_][^\u0007\u001b]*(?:\u0007|\u001b\\)?|\u001b./g;
/** Control characters, and marks that change the direction or hide: they can make a line read as another. */
const INVISIBLE = /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** Text from a mail made fit for a terminal: on one line, without control characters, escapes, or marks of direction. */
export function cleanText(value: string | number | bigint): string {
  return String(value).slice(0, MAX_TEXT).replace(/\s+/g, ' ').replace(ESCAPES, '').replace(INVISIBLE, '').toWellFormed().trim();
}

/** The same for a message of several lines: their ends and indents stay. */
export function cleanLines(text: string): string {
  return text
    .slice(0, MAX_TEXT)
    .split('\n')
    .map((line) => `${/^ */.exec(line)![0]}${cleanText(line)}`)
    .join('\n');
}

/** Columns that a text takes in a terminal: two for East Asian wide characters and emoji, none for combining marks. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += characterWidth(character);
  return width;
}

/** Cut to `width` columns, the last of them `…` where something is missing. */
export function cutText(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  return `${takeWidth(text, width - 1)}…`;
}

/** The same, but what is missing is missing at the beginning: of a path the end tells most. */
export function cutStart(text: string, width: number): string {
  if (textWidth(text) <= width) return text;
  const kept: string[] = [];
  let used = 1;
  for (const character of [...text].reverse()) {
    used += characterWidth(character);
    if (used > width) break;
    kept.unshift(character);
  }
  return `…${kept.join('')}`;
}

/** Lines of at most `width` columns, broken between words where they can be. */
export function wrapText(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (textWidth(longer) <= width) {
      line = longer;
      continue;
    }
    if (line !== '') lines.push(line);
    line = word;
    while (textWidth(line) > width) {
      const head = takeWidth(line, width);
      lines.push(head);
      line = line.slice(head.length);
    }
  }
  return line === '' && lines.length > 0 ? lines : [...lines, line];
}

/** Filled up with blanks to `width` columns. */
export function padText(text: string, width: number, align: 'left' | 'right'): string {
  const blanks = ' '.repeat(Math.max(0, width - textWidth(text)));
  return align === 'right' ? blanks + text : text + blanks;
}

/** The longest beginning that fits, but at least one character, so that a loop over the rest comes to its end. */
function takeWidth(text: string, width: number): string {
  let taken = '';
  let used = 0;
  for (const character of text) {
    used += characterWidth(character);
    if (used > width && taken !== '') break;
    taken += character;
  }
  return taken;
}

function characterWidth(character: string): 0 | 1 | 2 {
  if (character < '\u0300') return 1;
  if (/^[\p{Mn}\p{Me}]$/u.test(character)) return 0;
  return WIDE.test(character) ? 2 : 1;
}

/** Unicode TR 11, classes W and F, in blocks: exact at the edges of a block does not matter for a table. */
const WIDE =
  /^[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u;
