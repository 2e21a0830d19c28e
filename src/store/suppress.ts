import { decide, type HistoryEntry, type SuppressionState } from '../suppression/decide.ts';
import type { Rule } from '../suppression/rules.ts';
import type { Transaction } from './client.ts';
import type { BounceRow } from './commit.ts';

/** A bounce that this transaction has stored. */
export type NewBounce = BounceRow & { readonly id: bigint };

export interface SuppressionPolicy {
  readonly rules: readonly Rule[];
}

/** How far back the bounces of a recipient are counted. */
const HISTORY_DAYS = 400;
/** Stored bounces looked at for one recipient, latest first. */
const HISTORY_ROWS = 500;

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
 * state with their audit trail. The recipients are locked (see commitMails), so what is read here stays true until commit.
 */
export async function applyRules(
  tx: Transaction,
  bounces: readonly NewBounce[],
  policy: SuppressionPolicy,
): Promise<{ flagged: number; held: number }> {
  if (bounces.length === 0) return { flagged: 0, held: 0 };
  const keys = [...new Set(bounces.map((bounce) => bounce.recipient_key))];
  const current = await readStates(tx, keys);
  const history = await readHistory(tx, keys, bounces);
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

async function readHistory(
  tx: Transaction,
  keys: readonly string[],
  fresh: readonly NewBounce[],
): Promise<Map<string, HistoryEntry[]>> {
  const rows = await tx.$queryRaw<HistoryRow[]>`
    SELECT b.* FROM unnest(${[...keys]}::text[]) k, LATERAL (
      SELECT recipient_key, recipient_domain, "time", kind, class, category, fault, status, reply, provider, trust
      FROM bounces WHERE recipient_key = k AND "time" > now() - make_interval(days => ${HISTORY_DAYS}::int)
        AND id <> ALL(${fresh.map((bounce) => bounce.id)}::bigint[])
      ORDER BY "time" DESC LIMIT ${HISTORY_ROWS}::int) b`;
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
