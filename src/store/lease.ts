import pg from 'pg';
import type { Lease } from '../pipeline/ports.ts';
import { pause } from '../wait.ts';
import { databaseError } from './faults.ts';

/** How often a poller that stands by asks for the lease. */
const RETRY_MS = 500;

/**
 * Takes the lease of a mailbox: a session advisory lock on a connection of its own. Postgres frees it when that connection
 * ends, however the process died, so a second poller takes over within a second. Waits while another holds it; gives back
 * null when `signal` aborts first. Throws DatabaseUnavailableError or DatabaseRefusedError.
 */
export async function takeLease(
  databaseUrl: string,
  mailboxId: number,
  signal: AbortSignal,
  onWait: () => void = () => {},
): Promise<Lease | null> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    application_name: 'rebound lease',
    connectionTimeoutMillis: 10_000,
    query_timeout: 10_000,
    keepAlive: true,
    // The server notices within half a minute that the host of a poller is gone (default: two hours).
    options: '-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3',
  });
  let lost: Error | null = null;
  client.on('error', (error) => {
    lost = error;
  });
  client.on('end', () => {
    lost ??= new Error('the connection ended');
  });
  const fail = (error: unknown) => databaseError(error, databaseUrl);
  const close = () => client.end().catch(() => {});

  try {
    await client.connect();
    let told = false;
    while (!signal.aborted) {
      const { rows } = await client.query<{ held: boolean }>(`SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS held`, [
        `rebound mailbox ${mailboxId}`,
      ]);
      if (rows[0]?.held) {
        return {
          async check() {
            if (lost) throw fail(lost);
            await client.query('SELECT 1').catch((error) => {
              throw fail(error);
            });
          },
          release: close,
        };
      }
      if (!told) onWait();
      told = true;
      await pause(RETRY_MS, signal);
    }
    await close();
    return null;
  } catch (error) {
    await close();
    throw fail(error);
  }
}
