import type { AnalyzeOptions, BounceReport } from '../bounce/report.ts';
import type { Location, ProcessedMail } from './ports.ts';
import { processMail } from './process.ts';

/** A failed mail as stored. */
export interface FailedMail {
  readonly id: bigint;
  readonly location: Location;
  readonly receivedAt: Date;
  readonly size: number;
  readonly error: string;
  /** Null where RAW_RETENTION_DAYS has passed. */
  readonly raw: Uint8Array | null;
}

export interface RetryStore {
  /** Failed mails with an id above `after`, ascending. */
  failedMails(after: bigint, limit: number, ids?: readonly bigint[]): Promise<FailedMail[]>;
  /** Replaces a failed row by a new verdict; false if it is not failed any more. */
  commitRetried(id: bigint, mail: ProcessedMail): Promise<boolean>;
}

export interface Retried {
  readonly id: bigint;
  /** The error it had. */
  readonly before: string;
  /** The verdict it has now, or the error that remains. */
  readonly after: { readonly report: BounceReport } | { readonly error: string };
}

/** Runs failed mails again from their stored bytes, one after the other; a mail that fails again stays failed, with its new error. */
export async function* retryFailed(store: RetryStore, options: AnalyzeOptions, ids?: readonly bigint[]): AsyncGenerator<Retried> {
  let after = 0n;
  for (;;) {
    const mails = await store.failedMails(after, 50, ids);
    if (mails.length === 0) return;
    for (const mail of mails) {
      after = mail.id;
      yield { id: mail.id, before: mail.error, after: await retryOne(store, mail, options) };
    }
  }
}

async function retryOne(store: RetryStore, mail: FailedMail, options: AnalyzeOptions): Promise<Retried['after']> {
  if (mail.raw === null)
    return { error: 'its bytes are not stored any more; put it back into the mailbox from the failed folder' };
  const fetched = { uid: mail.location.uid, receivedAt: mail.receivedAt, size: mail.size, raw: mail.raw };
  const processed = processMail(fetched, mail.location, 1, options);
  if (!(await store.commitRetried(mail.id, processed))) return { error: 'another run has dealt with it meanwhile' };
  return processed.outcome.ok ? { report: processed.outcome.report } : { error: processed.outcome.error };
}
