import { decide, type HistoryEntry, type SuppressionState } from '../suppression/decide.ts';
import { firstMatch, type Rule } from '../suppression/rules.ts';
import type { Transaction } from './client.ts';
import type { BounceRow } from './commit.ts';

/** A bounce that this transaction has stored. */
export type NewBounce = BounceRow & { readonly id: bigint };

export interface SuppressionPolicy {
  readonly rules: readonly Rule[];
}

/** Further bounces of a recipient whose state stays. */
interface Touch {
  recipient_key: string;
  last_bounce_at: string;
  bounces: number;
}

interface Write {
  recipient: string;
  recipient_key: string;
  recipient_domain: string;
  from_state: SuppressionState | null;
  state: SuppressionState;
  category: string;
  fault: string;
  status: string | null;
  provider: string;
  rule: string;
  reason: string;
  evidence: string;
  bounces: number;
  last_bounce_at: string;
  bounce_id: string;
}

/**
 * Lets the rules judge new bounces, oldest first, each with what was stored of its recipient before, and writes the changes of
 * state with their audit trail.
 *
 * Decisions on one recipient are made one after the other, whichever workers hold its bounces. The bounces are stored before the lock
 * is asked for: who gets it later sees all that was stored by those before, so the last of five is always seen as the fifth.
 */
export async function applyRules(
  tx: Transaction,
  bounces: readonly NewBounce[],
  policy: SuppressionPolicy,
): Promise<{ flagged: number; held: number }> {
  if (bounces.length === 0) return { flagged: 0, held: 0 };
  const keys = [...new Set(bounces.map((bounce) => bounce.recipient_key))];
  await lockRecipients(tx, keys);
  const current = await readStates(tx, keys);
  const history = await readHistory(tx, keysWithCount(bounces, current, policy), bounces);
  const now = new Date();

  const writes: Write[] = [];
  const touched = new Map<string, Touch>();
  for (const bounce of [...bounces].sort((a, b) => a.time.localeCompare(b.time))) {
    const key = bounce.recipient_key;
    const past = history.get(key) ?? [];
    const state = current.get(key) ?? null;
    const entry = historyEntry(bounce);
    const decision = decide({ current: state, history: past, event: entry, rules: policy.rules });
    history.set(key, [...past, entry]);
    if (decision.toState === null) {
      if (state !== null && decision.effect !== 'ignore')
        touched.set(key, { recipient_key: key, last_bounce_at: bounce.time, bounces: (touched.get(key)?.bounces ?? 0) + 1 });
      continue;
    }
    writes.push({
      recipient: bounce.recipient,
      recipient_key: key,
      recipient_domain: bounce.recipient_domain,
      from_state: state?.state ?? null,
      state: decision.toState,
      category: bounce.category,
      fault: bounce.fault,
      status: bounce.status,
      provider: bounce.provider,
      rule: decision.rule,
      reason: decision.reason,
      evidence: bounce.evidence,
      bounces: decision.countedBounces,
      last_bounce_at: bounce.time,
      bounce_id: bounce.id.toString(),
    });
    current.set(key, { state: decision.toState, since: now });
  }
  await writeStates(tx, writes);
  if (touched.size > 0) await touchStates(tx, [...touched.values()]);
  return {
    flagged: writes.filter((write) => write.state === 'flagged').length,
    held: writes.filter((write) => write.state === 'held').length,
  };
}

/** In one order, so that workers never wait in a circle. The locks end with the transaction. */
async function lockRecipients(tx: Transaction, keys: readonly string[]): Promise<void> {
  await tx.$queryRaw`
    SELECT count(pg_advisory_xact_lock(k))::int FROM (
      SELECT DISTINCT hashtextextended('rebound recipient ' || r, 0) AS k FROM unnest(${[...keys]}::text[]) r ORDER BY 1) s`;
}

/** Recipients whose past matters: a rule that asks for repetition decides, and the state can still change. */
function keysWithCount(
  bounces: readonly NewBounce[],
  current: ReadonlyMap<string, { state: SuppressionState }>,
  policy: SuppressionPolicy,
): string[] {
  const counting = bounces.filter((bounce) => {
    const state = current.get(bounce.recipient_key)?.state;
    return state !== 'flagged' && state !== 'removed' && firstMatch(policy.rules, historyEntry(bounce))?.after !== undefined;
  });
  return [...new Set(counting.map((bounce) => bounce.recipient_key))];
}

