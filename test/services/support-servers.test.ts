import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { findOrInstall } from '../support/servers.ts';
import { waitFor } from '../support/wait-for.ts';

afterEach(() => vi.unstubAllEnvs());

it('takes the program that the setting names', async () => {
  vi.stubEnv('REDIS_SERVER_BIN', process.execPath);
  expect(await findOrInstall('redis-server')).toBe(process.execPath);
});

it('says which setting is wrong when it names no program', async () => {
  vi.stubEnv('DOVECOT_BIN', '/nowhere/dovecot');
  await expect(findOrInstall('dovecot')).rejects.toThrow('DOVECOT_BIN=/nowhere/dovecot is not a program');
});

it('finds a program in the usual folders for servers when PATH lacks them', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'rebound-test-path-'));
  vi.stubEnv('PATH', empty);
  expect(await findOrInstall('dovecot')).toMatch(/\/dovecot$/);
  await rm(empty, { recursive: true });
});

it('waits for a fact and returns it, and names the fact when it does not come', async () => {
  let asked = 0;
  expect(await waitFor(() => (++asked === 3 ? 'here' : null))).toBe('here');
  await expect(waitFor(() => false, 50, 'the moon is blue')).rejects.toThrow('Not within 50 ms: the moon is blue');
});
