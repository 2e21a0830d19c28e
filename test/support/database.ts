import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { inject, onTestFinished } from 'vitest';

/** What the global set-up hands to the test files: where Postgres is, or why it is not. */
export interface SharedPostgres {
  url: string | null;
  error: string | null;
  /** Prefix of the databases of this run. */
  prefix: string;
}

declare module 'vitest' {
  export interface ProvidedContext {
    postgres: SharedPostgres;
  }
}

/**
 * The URL of a new, empty database on the Postgres that all test files share. Made inside a test it is dropped when the test
 * ends, unless the test failed: then it is kept for a look, and its name is printed. Made in a hook it is dropped at the end
 * of the run.
 */
export async function freshDatabase(): Promise<string> {
  const { url, error, prefix } = inject('postgres');
  if (!url)
    throw new Error(`The tests need Postgres: ${error} (TEST_DATABASE_URL names a server whose user may create databases)`);
  const name = `${prefix}${randomBytes(5).toString('hex')}`;
  await administer(url, `create database ${name} template template0 encoding 'UTF8' locale 'C'`);
  try {
    onTestFinished(async ({ task }) => {
      if (task.result?.state === 'fail') {
        await administer(url, `comment on database ${name} is 'kept'`);
        if (process.env['TEST_DATABASE_URL'])
          process.stderr.write(`Kept the database ${name} of the failed test "${task.name}".\n`);
      } else await administer(url, `drop database if exists ${name} with (force)`);
    });
  } catch {
    // Not inside a test but in a hook: the global set-up drops it.
  }
  const fresh = new URL(url);
  fresh.pathname = `/${name}`;
  return fresh.toString();
}

/** Runs one statement on the server's own database. */
export async function administer(url: string, sql: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await client.query(sql);
  } finally {
    await client.end();
  }
}
