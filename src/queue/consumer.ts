import { type Job, UnrecoverableError, WaitingError, Worker } from 'bullmq';
import { MAX_STALLED } from '../limits.ts';
import { type Attempt, type MailBatch, PutBack } from '../pipeline/ports.ts';
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

  return {
    async close() {
      await worker.close().catch(() => {});
      redis?.disconnect();
    },
  };
}
