import type { BounceClass, Category, Fault, Kind, Trust } from '../bounce/vocabulary.ts';
import type { Store } from '../store/index.ts';
import { decide, type HistoryEntry, type SuppressionState } from '../suppression/decide.ts';
import type { Rule } from '../suppression/rules.ts';

/** What became of one recipient of one mail, or of a mail without any: read back from the database. */
export interface Outcome {
  /** Key of the mail's row. */
  readonly mail: bigint;
  /** SHA-256 of the mail's bytes, in hex. */
  readonly contentHash: string;
  readonly kind: Kind;
  readonly subject: string | null;
  /** Why the mail could not be processed; null for a mail that could. */
  readonly error: string | null;
  /** Its bytes were known from another place of the mailbox: it counts for nothing. */
  readonly duplicate: boolean;
  readonly settled: boolean;
  readonly verdict: Verdict | null;
}

export interface Verdict {
  readonly recipient: string;
  readonly class: BounceClass;
  readonly category: Category;
  readonly fault: Fault;
  readonly status: string | null;
  /** The rule of the classification, and the line that it rests on. */
  readonly rule: string;
  readonly evidence: string;
  /** Null: never flagged. */
  readonly state: SuppressionState | null;
  /** The suppression rule behind the state, or behind there being none, and its reason. */
  readonly decidedBy: string;
  readonly reason: string;
}

interface Row {
  readonly id: bigint;
  readonly content_hash: string;
  readonly kind: Kind;
  readonly subject: string | null;
  readonly error: string | null;
  readonly duplicate: boolean;
  readonly settled: boolean;
  readonly recipient_key: string | null;
  readonly recipient: string;
  readonly recipient_domain: string;
  readonly time: Date;
  readonly class: BounceClass;
  readonly category: Category;
  readonly fault: Fault;
  readonly status: string | null;
  readonly reply: string | null;
  readonly provider: string;
  readonly trust: Trust;
  readonly rule: string;
  readonly evidence: string;
  readonly state: SuppressionState | null;
  readonly decided_by: string | null;
  readonly reason: string | null;
}

/** All that the database holds, in the order of arrival. Made for the few mails of the demo. */
export async function readOutcomes(store: Store, rules: readonly Rule[]): Promise<Outcome[]> {
  const rows = await store.prisma.$queryRaw<Row[]>`
    SELECT m.id, encode(m.content_hash, 'hex') AS content_hash, m.kind, m.subject, m.error, m.outcome = 'duplicate' AS duplicate, m.settled_at IS NOT NULL AS settled,
      b.recipient_key, b.recipient, b.recipient_domain, b."time", b.class, b.category, b.fault, b.status, b.reply, b.provider, b.trust, b.rule,
      b.evidence, s.state, s.rule AS decided_by, s.reason
    FROM messages m LEFT JOIN bounces b ON b.message_id = m.id LEFT JOIN suppressions s USING (recipient_key)
    ORDER BY m.received_at, m.id, b.id`;
  const history = new Map<string, HistoryEntry[]>();
  return rows.map((row) => ({
    mail: row.id,
    contentHash: row.content_hash,
    kind: row.kind,
    subject: row.subject,
    error: row.error,
    duplicate: row.duplicate,
    settled: row.settled,
    verdict: row.recipient_key === null ? null : verdictOf(row, row.recipient_key, history, rules),
  }));
}

function verdictOf(row: Row, key: string, history: Map<string, HistoryEntry[]>, rules: readonly Rule[]): Verdict {
  const past = history.get(key) ?? [];
  const event = { ...row, recipientDomain: row.recipient_domain };
  history.set(key, [...past, event]);
  return {
    recipient: row.recipient,
    class: row.class,
    category: row.category,
    fault: row.fault,
    status: row.status,
    rule: row.rule,
    evidence: row.evidence,
    state: row.state,
    ...(row.state === null
      ? whyNoState(event, past, rules)
      : { decidedBy: row.decided_by ?? 'a person', reason: row.reason ?? '' }),
  };
}

/** The worker stores reasons of changes alone; asked again with the same history, the rules say why there was none. */
function whyNoState(
  event: HistoryEntry,
  history: readonly HistoryEntry[],
  rules: readonly Rule[],
): Pick<Verdict, 'decidedBy' | 'reason'> {
  const { effect, rule, reason, countedBounces } = decide({ current: null, history, event, rules });
  const after = rules.find(({ name }) => name === rule)?.after;
  if (effect !== 'count' || !after) return { decidedBy: rule, reason };
  const seen = countedBounces === 1 ? '1 day' : `${countedBounces} days`;
  return {
    decidedBy: rule,
    reason: `counted: on ${seen} so far, flagged after ${after.bounces} over at least ${after.overDays} days`,
  };
}

/** Whether a mail has come to rest: committed and settled, or committed as no bounce, which stays where it is. */
export function atRest(outcome: Outcome): boolean {
  return outcome.settled || (outcome.kind === 'other' && outcome.error === null);
}
