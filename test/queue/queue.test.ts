import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { QueueUnavailableError } from '../../src/errors.ts';
import { JOB_ATTEMPTS } from '../../src/limits.ts';
import { type Attempt, type MailBatch, PutBack } from '../../src/pipeline/ports.ts';
import { type Consumer, consume } from '../../src/queue/consumer.ts';
import { jobIdOf } from '../../src/queue/payload.ts';
import { openProducer, type Producer } from '../../src/queue/producer.ts';
import { freshDatabase } from '../support/database.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { waitFor } from '../support/wait-for.ts';

let uid = 0;
const batchOf = (...bodies: string[]): MailBatch => ({
  mailboxId: 1,
  uidValidity: 7n,
  mails: bodies.map((body) => ({
    uid: ++uid,
    receivedAt: new Date('2026-03-01T12:00:00Z'),
    size: body.length,
    raw: Buffer.from(body, 'latin1'),
  })),
});

describe.each(['Redis', 'Postgres'])('the queue in %s', (backend) => {
  let redis: RedisServer | null = null;
  let settings: { redisUrl: string | null; databaseUrl: string };
  let producer: Producer;
  let consumer: Consumer | null = null;

  beforeAll(async () => {
    if (backend === 'Redis') redis = await startRedis();
    settings = { redisUrl: redis?.url ?? null, databaseUrl: await freshDatabase() };
    producer = openProducer(settings);
    await producer.check();
  });
  afterEach(async () => {
    await consumer?.close();
    consumer = null;
  });
  afterAll(async () => {
    await producer.close();
    await redis?.stop();
  });

  function handle(handler: (batch: MailBatch, attempt: Attempt) => Promise<void>): void {
    consumer = consume(settings, handler, { concurrency: 2, onFailure: () => {}, onTrouble: () => {} });
  }

  it('carries bytes exactly, NUL and all 256 values among them', async () => {
    const bytes = String.fromCharCode(...Array.from({ length: 256 }, (_, i) => i));
    const sent = batchOf(bytes, '');
    const got: MailBatch[] = [];
    handle(async (batch) => void got.push(batch));
    await producer.add([sent]);
    await waitFor(() => got.length === 1);
    expect({
      ...got[0],
      mails: got[0]!.mails.map((mail) => ({ ...mail, raw: Buffer.from(mail.raw).toString('latin1') })),
    }).toEqual({
      ...sent,
      mails: sent.mails.map((mail) => ({ ...mail, raw: Buffer.from(mail.raw).toString('latin1') })),
    });
    await waitFor(async () => (await producer.backlog()) === 0);
  });

  it('adds the same batch once, while it waits', async () => {
    const batch = batchOf('once');
    const [first] = await producer.add([batch]);
    const [second] = await producer.add([batch]);
    expect(second).toBe(first);
    expect(await producer.backlog()).toBe(1);
    expect(await producer.states([first!, 'm-unknown'])).toEqual(
      new Map([
        [first, 'live'],
        ['m-unknown', 'gone'],
      ]),
    );
    let runs = 0;
    handle(async () => void runs++);
    await waitFor(async () => (await producer.backlog()) === 0 && runs > 0);
    expect(runs).toBe(1);
    expect((await producer.states([first!])).get(first!)).toBe('gone');
  });

  it('tries a job that throws again, says which try is the last, and keeps it as failed until it is discarded', async () => {
    const batch = batchOf('poison');
    const attempts: Attempt[] = [];
    handle(async (_, attempt) => {
      attempts.push(attempt);
      throw attempt.number < 3 ? new Error('again') : Object.assign(new Error('no more'), { name: 'UnrecoverableError' });
    });
    const [id] = await producer.add([batch]);
    await waitFor(async () => (await producer.states([id!])).get(id!) === 'failed', 20_000);
    expect(attempts).toEqual([1, 2, 3].map((number) => ({ number, last: number === JOB_ATTEMPTS })));
    await producer.discard(id!);
    expect((await producer.states([id!])).get(id!)).toBe('gone');
  });

  it('takes back a job that its handler puts back, without counting an attempt', async () => {
    const seen: number[] = [];
    handle(async (_, attempt) => {
      seen.push(attempt.number);
      if (seen.length < 3) throw new PutBack();
    });
    await producer.add([batchOf('put back')]);
    await waitFor(() => seen.length === 3);
    expect(seen).toEqual([1, 1, 1]);
    await waitFor(async () => (await producer.backlog()) === 0);
  });
});

it('says at once, with the setting, that Redis is away', async () => {
  const producer = openProducer({ redisUrl: 'redis://127.0.0.1:1', databaseUrl: '' });
  const began = Date.now();
  await expect(producer.check()).rejects.toThrow(QueueUnavailableError);
  await expect(producer.add([batchOf('x')])).rejects.toThrow(/Redis.*REDIS_URL/);
  expect(Date.now() - began).toBeLessThan(8000);
  await producer.close();
});

it('goes on after Redis was killed and came back', async () => {
  const redis = await startRedis({ aof: true });
  const settings = { redisUrl: redis.url, databaseUrl: '' };
  const producer = openProducer(settings);
  await producer.check();
  let done = 0;
  const consumer = consume(settings, async () => void done++, { concurrency: 1, onFailure: () => {}, onTrouble: () => {} });
  await producer.add([batchOf('before')]);
  await waitFor(() => done === 1);
  await redis.kill9();
  await expect(producer.add([batchOf('during')])).rejects.toThrow(QueueUnavailableError);
  await redis.restart();
  await waitFor(async () =>
    producer.add([batchOf('after')]).then(
      () => true,
      () => false,
    ),
  );
  await waitFor(() => done >= 2);
  await consumer.close();
  await producer.close();
  await redis.stop();
});

it('gives a batch an id that BullMQ takes, and another to one that is given up', () => {
  const batch = batchOf('a', 'b');
  expect(jobIdOf(batch)).toMatch(/^m-[0-9a-f]{40}$/);
  expect(jobIdOf({ ...batch, giveUp: 'why' })).not.toBe(jobIdOf(batch));
});
