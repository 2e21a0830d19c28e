import { describe, expect, it } from 'vitest';
import { readPaste } from '../../src/explain/paste.ts';

const inputs = (text: string) => readPaste(text).map(({ kind, input }) => `${kind}: ${input}`);

describe('readPaste', () => {
  it.each([
    ['550 5.1.1', ['code: 550 5.1.1']],
    ['550-5.1.1', ['code: 550 5.1.1']],
    ['450-5.1.1', ['code: 450 5.1.1']],
    ['550 4.7.26', ['code: 550', 'code: 4.7.26']],
    ['5.1.1 550', ['code: 5.1.1', 'code: 550']],
    ['5.1.1, 5.1.1; "5.1.1"', ['code: 5.1.1']],
    ['Status: 5.1.1\nStatus: 5.2.2', ['code: 5.1.1', 'code: 5.2.2']],
    ['NDR error code #5.1.1 and 5.2.2', ['code: 5.1.1', 'code: 5.2.2']],
    ['550 error', ['answer: 550 error']],
    ['5.7.606-649', ['code: 5.7.606', 'code: 5.7.649']],
    ['5.7.606-5.7.649', ['code: 5.7.606', 'code: 5.7.649']],
    ['5.1.1.', ['code: 5.1.1']],
    ['', []],
    [' \r\n ', []],
  ])('finds codes alone in %j', (text, expected) => {
    expect(inputs(text)).toEqual(expected);
  });

  it.each([
    ['550-5.1.1 Not\r\n550 5.1.1 here', ['answer: 550-5.1.1 Not\n550 5.1.1 here']],
    ['550 5.1.1 Not here\n552 5.2.2 Full', ['answer: 550 5.1.1 Not here', 'answer: 552 5.2.2 Full']],
    ['said: 550 5.1.1 Not here; then 552 5.2.2 Full', ['answer: said: 550 5.1.1 Not here; then', 'answer: 552 5.2.2 Full']],
    ['Not here (#5.1.1)\nFull (#5.2.2)', ['answer: Not here (#5.1.1)', 'answer: Full (#5.2.2)']],
    ['550 Not\n550 here', ['answer: 550 Not\n550 here']],
    ['550 5.0.350 Error ->\n 550 5.1.1 Not here\n5.7.1', ['answer: 550 5.0.350 Error -> 550 5.1.1 Not here', 'code: 5.7.1']],
    [
      '550 5.0.350 Error -> 550 5.1.1 Not here\n550 5.0.350 Error -> 552 5.2.2 Full',
      ['answer: 550 5.0.350 Error -> 550 5.1.1 Not here', 'answer: 550 5.0.350 Error -> 552 5.2.2 Full'],
    ],
    ['#< #5.7.1 smtp;550 5.7.1 No> #SMTP#', ['answer: #< #5.7.1 smtp;550 5.7.1 No> #SMTP#']],
    ['from 192.0.2.5 with version 15.20.7000.10', ['answer: from 192.0.2.5 with version 15.20.7000.10']],
  ])('takes the answers in %j apart', (text, expected) => {
    expect(inputs(text)).toEqual(expected);
  });

  it('stops at fifty', () => {
    const codes = Array.from({ length: 80 }, (_, i) => `5.7.${i + 100}`).join(' ');
    expect(readPaste(codes)).toHaveLength(50);
  });
});
