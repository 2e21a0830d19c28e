import { normalizeAddress } from '../bounce/address.ts';
import type { Prisma } from './client.ts';

/** Bounces and changes shown of one recipient, latest first. */
const SHOWN = 50;

/** All that is known of an address. */
export interface RecipientStory {
  readonly address: string;
  /** Null: never flagged. */
  readonly state: {
    readonly state: string;
    readonly category: string | null;
    readonly rule: string | null;
    readonly reason: string;
    readonly evidence: string | null;
    readonly bounces: number;
    readonly flagged_at: Date | null;
    readonly last_bounce_at: Date | null;
    readonly expires_at: Date | null;
  } | null;
  readonly bounces: readonly StoredBounce[];
  readonly changes: readonly StoredChange[];
}

export interface StoredBounce {
  readonly time: Date;
  readonly kind: string;
  readonly class: string;
  readonly category: string;
  readonly fault: string;
  readonly status: string | null;
  readonly reply: string | null;
  readonly provider: string;
  readonly trust: string;
  readonly rule: string;
  readonly evidence: string;
  readonly diagnostic_code: string | null;
  readonly remote_mta: string | null;
}

export interface StoredChange {
  readonly time: Date;
  readonly from_state: string | null;
  readonly to_state: string | null;
  readonly actor: string;
  readonly rule: string | null;
  readonly reason: string;
}

export async function recipientStory(prisma: Prisma, address: string): Promise<RecipientStory> {
  const key = normalizeAddress(address);
  const [states, bounces, changes] = await Promise.all([
    prisma.$queryRaw<NonNullable<RecipientStory['state']>[]>`
      SELECT state, category, rule, reason, evidence, bounces, flagged_at, last_bounce_at, expires_at FROM suppressions WHERE recipient_key = ${key}`,
    prisma.$queryRaw<StoredBounce[]>`
      SELECT "time", kind, class, category, fault, status, reply, provider, trust, rule, evidence, diagnostic_code, remote_mta
      FROM bounces WHERE recipient_key = ${key} ORDER BY "time" DESC, id DESC LIMIT ${SHOWN}::int`,
    prisma.$queryRaw<StoredChange[]>`
      SELECT "time", from_state, to_state, actor, rule, reason FROM suppression_changes
      WHERE recipient_key = ${key} ORDER BY "time" DESC, id DESC LIMIT ${SHOWN}::int`,
  ]);
  return { address, state: states[0] ?? null, bounces, changes };
}
