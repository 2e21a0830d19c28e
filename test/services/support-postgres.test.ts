import { spawn } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { describe, expect, it, onTestFinished } from 'vitest';
import { startEmbeddedPostgres } from '../../src/embedded/postgres.ts';
import { identityOf } from '../../src/embedded/process.ts';
import { administer, freshDatabase } from '../support/database.ts';
import { startPostgres } from '../support/postgres.ts';
import { waitFor } from '../support/wait-for.ts';

const gone = (pid: number) => identityOf(pid) === null;

describe('the embedded Postgres', () => {
  it('speaks UTF-8 whatever the locale of the machine, and keeps other users of the machine out', async () => {
    const server = await startEmbeddedPostgres({ fsync: false });
    onTestFinished(() => server.stop());
    const { rows } = await administer(
      server.url,
      "select current_setting('server_encoding') as encoding, length('Zoë→') as length",
    );
    expect(rows).toEqual([{ encoding: 'UTF8', length: 4 }]);
    const stranger = new URL(server.url);
    stranger.password = '';
    await expect(administer(stranger.toString(), 'select 1')).rejects.toThrow(/password/);
  });

  it('leaves no process and no directory when it is stopped, twice if need be', async () => {
    const server = await startEmbeddedPostgres({ fsync: false });
    expect(existsSync(server.dataDir)).toBe(true);
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
    expect(gone(server.pid)).toBe(true);
    expect(existsSync(server.dataDir)).toBe(false);
  });

  it('keeps a given data directory, and what is in it, from one start to the next', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'rebound-test-data-'));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    const first = await startEmbeddedPostgres({ dataDir: dir, fsync: false });
    await administer(first.url, 'create table kept as select 42 as answer');
    await first.stop();
    const second = await startEmbeddedPostgres({ dataDir: dir, fsync: false });
    onTestFinished(() => second.stop());
    expect((await administer(second.url, 'select answer from kept')).rows).toEqual([{ answer: 42 }]);
  });

  it('names the port when the one asked for is taken', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const { port } = other.address() as { port: number };
    await expect(startEmbeddedPostgres({ port, fsync: false })).rejects.toThrow(
      `Port ${port} for the embedded Postgres is taken`,
    );
  });

  it('is stopped and cleaned up after a kill -9 of the Node process that started it', async () => {
    const { child, server } = await startElsewhere('');
    process.kill(child.pid!, 'SIGKILL');
    await waitFor(() => gone(server.pid), 15_000, 'the server is gone');
    await waitFor(() => !existsSync(server.dataDir), 15_000, 'its directory is gone');
  });

  it('takes over a directory whose process and watcher were both killed, with the server still running', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'rebound-test-data-'));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    const { child, server } = await startElsewhere(dir);
    // Stopped, the watcher cannot act: the server outlives its Node process, as it does where there is no watcher.
    const watcher = await watcherOf(server.pid);
    process.kill(watcher, 'SIGSTOP');
    onTestFinished(() => void process.kill(watcher, 'SIGKILL'));
    process.kill(child.pid!, 'SIGKILL');
    await waitFor(() => gone(child.pid!));
    expect(gone(server.pid)).toBe(false);
    const next = await startEmbeddedPostgres({ dataDir: dir, fsync: false });
    onTestFinished(() => next.stop());
    expect(gone(server.pid)).toBe(true);
    expect((await administer(next.url, 'select 1 as one')).rows).toEqual([{ one: 1 }]);
  });

  it('refuses a directory that a living process uses', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'rebound-test-data-'));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    const { child, server } = await startElsewhere(dir);
    await expect(startEmbeddedPostgres({ dataDir: dir })).rejects.toThrow(`is used by process ${child.pid}`);
    process.kill(child.pid!, 'SIGKILL');
    await waitFor(() => gone(server.pid), 15_000, 'the server is gone');
  });
});

describe('the Postgres of a test', () => {
  it('has its committed rows after kill -9 and restart, on the same URL', async () => {
    const server = await startPostgres();
    onTestFinished(() => server.stop());
    const before = server.pid;
    await administer(server.url, 'create table kept as select generate_series(1, 1000)');
    await server.kill9();
    await expect(administer(server.url, 'select 1')).rejects.toThrow();
    await server.restart();
    expect(server.pid).not.toBe(before);
    expect((await administer(server.url, 'select count(*)::int as rows from kept')).rows).toEqual([{ rows: 1000 }]);
  });

  it('cuts the connections of others', async () => {
    const server = await startPostgres();
    onTestFinished(() => server.stop());
    const client = new pg.Client({ connectionString: server.url });
    const errors: Error[] = [];
    client.on('error', (error) => errors.push(error));
    await client.connect();
    expect(await server.cutConnections()).toBe(1);
    await waitFor(() => errors.length > 0);
  });

  it('gives each caller an empty database of its own', async () => {
    const [one, two] = await Promise.all([freshDatabase(), freshDatabase()]);
    await administer(one!, 'create table only_here ()');
    await expect(administer(two!, 'select * from only_here')).rejects.toThrow(/does not exist/);
  });
});

/** Starts an embedded server in a Node process of its own. An empty directory means a temporary one. */
async function startElsewhere(dataDir: string) {
  const program = `
    const { startEmbeddedPostgres } = await import(${JSON.stringify(new URL('../../src/embedded/postgres.ts', import.meta.url).href)});
    const server = await startEmbeddedPostgres({ fsync: false, ...(process.argv[1] ? { dataDir: process.argv[1] } : {}) });
    console.log(JSON.stringify(server));
    setInterval(() => {}, 1000);`;
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program, dataDir], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  let out = '';
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  const server = await waitFor(
    () => (out.endsWith('\n') ? (JSON.parse(out) as { pid: number; dataDir: string }) : null),
    20_000,
    'the server is up',
  );
  return { child, server };
}

async function watcherOf(pid: number): Promise<number> {
  const { execFileSync } = await import('node:child_process');
  const line = execFileSync('ps', ['-eo', 'pid,args'], { encoding: 'utf8' })
    .split('\n')
    .find(
      (entry) =>
        entry.includes('rebound-guardian') && new RegExp(`\\b${pid}\\b`).test(entry.slice(entry.indexOf('rebound-guardian'))),
    );
  if (!line) throw new Error('The server has no watcher.');
  return Number.parseInt(line, 10);
}
