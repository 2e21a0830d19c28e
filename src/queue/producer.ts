import { Queue } from 'bullmq';
import type { Redis } from 'ioredis';
import { describeError, QueueUnavailableError } from '../errors.ts';
import { JOB_ATTEMPTS } from '../limits.ts';
import type { QueuePort } from '../pipeline/ports.ts';
import {
  backendName,
  failFastRedis,
  postgresBackend,
  postgresConnection,
  QUEUE_NAME,
  type QueueSettings,
  REDIS_PREFIX,
} from './backend.ts';
import { encodeBatch, jobIdOf } from './payload.ts';

/** No call to the queue takes longer, whatever its server does. */
const CALL_MS = 10_000;

const JOB_OPTIONS = {
  attempts: JOB_ATTEMPTS,
  backoff: { type: 'exponential', delay: 500, jitter: 0.5 },
  removeOnComplete: true,
  // Kept until the poller has seen it (it takes its mails apart); a bound in case no poller comes.
  removeOnFail: { age: 7 * 24 * 3600, count: 1000 },
} as const;

export interface Producer extends QueuePort {
  /** Throws QueueUnavailableError unless the queue's server answers now. */
  check(): Promise<void>;
  close(): Promise<void>;
}

/** Opens the poller's side of the queue. */
export function openProducer(settings: QueueSettings): Producer {
  const redis = settings.redisUrl === null ? null : failFastRedis(settings.redisUrl);
  // BullMQ keeps the outcome of its first hand-shake for good: a queue that never answered is made anew.
  let queue: InboundQueue | null = null;
  let answered = false;
  const open = (): InboundQueue => {
    queue ??= openQueue(settings, redis);
    return queue;
  };

  async function call<T>(work: (queue: InboundQueue) => Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`no answer within ${CALL_MS / 1000} s`)), CALL_MS);
    });
    try {
      const result = await Promise.race([ready(redis).then(() => work(open())), late]);
      answered = true;
      return result;
    } catch (error) {
      if (!answered && queue !== null) {
        queue.close().catch(() => {});
        queue = null;
      }
      const why = describeError(error);
      const mend =
        redis !== null
          ? 'Check that it runs and that REDIS_URL is right'
          : /permission denied/.test(why)
            ? 'Its user must be allowed to make a schema: GRANT CREATE ON DATABASE … TO …, or set REDIS_URL'
            : 'Check that it runs and that DATABASE_URL is right';
      throw new QueueUnavailableError(`The queue in ${backendName(settings)} cannot be used now: ${why}. ${mend}.`, {
        cause: error,
      });
    } finally {
      clearTimeout(timer);
    }
  }

  return {
    check: () => call(async (queue) => void (await queue.getJobCounts('wait'))),
    add: (batches) =>
      call(async (queue) => {
        const jobs = await queue.addBulk(
          batches.map((batch) => ({ name: 'mails', data: encodeBatch(batch), opts: { ...JOB_OPTIONS, jobId: jobIdOf(batch) } })),
        );
        return jobs.map((job) => job.id!);
      }),
    states: (jobIds) =>
      call(async (queue) => {
        const states = await Promise.all(jobIds.map((id) => queue.getJobState(id)));
        return new Map(
          states.map((state, i) => [
            jobIds[i]!,
            state === 'failed' ? 'failed' : state === 'unknown' || state === 'completed' ? 'gone' : 'live',
          ]),
        );
      }),
    discard: (jobId) => call(async (queue) => void (await queue.remove(jobId))),
    backlog: () =>
      call(async (queue) => {
        const counts = await queue.getJobCounts('wait', 'active', 'delayed', 'prioritized');
        return Object.values(counts).reduce((sum, count) => sum + count, 0);
      }),
    async close() {
      await Promise.race([queue?.close().catch(() => {}), new Promise((resolve) => setTimeout(resolve, 2000).unref())]);
      redis?.disconnect();
    },
  };
}

type InboundQueue = ReturnType<typeof openQueue>;

function openQueue(settings: QueueSettings, redis: Redis | null) {
  const queue =
    redis === null
      ? new Queue(QUEUE_NAME, { connection: postgresConnection(settings.databaseUrl, 3) }, postgresBackend)
      : new Queue(QUEUE_NAME, { connection: redis, prefix: REDIS_PREFIX });
  queue.on('error', () => {});
  return queue;
}

/** Resolves when the connection is ready; rejects with the reason of the next try that fails. */
async function ready(redis: Redis | null): Promise<void> {
  if (redis === null || redis.status === 'ready') return;
  await new Promise<void>((resolve, reject) => {
    const settle = (done: () => void) => {
      redis.off('ready', onReady);
      redis.off('error', onError);
      done();
    };
    const onReady = () => settle(resolve);
    const onError = (error: Error) => settle(() => reject(error));
    redis.on('ready', onReady);
    redis.on('error', onError);
  });
}
