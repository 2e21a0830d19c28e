import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { DatabaseRefusedError, ReboundError } from '../errors.ts';
import { packageRoot } from '../package-root.ts';
import { databaseError } from './faults.ts';

// Why our own and not `prisma migrate deploy`: that needs an engine which is downloaded, and Prisma's engine over its pg adapter
// splits a file at every semicolon. Ledger, checksum and lock are Prisma's, so that its command line agrees with ours.

/** The key of the advisory lock that Prisma's own migration engine takes. */
const PRISMA_LOCK = 72707369;

const LEDGER = `CREATE TABLE IF NOT EXISTS "_prisma_migrations" (
  "id" varchar(36) PRIMARY KEY NOT NULL,
  "checksum" varchar(64) NOT NULL,
  "finished_at" timestamptz,
  "migration_name" varchar(255) NOT NULL,
  "logs" text,
  "rolled_back_at" timestamptz,
  "started_at" timestamptz NOT NULL DEFAULT now(),
  "applied_steps_count" integer NOT NULL DEFAULT 0
)`;

interface Migration {
  readonly name: string;
  readonly sql: string;
  /** SHA-256 of the file, hex. */
  readonly checksum: string;
}

interface LedgerRow {
  migration_name: string;
  checksum: string;
  finished_at: Date | null;
  rolled_back_at: Date | null;
}

export interface MigrationState {
  /** Names of migrations to apply, in order. */
  readonly pending: readonly string[];
  /** Names in the ledger that this version does not know: a newer version was here. */
  readonly unknown: readonly string[];
}

/**
 * Brings the schema up to date: each file in a transaction of its own together with its row in the ledger. Safe when several
 * start at once: the second waits and finds nothing to do. Gives back the names applied now.
 * Throws DatabaseUnavailableError or DatabaseRefusedError; nothing is half-applied.
 */
export async function migrate(databaseUrl: string, onApplied: (name: string) => void = () => {}): Promise<string[]> {
  return withClient(databaseUrl, async (client) => {
    const applied: string[] = [];
    await client.query('SELECT pg_advisory_lock($1)', [PRISMA_LOCK]);
    await client.query(LEDGER);
    for (const migration of pendingOf(await readLedger(client))) {
      await client.query('BEGIN');
      try {
        await client.query(migration.sql);
        await client.query(
          `INSERT INTO "_prisma_migrations" ("id", "checksum", "migration_name", "started_at", "finished_at", "applied_steps_count")
           VALUES ($1, $2, $3, now(), now(), 1)`,
          [randomUUID(), migration.checksum, migration.name],
        );
        await client.query('COMMIT');
      } catch (error) {
        await client.query('ROLLBACK');
        throw error;
      }
      applied.push(migration.name);
      onApplied(migration.name);
    }
    return applied;
  });
}

/** What `migrate` would do; changes nothing. */
export async function migrationState(databaseUrl: string): Promise<MigrationState> {
  return withClient(databaseUrl, async (client) => {
    const { rows } = await client.query<{ ledger: string | null }>(`SELECT to_regclass('"_prisma_migrations"')::text AS ledger`);
    const ledger = rows[0]?.ledger ? await readLedger(client) : [];
    const known = new Set(migrationsOnDisk().map(({ name }) => name));
    return {
      pending: pendingOf(ledger).map(({ name }) => name),
      unknown: ledger.map((row) => row.migration_name).filter((name) => !known.has(name)),
    };
  });
}

function migrationsOnDisk(): Migration[] {
  const folder = join(packageRoot, 'prisma', 'migrations');
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const bytes = readFileSync(join(folder, name, 'migration.sql'));
      return { name, sql: bytes.toString('utf8'), checksum: createHash('sha256').update(bytes).digest('hex') };
    });
}

async function readLedger(client: pg.Client): Promise<LedgerRow[]> {
  const { rows } = await client.query<LedgerRow>(
    'SELECT "migration_name", "checksum", "finished_at", "rolled_back_at" FROM "_prisma_migrations" WHERE "rolled_back_at" IS NULL ORDER BY "started_at"',
  );
  return rows;
}

function pendingOf(ledger: readonly LedgerRow[]): Migration[] {
  const rows = new Map(ledger.map((row) => [row.migration_name, row]));
  return migrationsOnDisk().filter((migration) => {
    const row = rows.get(migration.name);
    if (row === undefined) return true;
    if (row.finished_at === null) {
      throw new DatabaseRefusedError(
        `Migration ${migration.name} was begun by another tool and did not finish. Look into "_prisma_migrations", then \`npx prisma migrate resolve\`.`,
      );
    }
    if (row.checksum !== migration.checksum) {
      throw new DatabaseRefusedError(
        `Migration ${migration.name} was applied with another content than this version has. Install the version of rebound that this database belongs to.`,
      );
    }
    return false;
  });
}

async function withClient<T>(databaseUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 10_000,
    application_name: 'rebound migrate',
  });
  client.on('error', () => {}); // a cut connection also rejects the query that runs
  try {
    await client.connect();
    return await work(client);
  } catch (error) {
    throw error instanceof ReboundError ? error : databaseError(error, databaseUrl);
  } finally {
    await client.end().catch(() => {}); // ends the session and with it the lock
  }
}
