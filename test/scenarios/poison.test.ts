import { UnrecoverableError } from 'bullmq';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { processBatch } from '../../src/pipeline/process.ts';
import { retryFailed } from '../../src/pipeline/retry.ts';
import { consume } from '../../src/queue/consumer.ts';
import { freshDatabase } from '../support/database.ts';
import { type DovecotServer, startDovecot } from '../support/dovecot.ts';
import { type PipelineOptions, report, sql, startPipeline } from '../support/pipeline.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { waitFor } from '../support/wait-for.ts';

let dovecot: DovecotServer;
let redis: RedisServer;

beforeAll(async () => {
  [dovecot, redis] = await Promise.all([startDovecot(), startRedis()]);
});
afterAll(() => Promise.all([dovecot.stop(), redis.stop()]));

const count = async (url: string, text: string) =>
  Number((await sql<{ n: string }>(url, `SELECT count(*) AS n FROM ${text}`))[0]!.n);

it('commits a mail as failed whose result the database refuses, does not hold up the others, and mends it by retry', async () => {
  const options: PipelineOptions = {
    dovecot,
    user: 'refused',
    databaseUrl: await freshDatabase(),
    redisUrl: redis.url,
    settings: { SETTLE: 'move' },
  };
  const pipeline = await startPipeline(options);
  try {
    // A refusal such as a constraint of ours would give that nobody thought of.
    await sql(
      options.databaseUrl,
      `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
         IF NEW.recipient LIKE 'poison%' THEN RAISE EXCEPTION 'no such luck' USING ERRCODE = '22023'; END IF; RETURN NEW; END $$;
       CREATE TRIGGER refuse BEFORE INSERT ON bounces FOR EACH ROW EXECUTE FUNCTION refuse()`,
    );
    const good = Array.from({ length: 20 }, (_, i) => report([`fine${i}@example.org`]));
    await dovecot.deliver([...good.slice(0, 10), report(['poison@example.org']), ...good.slice(10)], { user: options.user });
    await waitFor(async () => (await count(options.databaseUrl, 'bounces')) === 20, 5000);
    await waitFor(async () => (await count(options.databaseUrl, `messages WHERE outcome = 'failed'`)) === 1, 25_000);
    const [failed] = await sql<{ error: string; raw: Buffer; attempts: number }>(
      options.databaseUrl,
      `SELECT error, raw, attempts FROM messages WHERE outcome = 'failed'`,
    );
    expect(failed!.error).toMatch(/could not be stored.*no such luck/);
    expect(failed!.attempts).toBeGreaterThan(1);
    await waitFor(async () => (await dovecot.list('Failed', options.user)).length === 1);
    await waitFor(async () => (await dovecot.list('Processed', options.user)).length === 20);
    expect(await dovecot.list('INBOX', options.user)).toEqual([]);

    await sql(options.databaseUrl, 'DROP TRIGGER refuse ON bounces');
    const retried = [];
    for await (const one of retryFailed(pipeline.store, {})) retried.push(one);
    expect(retried).toMatchObject([{ before: expect.stringMatching(/no such luck/), after: { report: { kind: 'bounce' } } }]);
    expect(await count(options.databaseUrl, `report.removal_list WHERE recipient = 'poison@example.org'`)).toBe(1);
    expect(await count(options.databaseUrl, `messages WHERE outcome = 'failed'`)).toBe(0);
  } finally {
    await pipeline.stop();
  }
}, 60_000);

it('takes a job apart that fails again and again, finds the mail at fault, and gives up that one alone', async () => {
  const options: PipelineOptions = { dovecot, user: 'deadly', databaseUrl: await freshDatabase(), redisUrl: redis.url };
  const pipeline = await startPipeline({ ...options, worker: false });
  // A worker that one mail brings down whenever it is read, as by a crash of its process.
  const deadly = (raw: Uint8Array) => Buffer.from(raw).includes('deadly@example.org');
  const consumer = consume(
    { redisUrl: redis.url, databaseUrl: options.databaseUrl },
    async (batch, attempt) => {
      if (batch.giveUp === undefined && batch.mails.some((mail) => deadly(mail.raw)))
        throw new UnrecoverableError('job stalled more than allowable limit');
      await processBatch(batch, attempt, {
        store: pipeline.store,
        analyze: {},
        signal: new AbortController().signal,
      });
    },
    { concurrency: 1, onFailure: () => {}, onTrouble: () => {} },
  );
  try {
    await dovecot.deliver([report(['a@example.org']), report(['deadly@example.org']), report(['b@example.org'])], {
      user: options.user,
    });
    await waitFor(async () => (await count(options.databaseUrl, 'messages')) === 3, 25_000);
    expect(await count(options.databaseUrl, 'bounces')).toBe(2);
    const [failed] = await sql<{ error: string }>(
      options.databaseUrl,
      `SELECT error FROM messages WHERE outcome = 'failed' AND raw IS NOT NULL`,
    );
    expect(failed!.error).toMatch(/brought workers down/);
    await waitFor(async () => (await dovecot.list('INBOX', options.user)).some((mail) => mail.flags.includes('$ReboundFailed')));
  } finally {
    await consumer.close();
    await pipeline.stop();
  }
}, 60_000);
