import { type Effect, type Matchable, matches, type Repetition, type Rule } from './rules.ts';

/**
 * State of a recipient: `flagged` (take it off the list), `held` (flagged, a person decides first), `removed` (the list's owner
 * confirmed), `released` (cleared). No row: never flagged.
 */
export type SuppressionState = 'flagged' | 'held' | 'removed' | 'released';

/** A stored bounce of the recipient. */
export interface HistoryEntry extends Matchable {
  /** When the report reached the mailbox. */
  readonly time: Date;
}

export interface DecisionInput {
  /** Null: never flagged. `since`: when this state began. */
  readonly current: { readonly state: SuppressionState; readonly since: Date } | null;
  /** Earlier bounces of this recipient, in any order. */
  readonly history: readonly HistoryEntry[];
  readonly event: HistoryEntry;
  readonly rules: readonly Rule[];
}

export interface Decision {
  /** What the rule that matched asks for; `count` while its repetition is not reached. */
  readonly effect: Effect;
  readonly rule: string;
  readonly reason: string;
  /** The state to go to; null: no change. */
  readonly toState: 'flagged' | 'held' | null;
  /** Bounces that speak for the decision, this one included. */
  readonly countedBounces: number;
}

const DAY_MS = 86_400_000;

/** Judges one bounce of one recipient by the first rule that matches. Pure: the same input gives the same answer. */
export function decide({ current, history, event, rules }: DecisionInput): Decision {
  const rule = rules.find((candidate) => matches(candidate.match, event));
  if (rule === undefined) return { effect: 'ignore', rule: 'none', reason: 'No rule matches.', toState: null, countedBounces: 0 };

  const counted = countable(rule, history, event, current);
  const reached = rule.after === undefined || isReached(rule.after, counted);
  const effect = reached ? rule.effect : 'count';
  return {
    effect,
    rule: rule.name,
    reason: rule.why,
    toState: nextState(current, effect, event),
    countedBounces: counted.length,
  };
}

/** This event and the earlier ones that the same rule matches, since the latest delivery and since a release. */
function countable(
  rule: Rule,
  history: readonly HistoryEntry[],
  event: HistoryEntry,
  current: DecisionInput['current'],
): HistoryEntry[] {
  let since = current?.state === 'released' ? current.since.getTime() : Number.NEGATIVE_INFINITY;
  for (const past of history)
    if (past.kind === 'delivered' && past.time <= event.time) since = Math.max(since, past.time.getTime());
  return [...history, event].filter((entry) => entry.time.getTime() > since && matches(rule.match, entry));
}

function isReached(after: Repetition, counted: readonly HistoryEntry[]): boolean {
  if (counted.length < after.bounces) return false;
  const days = new Set<number>();
  let first = Number.POSITIVE_INFINITY;
  let last = Number.NEGATIVE_INFINITY;
  for (const { time } of counted) {
    const at = time.getTime();
    days.add(Math.floor(at / DAY_MS));
    first = Math.min(first, at);
    last = Math.max(last, at);
  }
  return days.size >= after.bounces && last - first >= after.overDays * DAY_MS;
}

function nextState(current: DecisionInput['current'], effect: Effect, event: HistoryEntry): 'flagged' | 'held' | null {
  if (effect !== 'flag' && effect !== 'hold') return null;
  const to = effect === 'flag' ? 'flagged' : 'held';
  switch (current?.state) {
    case undefined:
      return to;
    case 'held':
      return to === 'flagged' ? to : null; // stronger evidence came in
    case 'flagged':
    case 'removed':
      return null;
    case 'released':
      // A report that was on its way when a person cleared the address says nothing new.
      return event.time > current!.since ? to : null;
  }
}
