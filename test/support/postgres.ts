import pg from 'pg';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../../src/embedded/postgres.ts';

/** A Postgres server of a test's own, for faults that must not hit the other tests. */
export interface PostgresServer {
  url: string;
  readonly pid: number;
  /** kill -9 to the server; resolves when it is gone. */
  kill9(): Promise<void>;
  /** Starts again on the same port and data. */
  restart(): Promise<void>;
  /** Cuts every connection but its own, as a network fault or a fail-over would; returns how many. */
  cutConnections(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts an embedded Postgres on a free port. It does not wait for the disk, which a kill -9 does not need. */
export async function startPostgres({ fsync = false, flags = [] as string[] } = {}): Promise<PostgresServer> {
  let server: EmbeddedPostgres = await startEmbeddedPostgres({ fsync, flags });
  const { url, port, dataDir } = server;
  const kill9 = async () => {
    try {
      process.kill(server.pid, 'SIGKILL');
    } catch {
      // Gone already.
    }
    await server.ended;
  };
  return {
    url,
    get pid() {
      return server.pid;
    },
    kill9,
    async restart() {
      await kill9();
      server = await startEmbeddedPostgres({ dataDir, port, persistent: false, fsync, flags });
    },
    async cutConnections() {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      try {
        const { rowCount } = await client.query(
          "select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()",
        );
        return rowCount ?? 0;
      } finally {
        await client.end();
      }
    },
    stop: () => server.stop(),
  };
}
