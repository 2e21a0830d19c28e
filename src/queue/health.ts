import { describeError, QueueUnavailableError } from '../errors.ts';
import { failFastRedis, type QueueSettings } from './backend.ts';
import { openProducer } from './producer.ts';

export interface QueueHealth {
  /** Jobs not done yet. */
  readonly backlog: number;
  /** Null where the queue is in Postgres. */
  readonly redis: { readonly version: string; readonly maxmemoryPolicy: string | null; readonly aof: boolean } | null;
}

/** One look at the queue; throws QueueUnavailableError. */
export async function readQueueHealth(settings: QueueSettings): Promise<QueueHealth> {
  const producer = openProducer(settings);
  try {
    await producer.check();
    return { backlog: await producer.backlog(), redis: settings.redisUrl === null ? null : await readRedis(settings.redisUrl) };
  } finally {
    await producer.close();
  }
}

async function readRedis(url: string): Promise<NonNullable<QueueHealth['redis']>> {
  const redis = failFastRedis(url);
  try {
    await new Promise<void>((resolve, reject) => {
      redis.once('ready', () => resolve());
      redis.once('error', reject);
    });
    const info = await redis.info();
    const value = (name: string) => new RegExp(`^${name}:(.*)$`, 'm').exec(info)?.[1]?.trim() ?? null;
    return {
      version: value('redis_version') ?? 'unknown',
      maxmemoryPolicy: value('maxmemory_policy'),
      aof: value('aof_enabled') === '1',
    };
  } catch (error) {
    throw new QueueUnavailableError(`Redis answers no questions about itself: ${describeError(error)}. Check REDIS_URL.`, {
      cause: error,
    });
  } finally {
    redis.disconnect();
  }
}
