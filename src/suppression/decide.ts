import { type Effect, firstMatch, type HistoryEntry, type Rule } from './rules.ts';

export type { HistoryEntry } from './rules.ts';

/** `held`: off the list until a person decides. `removed`: the list's owner confirmed. `released`: mail may go out again. */
export const SUPPRESSION_STATES = ['flagged', 'held', 'removed', 'released'] as const;
export type SuppressionState = (typeof SUPPRESSION_STATES)[number];

export interface CurrentState {
  readonly state: SuppressionState;
  /** When the recipient came into this state. */
  readonly since: Date;
}

export interface DecideInput {
  /** Null: never flagged. */
  readonly current: CurrentState | null;
  /** Earlier stored events of this recipient, in any order. */
  readonly history: readonly HistoryEntry[];
  readonly event: HistoryEntry;
  readonly rules: readonly Rule[];
}

export interface Decision {
  readonly effect: Effect;
  /** Name of the rule, `none` where no rule matches. */
  readonly rule: string;
  /** The rule's reason, with the count where one is needed. */
  readonly reason: string;
  /** The state to go to; null for no change. */
  readonly toState: 'flagged' | 'held' | null;
  /** Days with a matching bounce since the last delivery or release, this one included. */
  readonly countedBounces: number;
}

const DAY_MS = 86_400_000;

/**
 * What one event does to its recipient. Pure: the same input gives the same decision.
 *
 * The first rule that matches decides. Where it asks for repetition, it counts different UTC days on which this rule decided
 * about a bounce, so five reports within an hour are one; a delivery since then starts the count anew, and so does a release.
 * A held recipient may still be flagged, a flagged one never falls back to held, and a removed one stays as it is. An event
 * from before a release changes nothing: the person who released knew of it, or could have.
 */
export function decide({ current, history, event, rules }: DecideInput): Decision {
  const rule = firstMatch(rules, event);
  if (rule === null) return nothing('ignore', 'none', 'No rule matches.', 0);
  if (!CHANGES_STATE.has(event.kind)) return nothing('ignore', rule.name, rule.why, 0);
  if (current?.state === 'released' && event.time <= current.since) {
    return nothing('ignore', rule.name, 'The recipient was released after this bounce.', 0);
  }
  const days = countedDays({ current, history, event, rules }, rule);
  const counted = days.length;
  if (rule.after && !repeated(days, rule.after)) {
    return nothing('count', rule.name, `${rule.why} So far on ${counted} ${counted === 1 ? 'day' : 'days'}.`, counted);
  }
  return {
    effect: rule.effect,
    rule: rule.name,
    reason: rule.why,
    toState: nextState(rule.effect, current),
    countedBounces: counted,
  };
}

/** Only these may take an address off a list: a delay, an answer or a delivery never does, whatever the rules say. */
const CHANGES_STATE: ReadonlySet<HistoryEntry['kind']> = new Set(['bounce', 'feedback']);

function nothing(effect: Effect, rule: string, reason: string, countedBounces: number): Decision {
  return { effect, rule, reason, toState: null, countedBounces };
}

function nextState(effect: Effect, current: CurrentState | null): 'flagged' | 'held' | null {
  const state = current?.state ?? null;
  if (state === 'removed' || state === 'flagged') return null;
  if (effect === 'flag') return 'flagged';
  if (effect === 'hold') return state === 'held' ? null : 'held';
  return null;
}

/** The UTC days, ascending, on which this rule decided about an event of this recipient since the last delivery or release. */
function countedDays({ current, history, event, rules }: DecideInput, rule: Rule): number[] {
  const all = [...history, event];
  const delivered = all.filter((entry) => entry.kind === 'delivered').map((entry) => entry.time.getTime());
  const released = current?.state === 'released' ? current.since.getTime() : Number.NEGATIVE_INFINITY;
  const since = delivered.reduce((latest, time) => Math.max(latest, time), released);
  const days = all
    .filter((entry) => entry.time.getTime() > since && firstMatch(rules, entry) === rule)
    .map((entry) => Math.floor(entry.time.getTime() / DAY_MS));
  return [...new Set(days)].sort((a, b) => a - b);
}

function repeated(days: readonly number[], { bounces, overDays }: NonNullable<Rule['after']>): boolean {
  if (days.length < bounces) return false;
  return days.at(-1)! - days[0]! >= overDays;
}
