import { existsSync } from 'node:fs';
import { Redis } from 'ioredis';
import { expect, it, onTestFinished } from 'vitest';
import { identityOf } from '../../src/embedded/process.ts';
import { startRedis } from '../support/redis.ts';
import { waitFor } from '../support/wait-for.ts';

async function client(url: string): Promise<Redis> {
  const redis = new Redis(url, { retryStrategy: () => null, lazyConnect: true });
  redis.on('error', () => undefined);
  await redis.connect();
  onTestFinished(() => redis.disconnect());
  return redis;
}

it('keeps what was written through kill -9 and restart when it has an append-only file', async () => {
  const server = await startRedis({ aof: true });
  onTestFinished(() => server.stop());
  await (await client(server.url)).set('kept', 'yes');
  const before = server.pid;
  await server.kill9();
  expect(identityOf(before)).toBeNull();
  await expect(client(server.url)).rejects.toThrow();
  await server.restart();
  expect(await (await client(server.url)).get('kept')).toBe('yes');
});

it('keeps nothing through a restart without one', async () => {
  const server = await startRedis();
  onTestFinished(() => server.stop());
  await (await client(server.url)).set('kept', 'no');
  await server.restart();
  expect(await (await client(server.url)).get('kept')).toBeNull();
});

it('refuses writes rather than evict when its memory is full, as a queue needs', async () => {
  const server = await startRedis({ settings: ['--maxmemory', '3mb'] });
  onTestFinished(() => server.stop());
  const redis = await client(server.url);
  const write = async () => {
    for (let n = 0; n < 100; n++) await redis.set(`key ${n}`, 'x'.repeat(100_000));
  };
  await expect(write()).rejects.toThrow(/^OOM/);
  expect(await redis.strlen('key 0')).toBe(100_000);
});

it('forgets everything at flushall, and leaves nothing when stopped', async () => {
  const server = await startRedis({ aof: true });
  onTestFinished(() => server.stop());
  const redis = await client(server.url);
  await redis.set('gone', 'soon');
  await server.flushall();
  expect(await redis.get('gone')).toBeNull();
  const [, dir] = (await redis.config('GET', 'dir')) as string[];
  expect(existsSync(dir!)).toBe(true);
  const { pid } = server;
  await server.stop();
  expect(existsSync(dir!)).toBe(false);
  await waitFor(() => identityOf(pid) === null);
});
