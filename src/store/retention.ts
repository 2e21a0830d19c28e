import type { Prisma } from './client.ts';

/** Rows in one statement: short locks, and the rest is found next time. */
const BATCH = 5000;

/** Drops raw mail that was committed more than `days` days ago; 0 keeps failed mails' (nothing else was stored). Gives back how many. */
export async function dropOldRaw(prisma: Prisma, days: number): Promise<number> {
  if (days === 0) return 0;
  let dropped = 0;
  for (;;) {
    const count = await prisma.$executeRaw`
      UPDATE messages SET raw = NULL WHERE id IN (
        SELECT id FROM messages WHERE raw IS NOT NULL AND committed_at < now() - make_interval(days => ${days}::int) ORDER BY committed_at LIMIT ${BATCH}::int)`;
    dropped += count;
    if (count < BATCH) return dropped;
  }
}
