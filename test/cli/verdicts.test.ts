import { describe, expect, it } from 'vitest';
import { textWidth } from '../../src/cli/terminal-text.ts';
import { formatVerdicts, type VerdictRow } from '../../src/cli/verdicts.ts';

const FILE = '/var/mail/bounces/2026/november/list.mbox#12';
const ROWS: VerdictRow[] = [
  [FILE, 'bounce', 'anna@example.net', 'permanent', 'user_unknown', 'recipient', '5.1.1', '550 5.1.1 User unknown'],
  [FILE, 'bounce', 'ben@example.org', 'temporary', 'mailbox_full', 'recipient_temporary', '4.2.2', 'over quota '.repeat(9)],
  ['b.eml', 'other', '', '', '', '', '', 'Lunch?'],
];

describe('verdicts', () => {
  it.each([140, 160, 200])('are a table that fits a terminal of %i columns, with the end of the path', (width) => {
    const lines = formatVerdicts(ROWS, width).split('\n');
    expect(Math.max(...lines.map(textWidth))).toBeLessThanOrEqual(width);
    expect(lines[2]).toContain('list.mbox#12 ');
  });

  it('are a table where nobody looks at the width', () => {
    expect(formatVerdicts(ROWS, null).split('\n')).toHaveLength(5);
  });

  it('are a list in a narrow terminal', () => {
    expect(formatVerdicts(ROWS, 80)).toBe(
      [
        '/var/mail/bounces/2026/november/list.mbox#12: bounce',
        '  anna@example.net permanent user_unknown, fault: recipient 5.1.1',
        '    550 5.1.1 User unknown',
        '  ben@example.org temporary mailbox_full, fault: recipient_temporary 4.2.2',
        '    over quota over quota over quota over quota over quota over quota over quota',
        '    over quota over quota',
        'b.eml: other',
        '    Lunch?',
      ].join('\n'),
    );
  });
});