async function readStates(
  tx: Transaction,
  keys: readonly string[],
): Promise<Map<string, { state: SuppressionState; since: Date }>> {
  const rows = await tx.$queryRaw<{ recipient_key: string; state: SuppressionState; changed_at: Date }[]>`
    SELECT recipient_key, state, changed_at FROM suppressions WHERE recipient_key = ANY(${[...keys]}::text[])`;
  return new Map(rows.map((row) => [row.recipient_key, { state: row.state, since: row.changed_at }]));
}

type HistoryRow = Pick<
  BounceRow,
  'recipient_key' | 'recipient_domain' | 'kind' | 'class' | 'category' | 'fault' | 'status' | 'reply' | 'provider' | 'trust'
> & { time: string | Date };

/** What was stored of these recipients before. Rules count days, so what is alike on one day comes as one entry, with its latest time. */
async function readHistory(
  tx: Transaction,
  keys: readonly string[],
  fresh: readonly NewBounce[],
): Promise<Map<string, HistoryEntry[]>> {
  if (keys.length === 0) return new Map();
  const rows = await tx.$queryRaw<HistoryRow[]>`
    SELECT recipient_key, recipient_domain, max("time") AS "time", kind, class, category, fault, status, reply, provider, trust
    FROM bounces
    WHERE recipient_key = ANY(${[...keys]}::text[])
      AND id <> ALL(${fresh.map((bounce) => bounce.id)}::bigint[])
    GROUP BY recipient_key, recipient_domain, date_trunc('day', "time", 'UTC'), kind, class, category, fault, status, reply, provider, trust`;
  const history = new Map<string, HistoryEntry[]>();
  for (const row of rows) {
    const list = history.get(row.recipient_key) ?? [];
    list.push(historyEntry(row));
    history.set(row.recipient_key, list);
  }
  return history;
}

function historyEntry(row: HistoryRow): HistoryEntry {
  return {
    time: new Date(row.time),
    kind: row.kind,
    class: row.class,
    category: row.category,
    fault: row.fault,
    status: row.status,
    reply: row.reply,
    provider: row.provider,
    trust: row.trust,
    recipientDomain: row.recipient_domain,
  };
}

/** The last of several changes of one recipient is its state; each is in the audit trail. */
async function writeStates(tx: Transaction, writes: readonly Write[]): Promise<void> {
  if (writes.length === 0) return;
  const last = JSON.stringify([...new Map(writes.map((write) => [write.recipient_key, write])).values()]);
  await tx.$executeRaw`
    INSERT INTO suppressions AS s (recipient, recipient_key, recipient_domain, state, category, fault, status, provider, rule, reason, evidence,
      bounces, flagged_at, last_bounce_at, bounce_id)
    SELECT recipient, recipient_key, recipient_domain, state, category, fault, status, provider, rule, reason, evidence,
      bounces, now(), last_bounce_at, bounce_id
    FROM json_populate_recordset(NULL::suppressions, ${last}::json)
    ON CONFLICT (recipient_key) DO UPDATE SET state = excluded.state, category = excluded.category, fault = excluded.fault,
      status = excluded.status, provider = excluded.provider, rule = excluded.rule, reason = excluded.reason, evidence = excluded.evidence,
      bounces = excluded.bounces, flagged_at = CASE WHEN s.state IN ('flagged', 'held') THEN s.flagged_at ELSE excluded.flagged_at END,
      last_bounce_at = greatest(s.last_bounce_at, excluded.last_bounce_at), bounce_id = excluded.bounce_id, expires_at = NULL, changed_at = now()`;
  await tx.$executeRaw`
    INSERT INTO suppression_changes (recipient, recipient_key, from_state, to_state, actor, rule, reason, evidence, bounce_id)
    SELECT recipient, recipient_key, from_state, state, 'worker', rule, reason, evidence, bounce_id
    FROM json_to_recordset(${JSON.stringify(writes)}::json)
      AS w(recipient text, recipient_key text, from_state text, state text, rule text, reason text, evidence text, bounce_id bigint)`;
}

async function touchStates(tx: Transaction, rows: readonly Touch[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE suppressions s SET last_bounce_at = greatest(s.last_bounce_at, t.last_bounce_at), bounces = s.bounces + t.bounces
    FROM json_to_recordset(${JSON.stringify(rows)}::json) AS t(recipient_key text, last_bounce_at timestamptz, bounces int)
    WHERE s.recipient_key = t.recipient_key`;
}
