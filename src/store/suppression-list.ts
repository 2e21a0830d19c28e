import type { Prisma } from './client.ts';

/** Rows read at a time. */
const PAGE = 1000;

export interface SuppressionFilter {
  readonly state?: string;
  readonly category?: string;
  readonly provider?: string;
  /** Changed at or after this. */
  readonly since?: Date;
}

export interface SuppressionRow {
  readonly recipient: string;
  readonly state: string;
  readonly category: string | null;
  readonly fault: string | null;
  readonly status: string | null;
  readonly provider: string | null;
  readonly rule: string | null;
  readonly reason: string;
  readonly bounces: number;
  readonly flagged_at: Date | null;
  readonly last_bounce_at: Date | null;
  readonly expires_at: Date | null;
}

/** Suppressions in order of their making, page by page, so that a list of any size takes little memory. */
export async function* listSuppressions(
  prisma: Prisma,
  filter: SuppressionFilter,
  limit = Number.POSITIVE_INFINITY,
): AsyncGenerator<SuppressionRow> {
  let after = 0n;
  let left = limit;
  while (left > 0) {
    const rows = await prisma.$queryRaw<(SuppressionRow & { id: bigint })[]>`
      SELECT id, recipient, state, category, fault, status, provider, rule, reason, bounces, flagged_at, last_bounce_at, expires_at
      FROM suppressions
      WHERE id > ${after}
        AND (${filter.state ?? null}::text IS NULL OR state = ${filter.state ?? null})
        AND (${filter.category ?? null}::text IS NULL OR category = ${filter.category ?? null})
        AND (${filter.provider ?? null}::text IS NULL OR provider = ${filter.provider ?? null})
        AND (${filter.since ?? null}::timestamptz IS NULL OR changed_at >= ${filter.since ?? null}::timestamptz)
      ORDER BY id LIMIT ${Math.min(PAGE, left)}::int`;
    for (const { id, ...row } of rows) {
      after = id;
      yield row;
    }
    left -= rows.length;
    if (rows.length < PAGE) return;
  }
}
