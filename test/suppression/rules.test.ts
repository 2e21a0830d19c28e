import { describe, expect, it } from 'vitest';
import { firstMatch, type Match, matches, type Rule } from '../../src/suppression/rules.ts';
import { bounce } from './history.ts';

describe('a match', () => {
  const cases: [Match, Parameters<typeof bounce>[0], boolean][] = [
    [{}, {}, true],
    [{ kind: ['bounce', 'feedback'] }, {}, true],
    [{ kind: ['feedback'] }, {}, false],
    [{ class: ['temporary'] }, {}, false],
    [{ category: ['user_unknown'] }, {}, true],
    [{ fault: ['content'] }, {}, false],
    [{ status: ['4.x.x', '5.1.*'] }, {}, true],
    [{ status: ['5.x.x'] }, { status: null }, false],
    [{ reply: ['550', '551'] }, {}, true],
    [{ reply: ['550'] }, { reply: null }, false],
    [{ provider: ['google'] }, { provider: 'google' }, true],
    [{ provider: ['google'] }, {}, false],
    [{ trust: ['signed'] }, {}, false],
    [{ domain: ['example.com'] }, {}, true],
    [{ domain: ['example.com'] }, { recipientDomain: 'mail.example.com' }, false],
    [{ domain: ['*.example.com'] }, { recipientDomain: 'mail.example.com' }, true],
    [{ domain: ['*.example.com'] }, { recipientDomain: 'badexample.com' }, false],
    [{ status: ['5.x.x'], fault: ['recipient'], provider: ['google'] }, {}, false],
  ];

  it.each(cases)('%j of %j is %s', (match, fields, expected) => {
    expect(matches(match, bounce(fields))).toBe(expected);
  });
});

it('lets the first rule that matches decide', () => {
  const rule = (name: string, match: Match): Rule => ({ name, match, effect: 'hold', why: '' });
  const rules = [rule('google', { provider: ['google'] }), rule('dead', { fault: ['recipient'] }), rule('all', {})];
  expect(firstMatch(rules, bounce())?.name).toBe('dead');
  expect(firstMatch(rules, bounce({ provider: 'google' }))?.name).toBe('google');
  expect(firstMatch([], bounce())).toBeNull();
});
