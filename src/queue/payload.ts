import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { FetchedMail, MailBatch } from '../pipeline/ports.ts';

/** The form of a job in the queue. Base64, since BullMQ's Postgres backend stores JSON, which cannot hold U+0000 there. */
const Payload = z.object({
  v: z.literal(1),
  mailboxId: z.number().int(),
  uidValidity: z.string().regex(/^\d+$/),
  giveUp: z.string().optional(),
  mails: z.array(z.object({ uid: z.number().int(), receivedAt: z.number(), size: z.number().int(), raw: z.base64() })).min(1),
});
export type Payload = z.infer<typeof Payload>;

export function encodeBatch(batch: MailBatch): Payload {
  return {
    v: 1,
    mailboxId: batch.mailboxId,
    uidValidity: batch.uidValidity.toString(),
    ...(batch.giveUp === undefined ? {} : { giveUp: batch.giveUp }),
    mails: batch.mails.map((mail) => ({
      uid: mail.uid,
      receivedAt: mail.receivedAt.getTime(),
      size: mail.size,
      raw: Buffer.from(mail.raw.buffer, mail.raw.byteOffset, mail.raw.byteLength).toString('base64'),
    })),
  };
}

/** Throws a ZodError for a job that this version did not write. */
export function decodeBatch(data: unknown): MailBatch {
  const payload = Payload.parse(data);
  return {
    mailboxId: payload.mailboxId,
    uidValidity: BigInt(payload.uidValidity),
    ...(payload.giveUp === undefined ? {} : { giveUp: payload.giveUp }),
    mails: payload.mails.map(
      (mail): FetchedMail => ({
        uid: mail.uid,
        receivedAt: new Date(mail.receivedAt),
        size: mail.size,
        raw: Buffer.from(mail.raw, 'base64'),
      }),
    ),
  };
}

/**
 * The same batch has the same id, so that adding it twice adds it once. BullMQ refuses ids with `:` and ids that are whole
 * numbers; a batch to be given up differs from the one that failed.
 */
export function jobIdOf(batch: MailBatch): string {
  const hash = createHash('sha256');
  hash.update(`${batch.mailboxId} ${batch.uidValidity} ${batch.giveUp ?? ''}`);
  for (const { uid } of batch.mails) hash.update(` ${uid}`);
  return `m-${hash.digest('hex').slice(0, 40)}`;
}
