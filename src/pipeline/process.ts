import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { analyze } from '../bounce/index.ts';
import type { AnalyzeOptions, BounceReport } from '../bounce/report.ts';
import { DatabaseRefusedError, DatabaseUnavailableError, describeError } from '../errors.ts';
import { MAX_MAIL_BYTES } from '../limits.ts';
import { parseMail } from '../mime/index.ts';
import { Backoff, pause } from '../wait.ts';
import {
  type Attempt,
  type CommitResult,
  type FetchedMail,
  type Location,
  type MailBatch,
  type ProcessedMail,
  type ProcessStore,
  PutBack,
} from './ports.ts';

/** The event loop is given a turn at least this often, so that the job's lock is renewed and signals are answered. */
const TURN_MS = 25;

export interface ProcessDeps {
  readonly store: ProcessStore;
  /** The time of each mail is its own: a return path is judged by when the report arrived, however late it is processed. */
  readonly analyze: Omit<AnalyzeOptions, 'arrivedAt'>;
  /** Aborted when the worker is told to stop. */
  readonly signal: AbortSignal;
  readonly onCommitted?: (result: CommitResult, mails: readonly ProcessedMail[]) => void;
  /** The database is away; the batch waits. */
  readonly onWait?: (error: Error) => void;
}

/**
 * Understands the mails of a batch and commits them in one transaction. Done twice, it changes nothing more. A mail that the
 * database refuses does not hold up the others: they are committed one by one, and it as failed. While the database is away
 * the batch waits here, so that no attempt is used up; throws PutBack when told to stop meanwhile.
 */
export async function processBatch(batch: MailBatch, attempt: Attempt, deps: ProcessDeps): Promise<void> {
  const { store } = deps;
  const uids = batch.mails.map((mail) => mail.uid);
  const known = await patiently(() => store.committed(batch.mailboxId, batch.uidValidity, uids), deps);
  const done = new Set(known.map((mail) => mail.uid));

  const processed: ProcessedMail[] = [];
  let turn = performance.now();
  for (const mail of batch.mails) {
    if (done.has(mail.uid)) continue;
    const location = { mailboxId: batch.mailboxId, uidValidity: batch.uidValidity, uid: mail.uid };
    processed.push(
      batch.giveUp === undefined
        ? processMail(mail, location, attempt.number, deps.analyze)
        : failMail(mail, location, attempt.number, batch.giveUp),
    );
    if (performance.now() - turn > TURN_MS) {
      await setImmediate();
      turn = performance.now();
    }
  }
  if (processed.length > 0) await commitAll(processed, attempt, deps);
}

/** One mail, from bytes to verdict. Pure but for the hash; an exception of the core makes a failed mail, not a failed batch. */
export function processMail(mail: FetchedMail, location: Location, attempts: number, options: AnalyzeOptions): ProcessedMail {
  const base = frame(mail, location, attempts);
  try {
    const report = analyze(parseMail(mail.raw), { ...options, arrivedAt: mail.receivedAt });
    return { ...base, outcome: { ok: true, report: base.truncated ? withLimit(report, mail) : report } };
  } catch (error) {
    return { ...base, outcome: { ok: false, error: `The mail could not be read: ${describeError(error)}` } };
  }
}

function failMail(mail: FetchedMail, location: Location, attempts: number, error: string): ProcessedMail {
  return { ...frame(mail, location, attempts), outcome: { ok: false, error } };
}

function frame(mail: FetchedMail, location: Location, attempts: number): Omit<ProcessedMail, 'outcome'> {
  const truncated = mail.raw.length >= MAX_MAIL_BYTES && mail.size > mail.raw.length;
  const hash = createHash('sha256').update(mail.raw);
  if (truncated) hash.update(`\n${mail.size}`); // two long mails may well begin alike
  return {
    location,
    receivedAt: mail.receivedAt,
    size: mail.size,
    truncated,
    contentHash: hash.digest(),
    raw: mail.raw,
    attempts,
  };
}

function withLimit(report: BounceReport, mail: FetchedMail): BounceReport {
  return { ...report, limits: [...report.limits, `read the first ${mail.raw.length} of ${mail.size} bytes`] };
}

async function commitAll(mails: readonly ProcessedMail[], attempt: Attempt, deps: ProcessDeps): Promise<void> {
  const commit = async (some: readonly ProcessedMail[]) => {
    const result = await patiently(() => deps.store.commit(some), deps);
    deps.onCommitted?.(result, some);
  };
  try {
    return await commit(mails);
  } catch (error) {
    if (error instanceof PutBack) throw error;
    if (mails.length === 1) return commitRefused(mails[0]!, error, attempt, commit);
  }
  // One by one: what can be committed is, and only then the job is tried again for the rest.
  let refusal: unknown = null;
  for (const mail of mails) {
    try {
      await commit([mail]);
    } catch (error) {
      if (error instanceof PutBack) throw error;
      await commitRefused(mail, error, attempt, commit).catch((again) => {
        if (again instanceof PutBack) throw again;
        refusal ??= again;
      });
    }
  }
  if (refusal !== null) throw refusal;
}

/** A mail whose row the database refuses, alone. It is tried again, since the refusal may be a fault of ours that passes, and at last kept as failed. */
async function commitRefused(
  mail: ProcessedMail,
  error: unknown,
  attempt: Attempt,
  commit: (mails: readonly ProcessedMail[]) => Promise<void>,
): Promise<void> {
  if (error instanceof PutBack || !attempt.last) throw error;
  await commit([{ ...mail, outcome: { ok: false, error: `The result could not be stored: ${describeError(error)}` } }]);
}

async function patiently<T>(work: () => Promise<T>, { signal, onWait }: ProcessDeps): Promise<T> {
  const backoff = new Backoff(250, 2000);
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof DatabaseUnavailableError || error instanceof DatabaseRefusedError)) throw error;
      if (signal.aborted) throw new PutBack('told to stop while the database is away');
      onWait?.(error);
      await pause(backoff.next(), signal);
    }
  }
}
