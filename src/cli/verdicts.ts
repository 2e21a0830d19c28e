import { type Cell, type Column, formatTable, terminalWidth } from './table.ts';
import { cleanText, wrapText } from './terminal-text.ts';

const COLUMNS: readonly Column[] = [
  { title: 'file', narrow: 'cut-start' },
  { title: 'kind' },
  { title: 'recipient', narrow: 'cut', min: 24 },
  { title: 'class' },
  { title: 'category' },
  { title: 'fault' },
  { title: 'status' },
  { title: 'reason', narrow: 'wrap', min: 24 },
];

/** Columns of a terminal in which the table has room. */
const TABLE_FITS = 140;

/** One recipient of one mail, or a mail without any: a cell for each column. */
export type VerdictRow = readonly [
  file: Cell,
  kind: Cell,
  recipient: Cell,
  class_: Cell,
  category: Cell,
  fault: Cell,
  status: Cell,
  reason: Cell,
];

/** A table; in a terminal too narrow for it a few lines for each recipient. */
export function formatVerdicts(rows: readonly VerdictRow[], width: number | null = terminalWidth()): string {
  return width === null || width >= TABLE_FITS ? formatTable(COLUMNS, rows, width) : formatList(rows, width);
}

function formatList(rows: readonly VerdictRow[], width: number): string {
  const lines: string[] = [];
  const add = (text: string, indent: number) => {
    if (text !== '') lines.push(...wrapText(text, width - indent).map((line) => ' '.repeat(indent) + line));
  };
  let mail = '';
  for (const row of rows) {
    const [file, kind, recipient, bounceClass, category, fault, status, reason] = row.map((cell) => cleanText(cell ?? ''));
    const head = `${file}: ${kind}`;
    if (head !== mail) add(head, 0);
    mail = head;
    if (bounceClass !== '')
      add([recipient || '—', bounceClass, `${category},`, `fault: ${fault}`, status].filter(Boolean).join(' '), 2);
    add(reason!, 4);
  }
  return lines.join('\n');
}
