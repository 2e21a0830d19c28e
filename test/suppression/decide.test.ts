import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decide, type SuppressionState } from '../../src/suppression/decide.ts';
import { presets } from '../../src/suppression/presets.ts';
import type { HistoryEntry, Rule } from '../../src/suppression/rules.ts';
import { bounce, day, full } from './history.ts';

const standard = presets.standard;

function decideOn(
  event: HistoryEntry,
  history: HistoryEntry[] = [],
  state: SuppressionState | null = null,
  rules: readonly Rule[] = standard,
) {
  return decide({ current: state && { state, since: day(0) }, history, event, rules });
}

describe('repetition: five days over fourteen', () => {
  it('does not flag for five bounces within an hour', () => {
    const history = [0, 10, 20, 30].map((minutes) => full(new Date(day(20).getTime() + minutes * 60_000)));
    expect(decideOn(full(new Date(day(20).getTime() + 3_000_000)), history)).toMatchObject({
      effect: 'count',
      toState: null,
      countedBounces: 1,
    });
  });

  it('does not flag for five days in a row', () => {
    expect(
      decideOn(
        full(day(4)),
        [0, 1, 2, 3].map((n) => full(day(n))),
      ),
    ).toMatchObject({ effect: 'count', toState: null, countedBounces: 5 });
  });

  it('does not flag for four days over a month', () => {
    expect(
      decideOn(
        full(day(30)),
        [0, 10, 20].map((n) => full(day(n))),
      ),
    ).toMatchObject({ effect: 'count', countedBounces: 4 });
  });

  it('flags for five days over fourteen', () => {
    expect(
      decideOn(
        full(day(14)),
        [0, 3, 7, 11].map((n) => full(day(n))),
      ),
    ).toMatchObject({
      effect: 'flag',
      rule: 'passing-trouble',
      toState: 'flagged',
      countedBounces: 5,
    });
  });

  it('is a day short at thirteen', () => {
    expect(
      decideOn(
        full(day(13)),
        [0, 3, 7, 11].map((n) => full(day(n))),
      ).toState,
    ).toBeNull();
  });

  it('takes the history in any order, and an event that comes late', () => {
    const entries = [14, 0, 11, 3].map((n) => full(day(n)));
    expect(decideOn(full(day(7)), entries).toState).toBe('flagged');
  });

  it('counts anew after a delivery', () => {
    const history = [0, 3, 7, 11].map((n) => full(day(n)));
    const delivered = bounce({
      kind: 'delivered',
      class: 'none',
      category: 'delivered',
      fault: 'unknown',
      status: '2.1.5',
      time: day(12),
    });
    expect(decideOn(full(day(14)), [...history, delivered])).toMatchObject({ effect: 'count', countedBounces: 1 });
  });

  it('does not count what another rule decided about', () => {
    const history = [bounce({ time: day(0), fault: 'content', status: '5.7.1' }), ...[3, 7, 11].map((n) => full(day(n)))];
    expect(decideOn(full(day(14)), history)).toMatchObject({ effect: 'count', countedBounces: 4 });
  });

  it('does not count delays', () => {
    const history = [0, 3, 7, 11].map((n) => ({ ...full(day(n)), kind: 'delay' as const }));
    expect(decideOn(full(day(14)), history)).toMatchObject({ effect: 'count', countedBounces: 1 });
  });

  it('counts days by UTC, not by hours between', () => {
    const history = [full(day(0, 23)), full(day(1, 1)), full(day(2)), full(day(3))];
    expect(decideOn(full(day(14)), history)).toMatchObject({ toState: 'flagged', countedBounces: 5 });
  });

  it('says how far the count has come', () => {
    expect(decideOn(full(day(3)), [full(day(1))]).reason).toContain('on 2 days');
  });
});

describe('the state a recipient is in', () => {
  const dead = bounce({ time: day(5) });
  const blocked = bounce({ time: day(5), category: 'blocked', fault: 'sender_reputation', status: '5.7.1' });

  it.each<[SuppressionState | null, HistoryEntry, 'flagged' | 'held' | null]>([
    [null, dead, 'flagged'],
    [null, blocked, 'held'],
    ['held', dead, 'flagged'],
    ['held', blocked, null],
    ['flagged', dead, null],
    ['flagged', blocked, null],
    ['removed', dead, null],
    ['removed', blocked, null],
    ['released', dead, 'flagged'],
    ['released', blocked, 'held'],
  ])('%s', (state, event, expected) => {
    expect(decideOn(event, [], state).toState).toBe(expected);
  });

  it('does not flag again for what was known when the recipient was released', () => {
    const current = { state: 'released', since: day(6) } as const;
    expect(decide({ current, history: [], event: dead, rules: standard })).toMatchObject({ effect: 'ignore', toState: null });
    expect(decide({ current, history: [], event: { ...dead, time: day(7) }, rules: standard }).toState).toBe('flagged');
  });

  it('counts anew after a release', () => {
    const current = { state: 'released', since: day(12) } as const;
    const history = [0, 3, 7, 11].map((n) => full(day(n)));
    expect(decide({ current, history, event: full(day(14)), rules: standard })).toMatchObject({
      effect: 'count',
      countedBounces: 1,
    });
  });
});

describe('rules of one’s own', () => {
  it('never flag for a delay, an answer or a delivery', () => {
    const all: Rule[] = [{ name: 'all', match: {}, effect: 'flag', why: '' }];
    for (const kind of ['delay', 'auto_reply', 'delivered', 'other'] as const) {
      expect(decideOn(bounce({ kind }), [], null, all)).toMatchObject({ effect: 'ignore', toState: null });
    }
  });

  it('may only count, or ignore', () => {
    for (const effect of ['count', 'ignore'] as const) {
      expect(decideOn(bounce(), [], null, [{ name: 'one', match: {}, effect, why: '' }])).toMatchObject({
        effect,
        toState: null,
        rule: 'one',
      });
    }
  });

  it('do nothing where none matches', () => {
    expect(decideOn(bounce(), [], null, [])).toMatchObject({ effect: 'ignore', rule: 'none', toState: null });
  });

  it('may hold first and flag on repetition', () => {
    const rules: Rule[] = [{ name: 'twice', match: {}, after: { bounces: 2, overDays: 1 }, effect: 'flag', why: '' }];
    expect(decideOn(bounce({ time: day(0) }), [], null, rules).toState).toBeNull();
    expect(decideOn(bounce({ time: day(1) }), [bounce({ time: day(0) })], 'held', rules).toState).toBe('flagged');
  });
});

it('gives the same decision whatever the order of the history', () => {
  const entry = fc
    .record({
      n: fc.integer({ min: 0, max: 40 }),
      kind: fc.constantFrom('bounce' as const, 'delivered' as const, 'delay' as const),
    })
    .map(({ n, kind }) => ({ ...full(day(n)), kind }));
  fc.assert(
    fc.property(fc.array(entry, { maxLength: 20 }), entry, (history, event) => {
      expect(decideOn(event, [...history].reverse())).toEqual(decideOn(event, history));
    }),
  );
});
