import { type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import { MAX_STALLED } from '../limits.ts';
import { type Attempt, type MailBatch, PutBack } from '../pipeline/ports.ts';
import { Backoff, pause } from '../wait.ts';
import { patientRedis, postgresBackend, postgresConnection, QUEUE_NAME, type QueueSettings, REDIS_PREFIX } from './backend.ts';
import { decodeBatch } from './payload.ts';

/**
 * A worker that dies with a job in hand leaves its lock behind for LOCK_MS; within two rounds of STALLED_MS after that another
 * takes the job up. Short, since a repeat costs little.
 */
const LOCK_MS = 4000;
const STALLED_MS = 2000;

export interface ConsumerOptions {
  /** Jobs in hand at once. */
  readonly concurrency: number;
  /** A job failed and will be tried again, or not. */
  readonly onFailure: (error: Error, attempt: number) => void;
  /** The connection to the queue is troubled; it is made again by itself. */
  readonly onTrouble: (error: Error) => void;
}

export interface Consumer {
  /** Takes no new jobs, and resolves when those in hand are done or put back. */
  close(): Promise<void>;
}

/** Throws PutBack to give the job back untried; any other error counts as an attempt. */
export type BatchHandler = (batch: MailBatch, attempt: Attempt) => Promise<void>;

/** Starts the worker's side of the queue. */
export function consume(settings: QueueSettings, handler: BatchHandler, options: ConsumerOptions): Consumer {
  const redis = settings.redisUrl === null ? null : patientRedis(settings.redisUrl);
  const workerOptions = {
    concurrency: options.concurrency,
    lockDuration: LOCK_MS,
    stalledInterval: STALLED_MS,
    maxStalledCount: MAX_STALLED,
    runRetryDelay: 1000, // BullMQ's own 15 s would be the pause after each restart of the server
    drainDelay: 2,
    // Not a boolean: as of BullMQ 6.7 `true` here breaks the finishing of jobs.
    removeOnComplete: { count: 0 },
    // BullMQ (as of 6.7) keeps the outcome of its first hand-shake with Postgres for good. A worker running on a failed one fails
    // each look at the queue at once, without a pause, and blocks the process: so it runs only once that has worked.
    autorun: false,
  };
  const process = async (job: Job, token?: string) => {
    const attempt = { number: job.attemptsMade + 1, last: job.attemptsMade + 1 >= (job.opts.attempts ?? 1) };
    let batch: MailBatch;
    try {
      batch = decodeBatch(job.data);
    } catch (error) {
      // Not ours, or of another version: the mails are still in the mailbox.
      throw new UnrecoverableError(`The job cannot be read: ${(error as Error).message}`);
    }
    try {
      await handler(batch, attempt);
    } catch (error) {
      if (!(error instanceof PutBack)) throw error;
      await job.moveToWait(token);
      throw new WaitingError();
    }
  };

  const open = () => {
    const worker =
      redis === null
        ? new Worker(
            QUEUE_NAME,
            process,
            { ...workerOptions, connection: postgresConnection(settings.databaseUrl, options.concurrency + 2) },
            postgresBackend,
          )
        : new Worker(QUEUE_NAME, process, { ...workerOptions, connection: redis, prefix: REDIS_PREFIX });
    worker.on('error', options.onTrouble);
    worker.on('failed', (job, error) => options.onFailure(error, job?.attemptsMade ?? 0));
    return worker;
  };

  const closing = new AbortController();
  let worker = open();
  let ready = false;
  const started = (async () => {
    const backoff = new Backoff(250, 2000);
    while (!closing.signal.aborted) {
      try {
        await worker.waitUntilReady();
        ready = true;
        worker.run().catch(options.onTrouble);
        return;
      } catch (error) {
        if (closing.signal.aborted) return;
        options.onTrouble(error as Error);
        await worker.close(true).catch(() => {});
        await pause(backoff.next(), closing.signal);
        if (!closing.signal.aborted) worker = open();
      }
    }
  })();

  return {
    async close() {
      closing.abort();
      // While the first hand-shake is under way there is nothing in hand, and it may never end.
      // A worker without its Redis has nothing that it could finish; closing it in order would wait for Redis to come back.
      if (ready && (redis === null || redis.status === 'ready')) await Promise.all([started, worker.close().catch(() => {})]);
      else await Promise.race([worker.close(true).catch(() => {}), pause(1000)]);
      redis?.disconnect();
    },
  };
}
