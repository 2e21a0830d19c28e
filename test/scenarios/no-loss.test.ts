import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { type DovecotServer, startDovecot } from '../support/dovecot.ts';
import { drain, letter, type Pipeline, type PipelineOptions, report, sql, startPipeline } from '../support/pipeline.ts';
import { type PostgresServer, startPostgres } from '../support/postgres.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { waitFor } from '../support/wait-for.ts';

let dovecot: DovecotServer;
let redis: RedisServer;
const running: Pipeline[] = [];

beforeAll(async () => {
  [dovecot, redis] = await Promise.all([startDovecot(), startRedis()]);
});
afterEach(async () => {
  for (const pipeline of running.splice(0)) await pipeline.stop();
  await redis.flushall();
});
afterAll(() => Promise.all([dovecot.stop(), redis.stop()]));

let users = 0;
async function setting(settings: Record<string, string> = {}): Promise<PipelineOptions> {
  return { dovecot, user: `user${++users}`, databaseUrl: await freshDatabase(), redisUrl: redis.url, settings };
}
async function start(options: PipelineOptions): Promise<Pipeline> {
  const pipeline = await startPipeline(options);
  running.push(pipeline);
  return pipeline;
}
const count = async (options: PipelineOptions, text: string) =>
  Number((await sql<{ n: string }>(options.databaseUrl, `SELECT count(*) AS n FROM ${text}`))[0]!.n);
const without = (flags: string[]) => flags.filter((flag) => flag !== '\\Recent');

describe.each(['Redis', 'Postgres'])('with the queue in %s', (backend) => {
  const chosen = async (settings?: Record<string, string>): Promise<PipelineOptions> => {
    const { redisUrl, ...rest } = await setting(settings);
    return backend === 'Redis' ? { ...rest, redisUrl: redisUrl! } : rest;
  };

  it('stores every mail once, settles what is a bounce, leaves what is none, and a second run adds nothing', async () => {
    const options = await chosen();
    const bounces = await dovecot.append(
      'INBOX',
      Array.from({ length: 120 }, (_, i) => report([`dead${i}@example.org`])),
      { user: options.user },
    );
    const letters = await dovecot.append('INBOX', [letter(), letter()], { user: options.user });
    await drain(options);
    expect(await count(options, 'messages')).toBe(122);
    expect(await count(options, 'report.bounces')).toBe(120);
    expect(await count(options, 'report.removal_list')).toBe(120);
    const flags = new Map((await dovecot.list('INBOX', options.user)).map((one) => [one.uid, without(one.flags)]));
    for (const uid of bounces) expect(flags.get(uid)).toEqual(['$ReboundProcessed', '\\Seen']);
    for (const uid of letters) expect(flags.get(uid)).toEqual([]);

    await drain(options);
    expect(await count(options, 'messages')).toBe(122);
    expect(await count(options, 'report.suppression_changes')).toBe(120);
  });
});

it('has a mail in Postgres within two seconds of its arrival, without being told', async () => {
  const options = await setting();
  await start(options);
  await waitFor(async () => (await count(options, 'report.pipeline WHERE last_success_at IS NOT NULL')) === 1);
  const began = Date.now();
  await dovecot.append('INBOX', [report(['late@example.org'])], { user: options.user });
  await waitFor(async () => (await count(options, 'bounces')) === 1, 10_000);
  expect(Date.now() - began).toBeLessThan(4000);
});

it('finds mails again whose jobs Redis has forgotten', async () => {
  const options = await setting();
  await dovecot.append(
    'INBOX',
    Array.from({ length: 60 }, (_, i) => report([`a${i}@example.org`])),
    { user: options.user },
  );
  await start({ ...options, worker: false });
  const { Redis } = await import('ioredis');
  const client = new Redis(redis.url);
  await waitFor(async () => (await client.dbsize()) > 0);
  client.disconnect();
  await redis.flushall();
  await start({ ...options, poller: false });
  await waitFor(async () => (await count(options, 'messages')) === 60, 20_000);
});

it('counts nothing twice when UIDVALIDITY changes', async () => {
  const options = await setting();
  await dovecot.append('INBOX', [report(['x@example.org']), report(['y@example.org']), letter()], { user: options.user });
  await drain(options);
  await dovecot.resetUidValidity('INBOX', options.user);
  await drain(options);
  expect(await count(options, 'bounces')).toBe(2);
  expect(await count(options, `messages WHERE outcome = 'stored'`)).toBe(3);
  expect(await count(options, `messages WHERE outcome = 'duplicate' AND duplicate_of IS NOT NULL`)).toBe(3);
  expect(await count(options, 'suppression_changes')).toBe(2);
});

it('stores the same bytes at two places as one bounce and one duplicate, and settles both', async () => {
  const options = await setting({ SETTLE: 'move' });
  const twice = report(['twice@example.org']);
  await dovecot.append('INBOX', [twice, twice], { user: options.user });
  await drain(options);
  expect(await count(options, 'bounces')).toBe(1);
  expect(await count(options, `messages WHERE outcome = 'duplicate'`)).toBe(1);
  expect(await dovecot.list('INBOX', options.user)).toEqual([]);
  expect(await dovecot.list('Processed', options.user)).toHaveLength(2);
});

it.each([
  ['move', 0, 2],
  ['delete', 0, 0],
  ['keep', 2, 0],
])('SETTLE=%s: %i bounces stay in the INBOX, %i go to Processed, the letter stays', async (settle, inbox, processed) => {
  const options = await setting({ SETTLE: settle });
  await dovecot.append('INBOX', [report(['p@example.org']), letter(), report(['q@example.org'])], { user: options.user });
  await drain(options);
  expect(await dovecot.list('INBOX', options.user)).toHaveLength(inbox + 1);
  expect(await dovecot.list('Processed', options.user)).toHaveLength(processed);
  await drain(options);
  expect(await count(options, 'messages')).toBe(3);
});

