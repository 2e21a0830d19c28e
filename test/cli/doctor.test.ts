import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { administer, freshDatabase } from '../support/database.ts';
import { type DovecotServer, startDovecot } from '../support/dovecot.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';
import { runCli } from './run-cli.ts';

let dovecot: DovecotServer;
let redis: RedisServer;
let databaseUrl: string;

beforeAll(async () => {
  [dovecot, redis] = await Promise.all([startDovecot(), startRedis()]);
  databaseUrl = await freshDatabase();
  await runMigrate(databaseUrl);
});
afterAll(() => Promise.all([dovecot?.stop(), redis?.stop()]));

async function runMigrate(url: string): Promise<void> {
  const { migrate } = await import('../../src/store/migrate.ts');
  await migrate(url);
}

/** Settings with which all is well. */
const good = (): Record<string, string> => ({
  DATABASE_URL: databaseUrl,
  REDIS_URL: redis.url,
  IMAP_HOST: '127.0.0.1',
  IMAP_PORT: String(dovecot.port),
  IMAP_SECURITY: 'none',
  IMAP_USER: dovecot.user,
  IMAP_PASSWORD: dovecot.password,
});

async function doctor(settings: Record<string, string>) {
  const { code, stdout, stderr } = await runCli(['doctor', '--json'], { env: { ...good(), ...settings } });
  expect(stderr).toBe('');
  const findings = JSON.parse(stdout) as { check: string; result: string; text: string }[];
  return { code, findings, failed: findings.filter(({ result }) => result === 'fail') };
}

describe('doctor', () => {
  it('has a line for each thing it looked at, and exits with 0 when all is well', async () => {
    const { code, stdout } = await runCli(['doctor'], { env: good() });
    expect(stdout).toMatch(/^ok {3}settings: complete; database postgres/m);
    expect(stdout).toMatch(/^ok {3}database: Postgres \d+/m);
    expect(stdout).toMatch(/^ok {3}schema: up to date$/m);
    expect(stdout).toMatch(/^ok {3}queue: in Redis \d+\.\d+\.\d+, 0 jobs wait$/m);
    expect(stdout).toMatch(/^warn queue: Redis keeps no append-only file/m);
    expect(stdout).toMatch(/^ok {3}mailbox bounces: logged in at 127\.0\.0\.1:\d+ \(no TLS\), 0 mails in INBOX; IDLE wakes it$/m);
    expect(stdout).toMatch(/^ok {3}mailbox bounces: SETTLE=mark: /m);
    expect(stdout).toMatch(/^ok {3}clock: /m);
    expect(stdout).toMatch(/^ok {3}failed mails: none$/m);
    expect(code).toBe(0);
  });

  it('says that the queue lives in Postgres when REDIS_URL is not set', async () => {
    const { findings, code } = await doctor({ REDIS_URL: '' });
    expect(findings).toContainEqual({
      check: 'queue',
      result: 'ok',
      text: expect.stringContaining('Postgres (REDIS_URL is not set)'),
    });
    expect(code).toBe(0);
  });

  it('never shows a password', async () => {
    const url = new URL(databaseUrl);
    url.password = 'hunter2';
    const { findings } = await doctor({ DATABASE_URL: url.toString(), IMAP_PASSWORD: 'hunter3' });
    expect(JSON.stringify(findings)).not.toMatch(/hunter[23]/);
  });

  it.each([
    ['a wrong password', () => ({ IMAP_PASSWORD: 'wrong' }), 'mailbox bounces', /refused the login of bounces.*IMAP_PASSWORD/],
    ['a closed port', () => ({ IMAP_PORT: '1' }), 'mailbox bounces', /Nothing listens at 127\.0\.0\.1:1\..*IMAP_PORT/],
    ['TLS where there is none', () => ({ IMAP_SECURITY: 'tls' }), 'mailbox bounces', /IMAP_SECURITY \(tls\)/],
    ['an unknown folder', () => ({ IMAP_FOLDER: 'Nowhere' }), 'mailbox bounces/Nowhere', /folder Nowhere .*Check IMAP_FOLDER/],
    ['an unreachable Redis', () => ({ REDIS_URL: 'redis://127.0.0.1:1' }), 'queue', /REDIS_URL/],
  ])('names the setting and the mend for %s, and checks the rest all the same', async (_, settings, check, text) => {
    const { code, failed, findings } = await doctor(settings());
    expect(failed).toEqual([{ check, result: 'fail', text: expect.stringMatching(text) }]);
    expect(findings.some((finding) => finding.check === 'failed mails')).toBe(true);
    expect(code).toBe(1);
  });

  it('checks what it can when settings are wrong, and names all of these', async () => {
    const { code, findings } = await doctor({ DATABASE_URL: 'nonsense', SETTLE: '', WORKER_CONCURRENCY: '4' });
    expect(findings[0]).toMatchObject({
      check: 'settings',
      result: 'fail',
      text: expect.stringContaining('DATABASE_URL must be'),
    });
    expect(findings.filter(({ check }) => check === 'mailbox bounces')).not.toEqual([]);
    const imapOnly = await doctor({ IMAP_HOST: '' });
    expect(imapOnly.findings[0]!.text).toContain('IMAP_HOST is not set');
    expect(imapOnly.findings).toContainEqual({ check: 'schema', result: 'ok', text: 'up to date' });
    expect([code, imapOnly.code]).toEqual([1, 1]);
  });

  it('tells a Postgres user without rights which rights it needs; start says so too', async () => {
    const url = await freshDatabase();
    const role = `weak_${new URL(url).pathname.slice(-10)}`;
    await administer(databaseUrl, `CREATE ROLE ${role} LOGIN PASSWORD 'weak'`);
    try {
      const weak = new URL(url);
      weak.username = role;
      weak.password = 'weak';
      await usable(weak.toString());
      const { code, failed } = await doctor({ DATABASE_URL: weak.toString() });
      expect(failed[0]).toMatchObject({
        check: 'schema',
        text: expect.stringMatching(/DATABASE_URL may not create tables.*GRANT CREATE/),
      });
      expect(code).toBe(1);
      const start = await runCli(['start'], { env: { ...good(), DATABASE_URL: weak.toString() } });
      expect(start.code).toBe(1);
      expect(start.stderr).toMatch(/^rebound: The user in DATABASE_URL lacks a right .*GRANT/);
      expect(start.stderr).not.toMatch(/^\s+at /m);
    } finally {
      await administer(databaseUrl, `DROP ROLE ${role}`);
    }
  });
});

async function usable(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.end();
}

describe('start', () => {
  it.each([
    ['a wrong password', { IMAP_PASSWORD: 'wrong' }, /refused the login of bounces.*IMAP_PASSWORD/],
    ['a closed port', { IMAP_PORT: '1' }, /Nothing listens at 127\.0\.0\.1:1\..*IMAP_PORT/],
    ['an unknown folder', { IMAP_FOLDER: 'Nowhere' }, /folder Nowhere .*Check IMAP_FOLDER/],
    ['an unreachable Redis', { REDIS_URL: 'redis://127.0.0.1:1' }, /queue in Redis cannot be used now.*REDIS_URL/],
    [
      'no Postgres',
      { DATABASE_URL: 'postgresql://u:hunter2@127.0.0.1:1/none' },
      /Postgres at 127\.0\.0\.1:1\/none.*DATABASE_URL/,
    ],
  ])('ends with one clear message on %s', async (_, settings: Record<string, string>, message) => {
    const { code, stderr } = await runCli(['start'], { env: { ...good(), LOG_LEVEL: 'silent', ...settings } });
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at |hunter2/m);
    expect(code).toBe(1);
  });
});
