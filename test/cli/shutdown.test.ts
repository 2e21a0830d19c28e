import { afterAll, beforeAll, expect, it } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { type DovecotServer, startDovecot } from '../support/dovecot.ts';
import { letter, report, sql } from '../support/pipeline.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { waitFor } from '../support/wait-for.ts';
import { runCli, startCli } from './run-cli.ts';

const MAILS = 3000;

let dovecot: DovecotServer;
let redis: RedisServer;
beforeAll(async () => {
  [dovecot, redis] = await Promise.all([startDovecot(), startRedis()]);
});
afterAll(() => Promise.all([dovecot?.stop(), redis?.stop()]));

it.each(['Redis', 'Postgres'])(
  'start ends within 10 s of SIGTERM with exit 0 and nothing half-done, and drains the rest later (queue in %s)',
  async (queue) => {
    const user = `stop-${queue.toLowerCase()}`; // Dovecot knows users in lower case
    const databaseUrl = await freshDatabase();
    const env = {
      DATABASE_URL: databaseUrl,
      REDIS_URL: queue === 'Redis' ? redis.url : '',
      IMAP_HOST: '127.0.0.1',
      IMAP_PORT: String(dovecot.port),
      IMAP_SECURITY: 'none',
      IMAP_USER: user,
      IMAP_PASSWORD: dovecot.password,
      SETTLE: 'move',
    };
    await dovecot.deliver(
      Array.from({ length: MAILS }, (_, i) => (i % 10 === 0 ? letter() : report([`r${i}@example.org`]))),
      { user },
    );

    // Few mails may wait at a time: so the work takes some seconds on any machine.
    const first = startCli(['start'], { env: { ...env, QUEUE_HIGH_WATER: '50' } });
    const rowsWhere = async (condition: string) =>
      (await sql<{ n: number }>(databaseUrl, `SELECT count(*)::int AS n FROM messages WHERE ${condition}`))[0]!.n;
    await waitFor(async () => (await rowsWhere('settled_at IS NOT NULL')) > 0, 30_000, 'the first mails settled');
    const told = performance.now();
    first.child.kill('SIGTERM');
    expect(await first.ended).toMatchObject({ code: 0, stderr: '' });
    expect(performance.now() - told).toBeLessThan(10_000);
    expect(await rowsWhere('true')).toBeLessThan(MAILS); // else the signal came too late to show anything

    // What left the folder has a row; what has no row is still there.
    const left = (await dovecot.list('INBOX', user)).map(({ uid }) => uid);
    const rows = await sql<{ uid: number }>(databaseUrl, 'SELECT uid::int AS uid FROM messages');
    const known = new Set([...left, ...rows.map(({ uid }) => uid)]);
    expect(known.size).toBe(MAILS);

    expect(await runCli(['start', '--drain'], { env })).toMatchObject({ code: 0, stderr: '' });
    expect(
      await sql(
        databaseUrl,
        'SELECT count(*)::int AS mails, count(DISTINCT uid)::int AS uids, count(settled_at)::int AS settled FROM messages',
      ),
    ).toEqual([{ mails: MAILS, uids: MAILS, settled: MAILS * 0.9 }]);
    expect(await sql(databaseUrl, "SELECT count(*)::int AS flagged FROM suppressions WHERE state = 'flagged'")).toEqual([
      { flagged: MAILS * 0.9 },
    ]);
    expect((await dovecot.list('INBOX', user)).length).toBe(MAILS * 0.1);
    expect((await dovecot.list('Processed', user)).length).toBe(MAILS * 0.9);
  },
);
