import { randomBytes } from 'node:crypto';
import pg from 'pg';
import type { TestProject } from 'vitest/node';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/embedded/postgres.ts';
import type { SharedPostgres } from './database.ts';

/**
 * One Postgres for all test files: the one of TEST_DATABASE_URL, else an embedded one. Tests that need none must run where
 * none can be started, so a failure is only told to those who ask for a database.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const prefix = `rebound_test_${randomBytes(4).toString('hex')}_`;
  let embedded: EmbeddedPostgres | undefined;
  const shared: SharedPostgres = { url: process.env['TEST_DATABASE_URL'] || null, error: null, prefix };
  if (!shared.url) {
    try {
      embedded = await startEmbeddedPostgres({ fsync: false, flags: ['max_connections=200'] });
      shared.url = embedded.url;
    } catch (error) {
      shared.error = (error as Error).message;
    }
  }
  project.provide('postgres', shared);
  return async () => {
    if (embedded) await embedded.stop();
    else if (shared.url) await dropRemaining(shared.url, prefix);
  };
}

async function dropRemaining(url: string, prefix: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query(
    "select datname from pg_database where starts_with(datname, $1) and shobj_description(oid, 'pg_database') is distinct from 'kept'",
    [prefix],
  );
  for (const { datname } of rows) await client.query(`drop database if exists ${datname} with (force)`);
  await client.end();
}
