import { readConfig } from '../config.ts';
import type { Prisma } from '../store/client.ts';

/** Runs a command that only reads the database, with the settings it needs; the connection is closed however it ends. */
export async function withDatabase<T>(work: (prisma: Prisma) => Promise<T>): Promise<T> {
  const { databaseUrl } = readConfig(process.env, 'database');
  const [{ openPrisma }, { databaseError, isBug }] = await Promise.all([
    import('../store/client.ts'),
    import('../store/faults.ts'),
  ]);
  const prisma = openPrisma(databaseUrl, 4);
  try {
    return await work(prisma);
  } catch (error) {
    throw isBug(error) ? error : databaseError(error, databaseUrl);
  } finally {
    await prisma.$disconnect();
  }
}

/** A time for people: UTC, to the minute. */
export const shortTime = (time: Date | null): string =>
  time === null ? '' : `${time.toISOString().slice(0, 16).replace('T', ' ')}Z`;
