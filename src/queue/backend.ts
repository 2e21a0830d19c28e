import { createPostgresBackend } from 'bullmq';
import { Redis } from 'ioredis';
// biome-ignore lint/style/noRestrictedImports: BullMQ's Postgres backend takes its driver's client from us
import pg from 'pg';
import type { Config } from '../config.ts';

/** Name of the queue, and of the schema of its Postgres backend. The braces keep all its keys on one node of a Redis Cluster. */
export const QUEUE_NAME = 'inbound';
export const REDIS_PREFIX = '{rebound}';
const POSTGRES_SCHEMA = 'rebound_queue';

export type QueueSettings = Pick<Config, 'redisUrl' | 'databaseUrl'>;

/** Where the queue lives, in words for people. */
export const backendName = (settings: QueueSettings): string =>
  settings.redisUrl === null ? 'Postgres (REDIS_URL is not set)' : 'Redis';

/** A connection that fails at once while Redis is away, for the poller: the mailbox keeps everything, the next round tries again. */
export function failFastRedis(url: string): Redis {
  return quiet(new Redis(url, { maxRetriesPerRequest: 1, enableOfflineQueue: false, connectTimeout: 5000, retryStrategy }));
}

/** A connection that waits for Redis to come back, for the worker. */
export function patientRedis(url: string): Redis {
  return quiet(new Redis(url, { maxRetriesPerRequest: null, connectTimeout: 5000, retryStrategy }));
}

/**
 * BullMQ (as of 6.7) listens for errors on its connections only a moment after they are made, and not at all on the one that
 * migrates; a connection lost just then would end the process. Whoever waits on such a client is told by the rejection of its
 * query.
 */
class SteadyClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => {});
  }
}

/** BullMQ's Postgres backend, with steady clients. The one that listens for new jobs has no option for that. */
export const postgresBackend: typeof createPostgresBackend = (name, options, factoryOptions) => {
  const backend = createPostgresBackend(name, options, factoryOptions);
  const { connection } = backend as unknown as { connection: { pgModule: typeof pg } };
  connection.pgModule = { ...pg, Client: SteadyClient };
  return backend;
};

/** Options of BullMQ's Postgres backend; its schema is brought up to date on connecting. */
export function postgresConnection(databaseUrl: string, connections: number) {
  return {
    connectionString: databaseUrl,
    schema: POSTGRES_SCHEMA,
    migrate: true,
    max: connections,
    connectionTimeoutMillis: 5000,
    keepAlive: true,
    application_name: 'rebound queue',
    Client: SteadyClient,
  };
}

const retryStrategy = (times: number) => Math.min(times * 100, 1000);

function quiet(redis: Redis): Redis {
  redis.on('error', () => {}); // calls fail on their own; the state is told by whoever calls
  return redis;
}
