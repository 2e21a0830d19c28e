import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { type DovecotServer, startDovecot } from '../support/dovecot.ts';
import { type PipelineOptions, report, sql, startPipeline } from '../support/pipeline.ts';
import { waitFor } from '../support/wait-for.ts';

let dovecot: DovecotServer;
beforeAll(async () => {
  dovecot = await startDovecot();
});
afterAll(() => dovecot.stop());

it('a poller that stands by waits out a cut connection, and takes over when the other is gone', async () => {
  const databaseUrl = await freshDatabase();
  const options: PipelineOptions = { dovecot, user: 'standby', databaseUrl };
  const leases = async () =>
    sql<{ pid: number; held: boolean }>(
      databaseUrl,
      `select a.pid, bool_or(l.granted) is true as held from pg_stat_activity a left join pg_locks l on l.pid = a.pid and l.locktype = 'advisory'
       where a.datname = current_database() and a.application_name = 'rebound lease' group by 1`,
    );
  const first = await startPipeline(options);
  onTestFinished(() => first.stop());
  await waitFor(async () => (await leases()).some(({ held }) => held), 10_000, 'the first poller holds the lease');
  const second = await startPipeline(options);
  onTestFinished(() => second.stop());
  let ended: unknown = 'not';
  second.ended.then(
    () => (ended = 'done'),
    (error) => (ended = error),
  );
  const waiting = await waitFor(async () => (await leases()).find(({ held }) => !held), 10_000, 'the second poller stands by');

  await sql(databaseUrl, 'select pg_terminate_backend($1)', [waiting.pid]);
  await waitFor(
    async () => ended !== 'not' || (await leases()).some(({ held, pid }) => !held && pid !== waiting.pid),
    10_000,
    'the second poller stands by again',
  );
  expect(ended).toBe('not');

  await first.stop();
  await dovecot.append('INBOX', [report(['after@example.org'])], { user: 'standby' });
  await waitFor(
    async () => (await sql(databaseUrl, 'select 1 from bounces')).length === 1,
    15_000,
    'the second poller has taken over',
  );
});
