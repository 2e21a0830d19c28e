import type { BounceReport } from '../bounce/report.ts';
import type { Kind } from '../bounce/vocabulary.ts';

/** A UID counts only together with the UIDVALIDITY of its mailbox (RFC 9051 §2.3.1.1). */
export interface Location {
  readonly mailboxId: number;
  readonly uidValidity: bigint;
  readonly uid: number;
}

/** A mail as fetched: bounded bytes. */
export interface FetchedMail {
  readonly uid: number;
  /** INTERNALDATE: when it reached the mailbox. */
  readonly receivedAt: Date;
  /** RFC822.SIZE: bytes of the whole mail. */
  readonly size: number;
  /** The first bytes of it, at most MAX_MAIL_BYTES. */
  readonly raw: Uint8Array;
}

/** What the poller asks of the mailbox. All sets of UIDs go out as few commands; none of these is called concurrently. */
export interface MailboxPort {
  /** Opens the folder. Throws MailboxLoginError, MailboxUnreachableError, MailboxFolderError. */
  open(): Promise<{ uidValidity: bigint }>;
  /** All UIDs now in the folder above `after`, ascending. */
  list(after?: number): Promise<number[]>;
  /** Whether mail has arrived since the last list. */
  readonly arrived: boolean;
  /** The mails of these UIDs that are still there, one after the other. */
  fetch(uids: readonly number[]): AsyncIterable<FetchedMail>;
  /** INTERNALDATE of one mail, or null if it is gone. */
  arrival(uid: number): Promise<Date | null>;
  /** Marks, moves, deletes or keeps them; UIDs that are gone are no error. */
  settle(uids: readonly number[], as: 'processed' | 'failed'): Promise<void>;
  /** Resolves when mail arrives (IDLE), after `ms`, or when `signal` aborts. */
  waitForMail(ms: number, signal: AbortSignal): Promise<void>;
  close(): Promise<void>;
}

/** A committed row, as far as the poller needs it. */
export interface CommittedMail {
  readonly uid: number;
  readonly kind: Kind;
  readonly outcome: 'stored' | 'duplicate' | 'failed';
  readonly settled: boolean;
}

/** What the poller asks of the database. */
export interface CollectStore {
  committed(mailboxId: number, uidValidity: bigint, uids: readonly number[]): Promise<CommittedMail[]>;
  /** Stamps settled_at; informational. */
  markSettled(mailboxId: number, uidValidity: bigint, uids: readonly number[]): Promise<void>;
  /** Stamps mails as settled that are gone from the mailbox; `listed` is all that is there, `highest` the highest UID ever seen. */
  markGone(mailboxId: number, uidValidity: bigint, listed: readonly number[], highest: number): Promise<void>;
  saveRound(mailboxId: number, round: RoundState): Promise<void>;
}

export interface RoundState {
  readonly uidValidity?: bigint;
  /** Mails in the mailbox without a committed row. */
  readonly waiting?: number;
  readonly oldestUnsettledAt?: Date | null;
  /** Null: the round was done. */
  readonly error: string | null;
}

/** The lease of a mailbox: while held, no other poller works on it. */
export interface Lease {
  /** Throws once the lease is lost. */
  check(): Promise<void>;
  release(): Promise<void>;
}

/** The mails of one job, all of one mailbox. */
export interface MailBatch {
  readonly mailboxId: number;
  readonly uidValidity: bigint;
  readonly mails: readonly FetchedMail[];
  /** Set when these mails brought workers down: commit them as failed, with this error, without reading them. */
  readonly giveUp?: string;
}

/** What the poller asks of the queue. Calls fail fast with QueueUnavailableError while its server is away. */
export interface QueuePort {
  /** Puts batches into the queue, all or none; gives back the job ids, in order. */
  add(batches: readonly MailBatch[]): Promise<string[]>;
  /** What became of jobs: `live` (waiting, active or delayed), `failed`, or `gone` (done or lost). */
  states(jobIds: readonly string[]): Promise<Map<string, 'live' | 'failed' | 'gone'>>;
  /** Takes a failed job out of the queue. */
  discard(jobId: string): Promise<void>;
  /** Jobs not done yet, of all pollers. */
  backlog(): Promise<number>;
}

/** What the worker is told of the job in hand. */
export interface Attempt {
  /** From 1. */
  readonly number: number;
  /** No further try comes after this one. */
  readonly last: boolean;
}

/** A processed mail, ready to be committed. */
export interface ProcessedMail {
  readonly location: Location;
  readonly receivedAt: Date;
  readonly size: number;
  readonly truncated: boolean;
  readonly contentHash: Uint8Array;
  readonly raw: Uint8Array;
  readonly outcome: { readonly ok: true; readonly report: BounceReport } | { readonly ok: false; readonly error: string };
  readonly attempts: number;
}

export interface CommitResult {
  readonly stored: number;
  readonly duplicates: number;
  /** Already committed by an earlier run of the same job. */
  readonly known: number;
  readonly failed: number;
  readonly bounces: number;
  readonly flagged: number;
  readonly held: number;
}

/** What the worker asks of the database. */
export interface ProcessStore {
  /** Which of these UIDs have a committed row already. */
  committed(mailboxId: number, uidValidity: bigint, uids: readonly number[]): Promise<CommittedMail[]>;
  /**
   * Commits messages, bounces and suppression changes in one transaction, once however often it is called with the same mails.
   * Throws DatabaseUnavailableError when waiting may help; any other error is about the mails.
   */
  commit(mails: readonly ProcessedMail[]): Promise<CommitResult>;
}

/** Thrown by the worker when it is told to stop with a batch in hand: the job goes back into the queue, no attempt is counted. */
export class PutBack extends Error {
  override readonly name = 'PutBack';
}
