import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { freshDatabase } from '../support/database.ts';
import { type DovecotServer, startDovecot } from '../support/dovecot.ts';
import { drain, letter, report, sql } from '../support/pipeline.ts';
import { runCli } from './run-cli.ts';

let dovecot: DovecotServer;
/** A database behind a pipeline that has run: one flagged recipient, one held, one full mailbox, one letter. */
let databaseUrl: string;

beforeAll(async () => {
  dovecot = await startDovecot();
  databaseUrl = await freshDatabase();
  await dovecot.append('INBOX', [
    report(['gone@example.org']),
    report(['blocked@example.net'], { status: '5.7.1', diagnostic: '550 5.7.1 =cmd|calc mail from 192.0.2.7 refused' }),
    report(['full@example.org'], { status: '4.2.2', diagnostic: '452 4.2.2 mailbox full' }),
    letter(),
  ]);
  await drain({ dovecot, user: dovecot.user, databaseUrl });
});
afterAll(() => dovecot?.stop());

const run = (...args: string[]) => runCli(args, { env: { DATABASE_URL: databaseUrl } });

describe('migrate', () => {
  it('names what it applies, and says when there is nothing to do', async () => {
    const env = { DATABASE_URL: await freshDatabase() };
    const first = await runCli(['migrate'], { env });
    expect(first).toMatchObject({ code: 0, stderr: '' });
    expect(first.stdout).toMatch(/^(applied \d{14}_\w+\n){2,}$/);
    expect(await runCli(['migrate'], { env })).toEqual({ code: 0, stdout: 'The schema is up to date.\n', stderr: '' });
  });
});

describe('a database that cannot be read', () => {
  it('is told in one line with the mend: no server, no such database, no tables yet', async () => {
    const url = new URL(databaseUrl);
    const stderrOf = async (change: (url: URL) => void) => {
      const changed = new URL(url);
      change(changed);
      const { code, stdout, stderr } = await runCli(['list'], { env: { DATABASE_URL: changed.toString() } });
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      return stderr;
    };
    expect(await stderrOf((to) => (to.port = '1'))).toMatch(
      /^rebound: Postgres at .*:1\/.* it cannot be reached\..*DATABASE_URL.*\n$/,
    );
    expect(await stderrOf((to) => (to.pathname = '/nowhere'))).toMatch(
      /^rebound: The database named in DATABASE_URL does not exist/,
    );
    const empty = new URL(await freshDatabase()).pathname;
    expect(await stderrOf((to) => (to.pathname = empty))).toMatch(
      /^rebound: The database at .* has not the tables.*rebound migrate/,
    );
  });
});

describe('list', () => {
  it('agrees with the view, in each format', async () => {
    const view = await sql<{ recipient: string; state: string }>(
      databaseUrl,
      'SELECT recipient, state FROM report.suppressions ORDER BY flagged_at, recipient',
    );
    expect(view.map(({ recipient, state }) => [recipient, state]).sort()).toEqual([
      ['blocked@example.net', 'held'],
      ['gone@example.org', 'flagged'],
    ]);
    const jsonl = await run('list', '--format', 'jsonl');
    const rows = jsonl.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(rows.map(({ recipient, state }) => [recipient, state]).sort()).toEqual(
      view.map(({ recipient, state }) => [recipient, state]).sort(),
    );
    const table = await run('list');
    expect(table.stdout).toMatch(/^gone@example\.org +flagged +user_unknown +recipient +5\.1\.1 /m);
    expect(table.stdout.trimEnd().split('\n').at(-1)).toBe('2 recipients');
    const csv = await run('list', '--format', 'csv', '--state', 'held');
    const [head, ...lines] = csv.stdout.trimEnd().split('\r\n');
    expect(head!.split(',').slice(0, 2)).toEqual(['recipient', 'state']);
    expect(lines).toEqual([expect.stringMatching(/^blocked@example\.net,held,/)]);
  });

  it('filters, and stops at the limit', async () => {
    const recipients = async (...args: string[]) =>
      (await run('list', '--json', ...args)).stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line).recipient);
    expect(await recipients('--state', 'flagged')).toEqual(['gone@example.org']);
    expect(await recipients('--category', 'user_unknown')).toEqual(['gone@example.org']);
    expect(await recipients('--provider', 'google')).toEqual([]);
    expect(await recipients('--since', '1h')).toHaveLength(2);
    expect(await recipients('--since', '2100-01-01')).toEqual([]);
    expect(await recipients('--limit', '1')).toHaveLength(1);
  });
});

