import { expect, it } from 'vitest';
import { csvLine } from '../../src/cli/csv.ts';

it('quotes what holds a comma, a quote or a line end (RFC 4180), and leaves null empty', () => {
  expect(csvLine(['a', 'b,c', 'd"e', 'f\ng', ' h', null, 7])).toBe('a,"b,c","d""e","f\ng"," h",,7\r\n');
});

it.each(['=1+1', '+x@example.org', '-2', '@SUM(A1)', '\t=1', '  =1', '\r=1', '＝1', '\u0000=1', '\u202e=1'])(
  'disarms %j, which a spreadsheet would compute',
  (text) => {
    expect(csvLine([text])).toMatch(/^"?'/);
  },
);

it('leaves numbers, addresses and plain text alone', () => {
  expect(csvLine([-5, 'ann@example.org', 'no such user = gone'])).toBe('-5,ann@example.org,no such user = gone\r\n');
});

it('takes control characters and marks of direction out', () => {
  expect(csvLine(['a\u001b[31mb\u202ec\u2066d\u007f'])).toBe('a[31mbcd\r\n');
});
