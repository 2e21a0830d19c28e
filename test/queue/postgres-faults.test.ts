import { expect, it, onTestFinished } from 'vitest';
import { consume } from '../../src/queue/consumer.ts';
import { openProducer } from '../../src/queue/producer.ts';
import { freshDatabase } from '../support/database.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { waitFor } from '../support/wait-for.ts';

const batch = {
  mailboxId: 1,
  uidValidity: 1n,
  mails: [{ uid: 1, receivedAt: new Date('2026-03-01T12:00:00Z'), size: 1, raw: Buffer.from('x') }],
};

async function behindProxy(alter?: (chunk: Buffer) => Buffer) {
  const direct = await freshDatabase();
  const proxy = await startTcpProxy(Number(new URL(direct).port), alter);
  onTestFinished(() => proxy.stop());
  const relayed = new URL(direct);
  relayed.port = String(proxy.port);
  return { direct, relayed: relayed.toString(), proxy };
}

it('starts working once Postgres is there when it was not at first, and does not spin meanwhile', async () => {
  const { direct, relayed, proxy } = await behindProxy();
  proxy.refuse(true);
  let done = 0;
  let trouble = 0;
  const consumer = consume({ redisUrl: null, databaseUrl: relayed }, async () => void done++, {
    concurrency: 2,
    onFailure: () => {},
    onTrouble: () => void trouble++,
  });
  onTestFinished(() => consumer.close());
  await waitFor(() => proxy.accepted >= 3, 10_000, 'three hand-shakes were tried');
  // One complaint or so a hand-shake: a worker that spins makes thousands, and lets no timer of this test run.
  expect(trouble).toBeLessThanOrEqual(4 * proxy.accepted);
  proxy.refuse(false);
  const producer = openProducer({ redisUrl: null, databaseUrl: direct });
  onTestFinished(() => producer.close());
  await producer.add([batch]);
  await waitFor(() => done === 1, 15_000);
});

it('ends at once when it is told to before Postgres was ever there', async () => {
  const { relayed, proxy } = await behindProxy();
  proxy.stall();
  const consumer = consume({ redisUrl: null, databaseUrl: relayed }, async () => {}, {
    concurrency: 1,
    onFailure: () => {},
    onTrouble: () => {},
  });
  await waitFor(() => proxy.accepted > 0);
  const began = performance.now();
  await consumer.close();
  expect(performance.now() - began).toBeLessThan(2000);
});

it('lives on when the server ends a connection in the very packet that completes it', async () => {
  let spoil = 0;
  const { direct, relayed } = await behindProxy((chunk) => {
    // ReadyForQuery, idle: what ends a log-in (PostgreSQL documentation, "Message Formats"). After it comes what a server says
    // that is told to end its connections.
    const ready = Buffer.from([0x5a, 0, 0, 0, 5, 0x49]);
    if (spoil === 0 || chunk[0] !== 0x52 || !chunk.subarray(-6).equals(ready)) return chunk;
    spoil -= 1;
    const fields = Buffer.from('SFATAL\0VFATAL\0C57P01\0Mterminating connection due to administrator command\0\0');
    const head = Buffer.alloc(5);
    head.write('E');
    head.writeInt32BE(4 + fields.length, 1);
    return Buffer.concat([chunk, head, fields]);
  });
  let done = 0;
  spoil = 6;
  const consumer = consume({ redisUrl: null, databaseUrl: relayed }, async () => void done++, {
    concurrency: 1,
    onFailure: () => {},
    onTrouble: () => {},
  });
  onTestFinished(() => consumer.close());
  await waitFor(() => spoil === 0, 15_000, 'six connections were ended');
  const producer = openProducer({ redisUrl: null, databaseUrl: direct });
  onTestFinished(() => producer.close());
  await producer.add([batch]);
  await waitFor(() => done === 1, 15_000);
});
