import type { BounceClass, Category, Fault, Kind, Trust } from '../bounce/vocabulary.ts';

/** What a rule does with a bounce: take the recipient off at once, let a person decide, merely count it, or pass over it. */
export type Effect = 'flag' | 'hold' | 'count' | 'ignore';

/** What a rule matches on; every condition given must hold, and a list means any of these. */
export interface Match {
  readonly kind?: readonly Kind[];
  readonly class?: readonly BounceClass[];
  readonly category?: readonly Category[];
  readonly fault?: readonly Fault[];
  /** Patterns of enhanced status codes: `5.x.x`, `5.1.*`, `5.7.606-649`, `5.1.1`. They look at the code as it stands in the mail. */
  readonly status?: readonly string[];
  readonly reply?: readonly string[];
  readonly provider?: readonly string[];
  readonly domain?: readonly string[];
  readonly trust?: readonly Trust[];
}

/**
 * Repetition before a rule acts: on at least `bounces` distinct days (UTC) a bounce that the rule matches, the first and the last of
 * them at least `overDays` days apart, none before the latest delivery. So five in an hour, or five days in a row, are not enough
 * for `{ bounces: 5, overDays: 14 }`: a mailbox that is full during a holiday is alive.
 */
export interface Repetition {
  readonly bounces: number;
  readonly overDays: number;
}

export interface Rule {
  readonly name: string;
  readonly match: Match;
  readonly after?: Repetition;
  readonly effect: Effect;
  /** For people: the reason that is stored with the decision. */
  readonly why: string;
}

/** What rules look at. */
export interface Matchable {
  readonly kind: Kind;
  readonly class: BounceClass;
  readonly category: Category;
  readonly fault: Fault;
  readonly status: string | null;
  readonly reply: string | null;
  readonly provider: string;
  readonly recipientDomain: string;
  readonly trust: Trust;
}

export function matches(match: Match, event: Matchable): boolean {
  return (
    has(match.kind, event.kind) &&
    has(match.class, event.class) &&
    has(match.category, event.category) &&
    has(match.fault, event.fault) &&
    has(match.provider, event.provider) &&
    has(match.domain, event.recipientDomain) &&
    has(match.trust, event.trust) &&
    (match.reply === undefined || (event.reply !== null && match.reply.includes(event.reply))) &&
    (match.status === undefined ||
      (event.status !== null && match.status.some((pattern) => matchesStatus(pattern, event.status!))))
  );
}

/**
 * Whether an enhanced status code (RFC 3463) fits a pattern: three parts, each a number, a range `606-649` (ends included,
 * compared as numbers), or `x` or `*` for any.
 */
export function matchesStatus(pattern: string, status: string): boolean {
  const wanted = pattern.split('.');
  const parts = status.split('.');
  return wanted.length === 3 && parts.length === 3 && wanted.every((want, i) => matchesPart(want, Number(parts[i])));
}

function matchesPart(want: string, part: number): boolean {
  if (want === 'x' || want === '*') return true;
  const [from, to = from] = want.split('-').map(Number);
  return part >= from! && part <= to!;
}

function has<T>(wanted: readonly T[] | undefined, value: T): boolean {
  return wanted === undefined || wanted.includes(value);
}