it('stores each recipient of a report with its own outcome', async () => {
  const options = await setting();
  const mixed = report(['gone@example.org', 'here@example.org', 'later@example.org'])
    .replace(/(here@example\.org\r\n)Action: failed\r\nStatus: 5\.1\.1/, '$1Action: delivered\r\nStatus: 2.0.0')
    .replace(/(later@example\.org\r\n)Action: failed\r\nStatus: 5\.1\.1/, '$1Action: delayed\r\nStatus: 4.2.0');
  await dovecot.append('INBOX', [mixed], { user: options.user });
  await drain(options);
  const rows = await sql(options.databaseUrl, 'SELECT recipient, kind FROM report.bounces ORDER BY recipient');
  expect(rows).toEqual([
    { recipient: 'gone@example.org', kind: 'bounce' },
    { recipient: 'here@example.org', kind: 'delivered' },
    { recipient: 'later@example.org', kind: 'delay' },
  ]);
  expect(await sql(options.databaseUrl, 'SELECT recipient FROM report.removal_list')).toEqual([
    { recipient: 'gone@example.org' },
  ]);
});

it('notes as settled what it had moved when it was ended before it could note it', async () => {
  const options = await setting({ SETTLE: 'move' });
  await dovecot.append('INBOX', [report(['noted@example.org']), letter()], { user: options.user });
  await drain(options);
  await sql(options.databaseUrl, 'UPDATE messages SET settled_at = NULL');
  await drain(options);
  expect(await count(options, `messages WHERE settled_at IS NOT NULL AND kind = 'bounce'`)).toBe(1);
  expect(await count(options, `messages WHERE settled_at IS NULL AND kind = 'other'`)).toBe(1);
});

it('a second poller stands by and takes over when the first is gone', async () => {
  const options = await setting();
  let connected = false;
  const first = await startPipeline({
    ...options,
    poll: {
      connected: () => {
        connected = true;
      },
    },
  });
  await waitFor(() => connected);
  let standing = false;
  await start({
    ...options,
    poll: {
      standingBy: () => {
        standing = true;
      },
    },
  });
  await waitFor(() => standing);
  await first.stop();
  await dovecot.append('INBOX', [report(['z@example.org'])], { user: options.user });
  await waitFor(async () => (await count(options, 'bounces')) === 1, 5000);
});

it('does the good ones among hostile mails, each bad one with a row that says why', async () => {
  const options = await setting();
  const nested = Array.from(
    { length: 2000 },
    (_, i) => `Content-Type: multipart/mixed; boundary="n${i}"\r\n\r\n--n${i}\r\n`,
  ).join('');
  const bad: [string, string | Buffer][] = [
    ['large', Buffer.concat([Buffer.from(report(['large@example.org'])), Buffer.alloc(40 * 1024 * 1024, 'x')])],
    ['nested', `From: a@example.org\r\nSubject: nested\r\nMIME-Version: 1.0\r\n${nested}`],
    ['nul', `Subject: nul\0\0\r\n\r\n${'\0'.repeat(5000)}`],
    ['no header', '<gone@example.org>: 550 5.1.1 no such user'],
    ['bytes', Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7919) % 256))],
  ];
  const good = Array.from({ length: 40 }, (_, i) => report([`good${i}@example.org`]));
  const mails = [...good.slice(0, 20), ...bad.map(([, mail]) => mail), ...good.slice(20)];
  await dovecot.deliver(
    mails.map((mail) => mail),
    { user: options.user },
  );
  await dovecot.deliver([''], { user: options.user });
  await drain(options);
  expect(await count(options, 'messages')).toBe(mails.length + 1);
  expect(await count(options, `bounces WHERE recipient LIKE 'good%'`)).toBe(40);
  const [large] = await sql<{ truncated: boolean; limits: string[] }>(
    options.databaseUrl,
    'SELECT truncated, limits FROM messages WHERE size > 40000000',
  );
  expect(large).toEqual({ truncated: true, limits: [expect.stringMatching(/^read the first 1048576 of \d+ bytes$/)] });
  expect(await count(options, `bounces WHERE recipient = 'large@example.org'`)).toBe(1);
  expect(await count(options, `messages WHERE limits::text ~ 'nest|part'`)).toBeGreaterThanOrEqual(1);
}, 60_000);

describe('Postgres away', () => {
  let postgres: PostgresServer;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  it('waits, burns no attempt, loses nothing, and goes on within seconds', async () => {
    const options = { ...(await setting()), databaseUrl: postgres.url };
    await start(options);
    await waitFor(async () => (await count(options, 'report.pipeline WHERE last_success_at IS NOT NULL')) === 1);
    await postgres.kill9();
    await dovecot.append(
      'INBOX',
      Array.from({ length: 30 }, (_, i) => report([`w${i}@example.org`])),
      { user: options.user },
    );
    await postgres.restart();
    const began = Date.now();
    await waitFor(async () => (await count(options, 'messages')) === 30, 15_000);
    expect(Date.now() - began).toBeLessThan(12_000);
    await postgres.cutConnections();
    await dovecot.append('INBOX', [report(['after@example.org'])], { user: options.user });
    await waitFor(async () => (await count(options, 'messages')) === 31, 15_000);
    expect(await count(options, `messages WHERE outcome = 'failed'`)).toBe(0);
  });
});