describe('check', () => {
  it('tells state, reason, evidence and history, however the address is written', async () => {
    const { code, stdout } = await run('check', 'Gone@EXAMPLE.org');
    expect(code).toBe(0);
    expect(stdout).toContain('Gone@EXAMPLE.org: flagged');
    expect(stdout).toContain('rule dead-address');
    expect(stdout).toMatch(/evidence: .*no such user here/);
    expect(stdout).toMatch(/permanent +user_unknown +recipient +5\.1\.1 +550 /);
  });

  it('says of an address that only had trouble that it was never flagged, and knows nothing of a strange one', async () => {
    const { code, stdout } = await run('check', '--json', 'full@example.org', 'stranger@example.org');
    expect(code).toBe(0);
    const [full, stranger] = JSON.parse(stdout);
    expect(full).toMatchObject({ state: null, bounces: [{ class: 'temporary', category: 'mailbox_full', status: '4.2.2' }] });
    expect(stranger).toMatchObject({ state: null, bounces: [], changes: [] });
  });
});

describe('stats', () => {
  it('counts the day and the week', async () => {
    const { stdout } = await run('stats', '--json');
    const numbers = { mails: 4, bounces: 3, permanent: 2, temporary: 1, flagged: 1, held: 1 };
    expect(JSON.parse(stdout)).toMatchObject({ day: numbers, week: numbers });
    const table = await run('stats');
    expect(table).toMatchObject({ code: 0, stderr: '' });
    expect(table.stdout).toMatch(/^failed recipients +3 +3$/m);
  });
});

describe('retry', () => {
  it('runs a failed mail again from its stored bytes', async () => {
    const url = await freshDatabase();
    await dovecot.append('INBOX', [report(['again@example.org'])], { user: 'retry' });
    await drain({ dovecot, user: 'retry', databaseUrl: url });
    // As it is after a version that could not read this mail.
    await sql(url, 'DELETE FROM suppressions');
    await sql(url, 'DELETE FROM bounces');
    const [row] = await sql<{ id: string }>(
      url,
      "UPDATE messages SET outcome = 'failed', kind = 'other', error = 'The mail could not be read' RETURNING id",
    );
    const env = { DATABASE_URL: url };
    const doctor = await runCli(['doctor', '--json'], { env: { ...env, ...imap('retry') } });
    expect(JSON.parse(doctor.stdout)).toContainEqual({
      check: 'failed mails',
      result: 'warn',
      text: expect.stringMatching(
        new RegExp(`^1 could not be processed \\(${row!.id}: The mail could not be read\\).*rebound retry`),
      ),
    });
    const { code, stdout } = await runCli(['retry'], { env });
    expect(stdout).toBe(`${row!.id}: The mail could not be read → bounce, 1 recipient\n1 mended, 0 still failed.\n`);
    expect(code).toBe(0);
    expect(await sql(url, 'SELECT recipient, state FROM report.suppressions')).toEqual([
      { recipient: 'again@example.org', state: 'flagged' },
    ]);
    expect((await runCli(['retry'], { env })).stdout).toBe('No mail has failed.\n');
    expect((await runCli(['retry', '--id', '999'], { env })).stdout).toBe('None of these is a failed mail.\n');
  });
});

const imap = (user: string): Record<string, string> => ({
  IMAP_HOST: '127.0.0.1',
  IMAP_PORT: String(dovecot.port),
  IMAP_SECURITY: 'none',
  IMAP_USER: user,
  IMAP_PASSWORD: dovecot.password,
});
