import { cleanText, cutStart, cutText, padText, textWidth, wrapText } from './terminal-text.ts';

export interface Column {
  readonly title: string;
  readonly align?: 'left' | 'right';
  /**
   * What gives way when the terminal is too narrow: `wrap` breaks the text into lines, `cut` ends it with `…`, `cut-start` begins it so.
   * Without it the column keeps its width.
   */
  readonly narrow?: 'wrap' | 'cut' | 'cut-start';
  /** Columns of the terminal below which it is not narrowed; 12 unless told. */
  readonly min?: number;
}

export type Cell = string | number | bigint | null | undefined;

const GAP = '  ';
const MIN_WIDTH = 12;

/**
 * An aligned table as text, without a line end at its close. Cells may hold text from mails: control characters and terminal
 * escapes are taken out. With a `width` (columns of the terminal) no line is longer, as far as the minima allow;
 * null (a file or a pipe) means one line a row, whole.
 */
export function formatTable(
  columns: readonly Column[],
  rows: readonly (readonly Cell[])[],
  width: number | null = terminalWidth(),
): string {
  const cells = rows.map((row) => columns.map((_, i) => cleanText(row[i] ?? '')));
  const natural = columns.map((column, i) => Math.max(textWidth(column.title), ...cells.map((row) => textWidth(row[i]!))));
  const widths = width === null ? natural : fitWidths(columns, natural, width);
  return [
    formatLine(
      columns,
      columns.map((column) => column.title),
      widths,
    ),
    widths.map((w) => '─'.repeat(w)).join(GAP),
    ...cells.flatMap((row) => formatRow(columns, row, widths)),
  ].join('\n');
}

/** Columns of the terminal, or null where the output goes elsewhere. */
export function terminalWidth(stream: NodeJS.WriteStream = process.stdout): number | null {
  return stream.isTTY ? Math.max(stream.columns || 80, 40) : null;
}

/** Takes from the widest column that may give way until all fit or none can. */
function fitWidths(columns: readonly Column[], natural: readonly number[], width: number): number[] {
  const widths = [...natural];
  const floor = columns.map((column, i) => Math.min(natural[i]!, Math.max(column.min ?? MIN_WIDTH, textWidth(column.title))));
  let excess = widths.reduce((sum, w) => sum + w, 0) + GAP.length * (columns.length - 1) - width;
  while (excess > 0) {
    let widest = -1;
    for (const [i, column] of columns.entries()) {
      if (column.narrow === undefined || widths[i]! <= floor[i]!) continue;
      if (widest < 0 || widths[i]! > widths[widest]!) widest = i;
    }
    if (widest < 0) break;
    widths[widest]!--;
    excess--;
  }
  return widths;
}

function formatRow(columns: readonly Column[], row: readonly string[], widths: readonly number[]): string[] {
  const lines = columns.map(({ narrow }, i) => {
    if (narrow === 'wrap') return wrapText(row[i]!, widths[i]!);
    if (narrow === undefined) return [row[i]!];
    return [narrow === 'cut' ? cutText(row[i]!, widths[i]!) : cutStart(row[i]!, widths[i]!)];
  });
  const height = Math.max(...lines.map((cell) => cell.length));
  return Array.from({ length: height }, (_, line) =>
    formatLine(
      columns,
      lines.map((cell) => cell[line] ?? ''),
      widths,
    ),
  );
}

function formatLine(columns: readonly Column[], cells: readonly string[], widths: readonly number[]): string {
  return cells
    .map((cell, i) => padText(cell, widths[i]!, columns[i]!.align ?? 'left'))
    .join(GAP)
    .trimEnd();
}
