import { describe, expect, it } from 'vitest';
import { statusMatcher } from '../../src/suppression/status-pattern.ts';

describe('status patterns', () => {
  it.each([
    ['5.x.x', ['5.0.0', '5.7.750'], ['4.7.1', '2.1.5']],
    ['5.1.*', ['5.1.1', '5.1.10'], ['5.2.1', '4.1.1']],
    ['5.7.606-649', ['5.7.606', '5.7.623', '5.7.649'], ['5.7.605', '5.7.650', '5.7.62']],
    ['5.1.1', ['5.1.1'], ['5.1.10', '5.1.11']],
    ['4-5.2.2', ['4.2.2', '5.2.2'], ['2.2.2']],
    ['X.1.1', ['5.1.1', '4.1.1'], ['5.1.2']],
  ])('%s', (pattern, yes, no) => {
    const matches = statusMatcher(pattern);
    for (const status of yes) expect(matches(status)).toBe(true);
    for (const status of no) expect(matches(status)).toBe(false);
  });

  it.each(['', '5', '5.1', '5.1.1.1', '5.a.1', '5.7.649-606', '5..1', '5.1.1234'])('refuses %j', (pattern) => {
    expect(() => statusMatcher(pattern)).toThrow(RangeError);
  });

  it('matches nothing that is no code', () => {
    expect(statusMatcher('x.x.x')('550')).toBe(false);
  });
});
