import { inflateRawSync } from 'node:zlib';
import type { CollectStore, Lease, ProcessStore } from '../pipeline/ports.ts';
import type { FailedMail, RetryStore } from '../pipeline/retry.ts';
import type { Rule } from '../suppression/rules.ts';
import { openPrisma, type Prisma } from './client.ts';
import { commitMails, commitRetried } from './commit.ts';
import { databaseError, isAboutData, isBug, isConflict } from './faults.ts';
import { takeLease } from './lease.ts';
import { type MailboxIdentity, registerMailbox, saveRound } from './mailboxes.ts';
import { committedMails, markGone, markSettled } from './messages.ts';
import { dropOldRaw } from './retention.ts';

/** A transaction is given up after this; a batch takes some tens of milliseconds. */
const TRANSACTION_MS = 60_000;
/** Deadlocks and lost races are run again this often. */
const CONFLICT_RETRIES = 5;

export interface Store extends CollectStore, ProcessStore, RetryStore {
  /** For reads that only one command makes. */
  readonly prisma: Prisma;
  registerMailbox(mailbox: MailboxIdentity): Promise<number>;
  takeLease(mailboxId: number, signal: AbortSignal, onWait?: () => void): Promise<Lease | null>;
  /** Drops raw mail older than `days` days; gives back how many. */
  dropOldRaw(days: number): Promise<number>;
  close(): Promise<void>;
}

export interface StoreOptions {
  readonly rules: readonly Rule[];
  /** Whether raw mail is kept at all (RAW_RETENTION_DAYS > 0). */
  readonly keepRaw: boolean;
  /** Size of the pool. */
  readonly connections?: number;
}

/**
 * The database behind the ports of the pipeline. Every method throws DatabaseUnavailableError where waiting may help and
 * DatabaseRefusedError where a person must act; other errors are about the data of that call.
 */
export async function openStore(databaseUrl: string, options: StoreOptions): Promise<Store> {
  const prisma = openPrisma(databaseUrl, options.connections ?? 10);
  const policy = { rules: options.rules };

  async function guarded<T>(work: () => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await work();
      } catch (error) {
        if (isAboutData(error) || isBug(error)) throw error;
        if (isConflict(error) && attempt < CONFLICT_RETRIES) continue;
        throw databaseError(error, databaseUrl);
      }
    }
  }
  const transaction = { maxWait: 10_000, timeout: TRANSACTION_MS };

  return {
    prisma,
    registerMailbox: (mailbox) => guarded(() => registerMailbox(prisma, mailbox)),
    takeLease: (mailboxId, signal, onWait) => takeLease(databaseUrl, mailboxId, signal, onWait),
    committed: (mailboxId, uidValidity, uids) => guarded(() => committedMails(prisma, mailboxId, uidValidity, uids)),
    markSettled: (mailboxId, uidValidity, uids) => guarded(() => markSettled(prisma, mailboxId, uidValidity, uids)),
    markGone: (mailboxId, uidValidity, listed, highest) =>
      guarded(() => markGone(prisma, mailboxId, uidValidity, listed, highest)),
    saveRound: (mailboxId, round) => guarded(() => saveRound(prisma, mailboxId, round)),
    commit: (mails) => guarded(() => prisma.$transaction((tx) => commitMails(tx, mails, policy, options.keepRaw), transaction)),
    commitRetried: (id, mail) =>
      guarded(() => prisma.$transaction((tx) => commitRetried(tx, id, mail, policy, options.keepRaw), transaction)),
    failedMails: (afterId, limit, ids) => guarded(() => failedMails(prisma, afterId, limit, ids)),
    dropOldRaw: (days) => guarded(() => dropOldRaw(prisma, days)),
    close: () => prisma.$disconnect(),
  };
}

async function failedMails(prisma: Prisma, afterId: bigint, limit: number, ids?: readonly bigint[]): Promise<FailedMail[]> {
  const rows = await prisma.message.findMany({
    where: { outcome: 'failed', id: { gt: afterId, ...(ids ? { in: [...ids] } : {}) } },
    orderBy: { id: 'asc' },
    take: limit,
  });
  return rows.map((row) => ({
    id: row.id,
    location: { mailboxId: row.mailboxId, uidValidity: row.uidValidity, uid: Number(row.uid) },
    receivedAt: row.receivedAt,
    size: row.size,
    error: row.error ?? '',
    raw: row.raw === null ? null : inflateRawSync(row.raw),
  }));
}
