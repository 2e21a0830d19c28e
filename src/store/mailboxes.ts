import { MAX_STORED } from '../limits.ts';
import type { RoundState } from '../pipeline/ports.ts';
import { clean } from './clean.ts';
import type { Prisma } from './client.ts';

export interface MailboxIdentity {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly folder: string;
}

/** The row of a configured mailbox, made when it is new; its identity is host, user and folder. Gives back its id. */
export async function registerMailbox(prisma: Prisma, mailbox: MailboxIdentity): Promise<number> {
  const { name, host, port, user, folder } = mailbox;
  // The label is unique; where another account has it already, the host tells them apart.
  const rows = await prisma.$queryRaw<{ id: number }[]>`
    INSERT INTO mailboxes (name, host, port, username, folder)
    VALUES (CASE WHEN EXISTS (SELECT FROM mailboxes WHERE name = ${name} AND (host, username, folder) <> (${host}, ${user}, ${folder}))
                 THEN ${`${name} (${host} ${folder})`} ELSE ${name} END, ${host}, ${port}, ${user}, ${folder})
    ON CONFLICT (host, username, folder) DO UPDATE SET port = excluded.port
    RETURNING id`;
  return rows[0]!.id;
}

/** What the last round found, for report.pipeline. */
export async function saveRound(prisma: Prisma, id: number, round: RoundState): Promise<void> {
  if (round.error !== null) {
    await prisma.$executeRaw`
      UPDATE mailboxes SET last_poll_at = now(), last_error = ${clean(round.error, MAX_STORED.text)}, last_error_at = now() WHERE id = ${id}`;
    return;
  }
  await prisma.$executeRaw`
    UPDATE mailboxes SET last_poll_at = now(), last_success_at = now(), last_error = NULL,
      uid_validity = coalesce(${round.uidValidity ?? null}::bigint, uid_validity), waiting = coalesce(${round.waiting ?? null}::int, waiting),
      oldest_unsettled_at = ${round.oldestUnsettledAt ?? null}::timestamptz
    WHERE id = ${id}`;
}

/** Seconds since a round over this mailbox was last done without an error, by whichever poller; null: never. */
export async function secondsSinceSuccess(
  prisma: Prisma,
  { host, user, folder }: Pick<MailboxIdentity, 'host' | 'user' | 'folder'>,
): Promise<number | null> {
  const rows = await prisma.$queryRaw<{ age: number | null }[]>`
    SELECT extract(epoch FROM clock_timestamp() - last_success_at)::float8 AS age FROM mailboxes
    WHERE (host, username, folder) = (${host}, ${user}, ${folder})`;
  return rows[0]?.age ?? null;
}
