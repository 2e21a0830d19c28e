import type { Prisma } from './client.ts';

/** Numbers of a stretch of time. */
export interface Numbers {
  readonly mails: number;
  readonly bounces: number;
  readonly permanent: number;
  readonly temporary: number;
  readonly undetermined: number;
  readonly delays: number;
  readonly complaints: number;
  readonly flagged: number;
  readonly held: number;
}

export interface Stats {
  readonly day: Numbers;
  readonly week: Numbers;
  /** Of the last week, most bounces first. */
  readonly providers: readonly {
    readonly provider: string;
    readonly bounces: number;
    readonly permanent: number;
    readonly temporary: number;
  }[];
  readonly categories: readonly { readonly category: string; readonly fault: string; readonly bounces: number }[];
  readonly states: readonly { readonly state: string; readonly recipients: number }[];
}

/** By the time at which reports reached the mailbox, and changes were made. */
export async function readStats(prisma: Prisma): Promise<Stats> {
  const [day, week, providers, categories, states] = await Promise.all([
    numbers(prisma, 1),
    numbers(prisma, 7),
    prisma.$queryRaw<Stats['providers'][number][]>`
      SELECT provider, count(*)::int AS bounces, (count(*) FILTER (WHERE class = 'permanent'))::int AS permanent,
             (count(*) FILTER (WHERE class = 'temporary'))::int AS temporary
      FROM bounces WHERE kind = 'bounce' AND "time" > now() - interval '7 days' GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT 15`,
    prisma.$queryRaw<Stats['categories'][number][]>`
      SELECT category, fault, count(*)::int AS bounces
      FROM bounces WHERE kind = 'bounce' AND "time" > now() - interval '7 days' GROUP BY 1, 2 ORDER BY 3 DESC, 1 LIMIT 15`,
    prisma.$queryRaw<
      Stats['states'][number][]
    >`SELECT state, count(*)::int AS recipients FROM suppressions GROUP BY 1 ORDER BY 2 DESC`,
  ]);
  return { day, week, providers, categories, states };
}

async function numbers(prisma: Prisma, days: number): Promise<Numbers> {
  const rows = await prisma.$queryRaw<Numbers[]>`
    WITH since AS (SELECT now() - make_interval(days => ${days}::int) AS t)
    SELECT (SELECT count(*) FROM messages, since WHERE received_at > t)::int AS mails,
      (count(*) FILTER (WHERE kind = 'bounce'))::int AS bounces,
      (count(*) FILTER (WHERE kind = 'bounce' AND class = 'permanent'))::int AS permanent,
      (count(*) FILTER (WHERE kind = 'bounce' AND class = 'temporary'))::int AS temporary,
      (count(*) FILTER (WHERE kind = 'bounce' AND class = 'undetermined'))::int AS undetermined,
      (count(*) FILTER (WHERE kind = 'delay'))::int AS delays,
      (count(*) FILTER (WHERE kind = 'feedback'))::int AS complaints,
      (SELECT count(*) FROM suppression_changes c, since WHERE c."time" > t AND c.to_state = 'flagged')::int AS flagged,
      (SELECT count(*) FROM suppression_changes c, since WHERE c."time" > t AND c.to_state = 'held')::int AS held
    FROM bounces b, since WHERE b."time" > t`;
  return rows[0]!;
}
