import { describe, expect, it } from 'vitest';
import { type Column, formatTable } from '../../src/cli/table.ts';
import { cleanLines, cleanText, cutText, textWidth, wrapText } from '../../src/cli/terminal-text.ts';

describe('a table', () => {
  const columns: Column[] = [
    { title: 'recipient', narrow: 'cut' },
    { title: 'n', align: 'right' },
    { title: 'reason', narrow: 'wrap' },
  ];
  const rows = [
    ['anna@a-rather-long-domain.example', 5, 'five bounces over fifteen days, the last of them today'],
    ['bo@b.example', 12, null],
  ];

  it('aligns its columns and keeps each row on one line where the width is not known', () => {
    expect(formatTable(columns, rows, null)).toBe(
      [
        'recipient                           n  reason',
        '─────────────────────────────────  ──  ──────────────────────────────────────────────────────',
        'anna@a-rather-long-domain.example   5  five bounces over fifteen days, the last of them today',
        'bo@b.example                       12',
      ].join('\n'),
    );
  });

  it('cuts and wraps so that no line is longer than the terminal', () => {
    expect(formatTable(columns, rows, 48)).toBe(
      [
        'recipient               n  reason',
        '─────────────────────  ──  ─────────────────────',
        'anna@a-rather-long-d…   5  five bounces over',
        '                           fifteen days, the',
        '                           last of them today',
        'bo@b.example           12',
      ].join('\n'),
    );
  });

  it('keeps to its minima in a terminal that is far too narrow', () => {
    const lines = formatTable(columns, rows, 10).split('\n');
    expect(lines[1]).toBe('────────────  ──  ────────────');
  });

  it('has a head alone when there are no rows', () => {
    expect(formatTable([{ title: 'a' }], [], 80)).toBe('a\n─');
  });
});

describe('text for a terminal', () => {
  it.each([
    ['escapes that colour, clear and set the title', '\x1b[31mred\x1b[0m \x1b[2J\x1b]0;owned\x07end', 'red end'],
    ['an escape without an end', 'a\x1b]0;never closed', 'a'],
    ['control characters', 'a\x00b\x07c\x7fd\x9be', 'abcde'],
    ['line ends and tabs, which become blanks', 'two\r\nlines\tand more ', 'two lines and more'],
    ['marks of direction', 'user\u202egpj.exe\u2069', 'usergpj.exe'],
    ['half a character', 'a\ud800b', 'a\ufffdb'],
  ])('is freed of %s', (_, given, clean) => {
    expect(cleanText(given)).toBe(clean);
  });

  it('keeps its lines and their indents where it is a message', () => {
    expect(cleanLines('no file a\x1b[31mb\n  - \x9bsecond\u202e')).toBe('no file ab\n  - second');
  });

  it('is bounded', () => {
    expect(cleanText('x'.repeat(1_000_000))).toHaveLength(4000);
  });

  it('counts what it takes on the screen', () => {
    expect(textWidth('abc')).toBe(3);
    expect(textWidth('収件人')).toBe(6);
    expect(textWidth('e\u0301te\u0301')).toBe(3);
    expect(textWidth('…→')).toBe(2);
  });

  it('is cut and wrapped by what it takes on the screen', () => {
    expect(cutText('送信先のアドレス', 7)).toBe('送信先…');
    expect(wrapText('送信先のアドレス', 6)).toEqual(['送信先', 'のアド', 'レス']);
    expect(wrapText('a verylongwordindeed b', 8)).toEqual(['a', 'verylong', 'wordinde', 'ed b']);
  });

  it('comes to an end even where not one character fits', () => {
    expect(wrapText('送信', 1)).toEqual(['送', '信']);
  });
});
