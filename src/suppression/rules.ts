import type { BounceClass, Category, Fault, Kind, Trust } from '../bounce/vocabulary.ts';
import { type StatusPattern, statusMatcher } from './status-pattern.ts';

/** `count`: the bounce is counted and nothing else happens. `ignore`: it does not count either. */
export const EFFECTS = ['flag', 'hold', 'count', 'ignore'] as const;
export type Effect = (typeof EFFECTS)[number];

/** Every key that is given must fit; of a list, one. */
export interface Match {
  readonly kind?: readonly Kind[];
  readonly class?: readonly BounceClass[];
  readonly category?: readonly Category[];
  readonly fault?: readonly Fault[];
  readonly status?: readonly StatusPattern[];
  /** Three digits. */
  readonly reply?: readonly string[];
  readonly provider?: readonly string[];
  /** The recipient's domain; `*.example.com` for every domain below it. */
  readonly domain?: readonly string[];
  readonly trust?: readonly Trust[];
}

/** An ordered list of rules decides: the first that matches wins. */
export interface Rule {
  readonly name: string;
  readonly match: Match;
  /**
   * The effect sets in only after this repetition: matching bounces on at least `bounces` different days (UTC), the first and
   * the last of them at least `overDays` days apart, since the last delivery. Until then they count.
   */
  readonly after?: { readonly bounces: number; readonly overDays: number };
  readonly effect: Effect;
  /** Days after which the flag ends by itself. */
  readonly forDays?: number;
  /** One sentence for the person who asks. */
  readonly why: string;
}

/** What a rule can see of a bounce, stored or new. */
export interface HistoryEntry {
  readonly time: Date;
  readonly kind: Kind;
  readonly class: BounceClass;
  readonly category: Category;
  readonly fault: Fault;
  readonly status: string | null;
  readonly reply: string | null;
  readonly provider: string;
  readonly trust: Trust;
  readonly recipientDomain: string;
}

/** Whether a bounce fits. Throws RangeError for a status pattern that is none. */
export function matches(match: Match, entry: HistoryEntry): boolean {
  return (
    among(match.kind, entry.kind) &&
    among(match.class, entry.class) &&
    among(match.category, entry.category) &&
    among(match.fault, entry.fault) &&
    among(match.provider, entry.provider) &&
    among(match.trust, entry.trust) &&
    (match.reply === undefined || (entry.reply !== null && match.reply.includes(entry.reply))) &&
    (match.status === undefined || (entry.status !== null && anyStatus(match.status, entry.status))) &&
    (match.domain === undefined || match.domain.some((domain) => withinDomain(domain, entry.recipientDomain)))
  );
}

/** The rule that decides about a bounce; null if none matches. */
export function firstMatch(rules: readonly Rule[], entry: HistoryEntry): Rule | null {
  return rules.find((rule) => matches(rule.match, entry)) ?? null;
}

function among<T>(wanted: readonly T[] | undefined, value: T): boolean {
  return wanted === undefined || wanted.includes(value);
}

const compiled = new Map<StatusPattern, (status: string) => boolean>();

function anyStatus(patterns: readonly StatusPattern[], status: string): boolean {
  return patterns.some((pattern) => {
    let test = compiled.get(pattern);
    if (!test) {
      test = statusMatcher(pattern);
      compiled.set(pattern, test);
    }
    return test(status);
  });
}

function withinDomain(wanted: string, domain: string): boolean {
  return wanted.startsWith('*.') ? domain.endsWith(wanted.slice(1)) : domain === wanted;
}
