import pg from 'pg';
import { expect, it } from 'vitest';
import { DatabaseRefusedError, DatabaseUnavailableError } from '../../src/errors.ts';
import { openPrisma } from '../../src/store/client.ts';
import { migrate, migrationState } from '../../src/store/migrate.ts';
import { freshDatabase } from '../support/database.ts';

async function query<T extends pg.QueryResultRow>(url: string, sql: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(sql)).rows;
  } finally {
    await client.end();
  }
}

it('applies every migration once, also when two start at the same time', async () => {
  const url = await freshDatabase();
  expect((await migrationState(url)).pending).toHaveLength(2);
  const [one, two] = await Promise.all([migrate(url), migrate(url)]);
  expect([...one, ...two].sort()).toEqual(['20261124000000_tables', '20261124000100_report_views']);
  expect(await migrate(url)).toEqual([]);
  expect(await migrationState(url)).toEqual({ pending: [], unknown: [] });
});

it("keeps Prisma's ledger: checksum, finished, one step", async () => {
  const url = await freshDatabase();
  await migrate(url);
  const rows = await query<{ checksum: string; finished_at: Date; applied_steps_count: number }>(
    url,
    'SELECT * FROM _prisma_migrations',
  );
  for (const row of rows) {
    expect(row.checksum).toMatch(/^[0-9a-f]{64}$/);
    expect(row.finished_at).toBeInstanceOf(Date);
    expect(row.applied_steps_count).toBe(1);
  }
});

it('refuses a database whose migration had another content', async () => {
  const url = await freshDatabase();
  await migrate(url);
  await query(url, `UPDATE _prisma_migrations SET checksum = repeat('0', 64) WHERE migration_name LIKE '%tables'`);
  await expect(migrate(url)).rejects.toThrow(DatabaseRefusedError);
});

it('reads every column of every model, so that schema.prisma agrees with the migrations', async () => {
  const url = await freshDatabase();
  await migrate(url);
  const prisma = openPrisma(url, 2);
  try {
    const { mailbox, message, bounce, suppression, suppressionChange, incident, webhookDelivery, sentDaily } = prisma;
    for (const model of [mailbox, message, bounce, suppression, suppressionChange, incident, webhookDelivery, sentDaily]) {
      expect(await (model as typeof mailbox).findMany()).toEqual([]);
    }
    const models = 8;
    const tables = await query(url, `SELECT 1 FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'`);
    expect(tables).toHaveLength(models);
  } finally {
    await prisma.$disconnect();
  }
});

it('has a comment on every view and every column of schema report', async () => {
  const url = await freshDatabase();
  await migrate(url);
  const missing = await query<{ name: string }>(
    url,
    `SELECT c.relname || '.' || coalesce(a.attname, '') AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     JOIN LATERAL (SELECT 0 AS attnum, NULL::name AS attname UNION ALL SELECT attnum, attname FROM pg_attribute WHERE attrelid = c.oid AND attnum > 0) a ON true
     LEFT JOIN pg_description d ON d.objoid = c.oid AND d.objsubid = a.attnum AND d.classoid = 'pg_class'::regclass
     WHERE n.nspname = 'report' AND c.relkind = 'v' AND d.description IS NULL`,
  );
  expect(missing).toEqual([]);
});

it('lets the reader role read the views, and neither read a table nor write', async () => {
  const url = await freshDatabase();
  await migrate(url);
  const as = (sql: string) => query(url, `SET ROLE rebound_reader; ${sql}`);
  for (const view of await query<{ name: string }>(url, `SELECT viewname AS name FROM pg_views WHERE schemaname = 'report'`)) {
    await as(`SELECT * FROM report.${view.name}`);
  }
  await expect(as('SELECT * FROM bounces')).rejects.toThrow(/permission denied/);
  await expect(as('DELETE FROM report.bounces')).rejects.toThrow(/permission denied|cannot/);
});

it('says what to do when Postgres is away, when the login is wrong, when a right is missing', async () => {
  const url = await freshDatabase();
  const elsewhere = new URL(url);
  elsewhere.port = '1';
  await expect(migrate(elsewhere.toString())).rejects.toThrow(DatabaseUnavailableError);
  await expect(migrate(elsewhere.toString())).rejects.toThrow(/DATABASE_URL/);

  const wrong = new URL(url);
  wrong.password = 'wrong';
  await expect(migrate(wrong.toString())).rejects.toThrow(/refused the login.*DATABASE_URL/);

  const role = `poor_${Math.random().toString(36).slice(2)}`;
  await query(url, `CREATE ROLE ${role} LOGIN PASSWORD 'poor'`);
  try {
    const poor = new URL(url);
    poor.username = role;
    poor.password = 'poor';
    await expect(migrate(poor.toString())).rejects.toThrow(/lacks a right.*GRANT/);
  } finally {
    await query(url, `DROP ROLE ${role}`);
  }
});
