import { createHash } from 'node:crypto';
import { afterEach, expect, it } from 'vitest';
import type { ProcessedMail } from '../../src/pipeline/ports.ts';
import { processMail } from '../../src/pipeline/process.ts';
import { openStore, type Store } from '../../src/store/index.ts';
import { migrate } from '../../src/store/migrate.ts';
import { presets } from '../../src/suppression/presets.ts';
import { freshDatabase } from '../support/database.ts';
import { report, sql } from '../support/pipeline.ts';

const DAY_MS = 86_400_000;
const stores: Store[] = [];
afterEach(async () => {
  for (const store of stores.splice(0)) await store.close();
});

let uid = 0;
async function newStore(): Promise<{ url: string; store: Store; mail: (raw: string, daysAgo?: number) => ProcessedMail }> {
  const url = await freshDatabase();
  await migrate(url);
  const store = await openStore(url, { rules: presets.standard, keepRaw: true, connections: 10 });
  stores.push(store);
  const mailboxId = await store.registerMailbox({ name: 'one', host: 'h', port: 143, user: 'u', folder: 'INBOX' });
  return {
    url,
    store,
    mail: (raw, daysAgo = 0) =>
      processMail(
        { uid: ++uid, receivedAt: new Date(Date.now() - daysAgo * DAY_MS), size: raw.length, raw: Buffer.from(raw, 'latin1') },
        { mailboxId, uidValidity: 1n, uid },
        1,
        {},
      ),
  };
}

const full = (address: string) => report([address], { status: '4.2.2', diagnostic: '452 4.2.2 mailbox is full' });

it('sees the fifth of five bounces on five days that five workers commit at the same time, and flags once', async () => {
  const { url, store, mail } = await newStore();
  for (let round = 0; round < 8; round++) {
    const address = `full${round}@example.org`;
    await Promise.all([16, 12, 8, 4, 0].map((daysAgo) => store.commit([mail(full(address), daysAgo)])));
    expect(await sql(url, 'SELECT to_state FROM suppression_changes WHERE recipient = $1', [address])).toEqual([
      { to_state: 'flagged' },
    ]);
  }
});

it('does not flag a mailbox that was full five times within a day, or on five days in a row', async () => {
  const { url, store, mail } = await newStore();
  await store.commit([0.01, 0.02, 0.03, 0.04, 0.05].map((daysAgo) => mail(full('hour@example.org'), daysAgo)));
  await store.commit([4, 3, 2, 1, 0].map((daysAgo) => mail(full('week@example.org'), daysAgo)));
  expect(await sql(url, 'SELECT * FROM suppressions')).toEqual([]);
});

it('counts from the latest delivery', async () => {
  const { url, store, mail } = await newStore();
  const delivered = report(['lucky@example.org'], { action: 'delivered', status: '2.0.0', diagnostic: '250 2.0.0 Ok' });
  await store.commit([20, 16, 12, 8].map((daysAgo) => mail(full('lucky@example.org'), daysAgo)));
  await store.commit([mail(delivered, 6)]);
  await store.commit([mail(full('lucky@example.org'), 0)]);
  expect(await sql(url, 'SELECT * FROM suppressions')).toEqual([]);
});

it('flags one address once, however many workers hold a report of its death', async () => {
  const { url, store, mail } = await newStore();
  await Promise.all(Array.from({ length: 12 }, () => store.commit([mail(report(['dead@example.org']))])));
  expect(await sql(url, 'SELECT from_state, to_state FROM suppression_changes')).toEqual([
    { from_state: null, to_state: 'flagged' },
  ]);
  expect(await sql(url, 'SELECT state FROM suppressions')).toEqual([{ state: 'flagged' }]);
});

it('stores a batch once, when the same job runs on several workers at the same time', async () => {
  const { url, store, mail } = await newStore();
  const batch = Array.from({ length: 30 }, (_, i) => mail(report([`r${i}@example.org`, `s${i}@example.org`])));
  const results = await Promise.all([batch, [...batch].reverse(), batch].map((mails) => store.commit(mails)));
  expect(results.reduce((sum, result) => sum + result.stored, 0)).toBe(30);
  expect(results.reduce((sum, result) => sum + result.known, 0)).toBe(60);
  expect(await sql(url, 'SELECT count(*)::int AS n FROM bounces')).toEqual([{ n: 60 }]);
});

it('stores what Postgres would refuse: NUL, lone surrogates, addresses and replies without end', async () => {
  const { url, store, mail } = await newStore();
  const hostile = mail(
    report([`${'x'.repeat(60)}@example.org`], { diagnostic: `550 5.1.1 \0no such user\ud800 ${'y'.repeat(50_000)}` }),
  );
  await store.commit([hostile]);
  const [row] = await sql<{ diagnostic_code: string; raw: Buffer; content_hash: Buffer }>(
    url,
    'SELECT diagnostic_code, raw, content_hash FROM bounces b JOIN messages m ON m.id = b.message_id',
  );
  expect(row!.diagnostic_code.length).toBeLessThanOrEqual(4000);
  expect(row!.content_hash).toEqual(createHash('sha256').update(hostile.raw).digest());
});
