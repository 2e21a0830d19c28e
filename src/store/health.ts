import pg from 'pg';
import { databaseError } from './faults.ts';

export interface DatabaseHealth {
  readonly version: string;
  /** Seconds that this machine's clock is ahead of Postgres'. */
  readonly clockAhead: number;
  /** Whether `rebound migrate` could make tables. */
  readonly mayCreate: boolean;
  readonly readerRole: boolean;
  /** Mails that could not be processed; null while the tables are not there. */
  readonly failedMails: number | null;
  readonly failedSample: readonly { readonly id: string; readonly error: string | null }[];
}

/** One look at the database; throws DatabaseUnavailableError or DatabaseRefusedError. */
export async function readDatabaseHealth(databaseUrl: string): Promise<DatabaseHealth> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 8000,
    query_timeout: 8000,
    application_name: 'rebound doctor',
  });
  client.on('error', () => {});
  try {
    await client.connect();
    const asked = Date.now();
    const { rows } = await client.query<{ version: string; now: number; may_create: boolean; reader: boolean; tables: boolean }>(`
      SELECT current_setting('server_version') AS version, extract(epoch FROM clock_timestamp())::float8 AS now,
        has_schema_privilege('public', 'CREATE') AND has_database_privilege(current_database(), 'CREATE') AS may_create,
        EXISTS (SELECT FROM pg_roles WHERE rolname = 'rebound_reader') AS reader, to_regclass('messages') IS NOT NULL AS tables`);
    const answered = Date.now();
    const row = rows[0]!;
    const failed = row.tables
      ? (
          await client.query<{ id: string; error: string | null; total: string }>(
            `SELECT id::text, error, count(*) OVER () AS total FROM messages WHERE outcome = 'failed' ORDER BY id DESC LIMIT 3`,
          )
        ).rows
      : null;
    return {
      version: row.version,
      clockAhead: (asked + answered) / 2000 - row.now,
      mayCreate: row.may_create,
      readerRole: row.reader,
      failedMails: failed === null ? null : Number(failed[0]?.total ?? 0),
      failedSample: failed ?? [],
    };
  } catch (error) {
    throw databaseError(error, databaseUrl);
  } finally {
    await client.end().catch(() => {});
  }
}
