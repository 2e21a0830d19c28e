import { UIDS_PER_QUERY } from '../limits.ts';
import type { CommittedMail } from '../pipeline/ports.ts';
import type { Prisma } from './client.ts';

/** Which of these UIDs have a committed row, and what became of it. */
export async function committedMails(
  prisma: Prisma,
  mailboxId: number,
  uidValidity: bigint,
  uids: readonly number[],
): Promise<CommittedMail[]> {
  const found: CommittedMail[] = [];
  for (let start = 0; start < uids.length; start += UIDS_PER_QUERY) {
    const part = uids.slice(start, start + UIDS_PER_QUERY);
    const rows = await prisma.$queryRaw<
      { uid: bigint; kind: CommittedMail['kind']; outcome: CommittedMail['outcome']; settled: boolean }[]
    >`
      SELECT uid, kind, outcome, settled_at IS NOT NULL AS settled FROM messages
      WHERE mailbox_id = ${mailboxId} AND uid_validity = ${uidValidity} AND uid = ANY(${part}::bigint[])`;
    for (const row of rows) found.push({ ...row, uid: Number(row.uid) });
  }
  return found;
}

/**
 * Stamps mails that are not in the mailbox any more although no settling was noted: the poller was ended between the two. `listed` are
 * all UIDs that are there, `highest` the highest that was ever seen.
 */
export async function markGone(
  prisma: Prisma,
  mailboxId: number,
  uidValidity: bigint,
  listed: readonly number[],
  highest: number,
): Promise<void> {
  await prisma.$executeRaw`
    UPDATE messages SET settled_at = now()
    WHERE mailbox_id = ${mailboxId} AND uid_validity = ${uidValidity} AND settled_at IS NULL AND (kind <> 'other' OR outcome = 'failed')
      AND uid <= ${highest} AND uid <> ALL(${[...listed]}::bigint[])`;
}

/** Stamps the time at which mails were settled on IMAP. */
export async function markSettled(
  prisma: Prisma,
  mailboxId: number,
  uidValidity: bigint,
  uids: readonly number[],
): Promise<void> {
  await prisma.$executeRaw`
    UPDATE messages SET settled_at = now()
    WHERE mailbox_id = ${mailboxId} AND uid_validity = ${uidValidity} AND uid = ANY(${[...uids]}::bigint[]) AND settled_at IS NULL`;
}
