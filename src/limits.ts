/** Every bound of the pipeline, with its reason. Those of the MIME walk are in mime/limits.ts. */

/** Bytes fetched of one mail. The parts of a report come early; the rest is the returned mail. */
export const MAX_MAIL_BYTES = 1024 * 1024;

/** UIDs in one IMAP FETCH or STORE: larger sets gain nothing (measured) and hold up the connection. */
export const UIDS_PER_COMMAND = 500;

/** Mails in one job: most of the gain of batching is there, and a repeat costs little. */
export const MAILS_PER_JOB = 50;

/** Raw bytes in one job, unless a single mail is larger. */
export const BYTES_PER_JOB = 512 * 1024;

/** Raw bytes that one poller keeps waiting in the queue, whatever QUEUE_HIGH_WATER allows. */
export const MAX_QUEUED_BYTES = 64 * 1024 * 1024;

/** UIDs asked of Postgres in one statement. */
export const UIDS_PER_QUERY = 10_000;

/** Tries of a job before its mails are committed as failed. */
export const JOB_ATTEMPTS = 5;

/** How often a job may stop a worker dead (out of memory, endless loop) before it is taken apart. */
export const MAX_STALLED = 3;

/** A clean shutdown is done within this time, or is made an end of. */
export const SHUTDOWN_MS = 9_000;

/** Stored text is cut at these lengths (characters). */
export const MAX_STORED = { line: 998, text: 4000 } as const;
