import { deflateRawSync } from 'node:zlib';
import { domainOf, normalizeAddress } from '../bounce/address.ts';
import { eventKind } from '../bounce/event-kind.ts';
import type { BounceEvent, BounceReport } from '../bounce/report.ts';
import { MAX_STORED } from '../limits.ts';
import type { CommitResult, ProcessedMail } from '../pipeline/ports.ts';
import { clean, cleanOrNull } from './clean.ts';
import type { Transaction } from './client.ts';
import { applyRules, type NewBounce, type SuppressionPolicy } from './suppress.ts';

// One statement a table and batch: rows go over as one JSON value, which Postgres turns into rows of the table itself. Against
// one insert a row this is some fifty times cheaper, and it needs neither a parameter a column nor a length limit.

/** Addresses longer than this are no addresses (RFC 5321 §4.5.3.1 allows 320), and an index entry holds 2,700 bytes. */
const MAX_ADDRESS = 320;
/** Columns that are indexed and may hold any text. */
const MAX_INDEXED = 500;

/**
 * Writes a batch of processed mails: messages, bounces, suppression changes. Within one transaction, and once however often it
 * is called: a mail is known by its place (mailbox, UIDVALIDITY, UID) and by its content hash.
 */
export async function commitMails(
  tx: Transaction,
  mails: readonly ProcessedMail[],
  policy: SuppressionPolicy,
  keepRaw: boolean,
): Promise<CommitResult> {
  // Two workers with the same contents wait for one another at the unique index: in one order, never in a circle.
  const sorted = [...mails].sort((a, b) => Buffer.compare(a.contentHash, b.contentHash));
  const inserted = await insertMessages(tx, sorted, keepRaw);
  const left = sorted.filter((mail) => !inserted.has(placeOf(mail)));
  const duplicates = left.length > 0 ? await insertDuplicates(tx, left) : 0;

  const stored = sorted.filter((mail) => mail.outcome.ok && inserted.has(placeOf(mail)));
  const bounces = await insertBounces(tx, stored, inserted);
  const changes = await applyRules(tx, bounces, policy);

  const failed = sorted.filter((mail) => !mail.outcome.ok && inserted.has(placeOf(mail))).length;
  return {
    stored: stored.length,
    duplicates,
    known: left.length - duplicates,
    failed,
    bounces: bounces.length,
    flagged: changes.flagged,
    held: changes.held,
  };
}

/** Replaces a failed row by the verdict that a new run gave: for `rebound retry`. Gives back false if it is not failed any more. */
export async function commitRetried(
  tx: Transaction,
  id: bigint,
  mail: ProcessedMail,
  policy: SuppressionPolicy,
  keepRaw: boolean,
): Promise<boolean> {
  const row = messageRow(mail, keepRaw);
  const updated = await tx.$executeRaw`
    UPDATE messages m SET outcome = r.outcome, kind = r.kind, reader = r.reader, message_id = r.message_id, sender = r.sender,
      subject = r.subject, reporting_mta = r.reporting_mta, trust = r.trust, original_message_id = r.original_message_id,
      original_from = r.original_from, original_to = r.original_to, original_subject = r.original_subject,
      original_date = r.original_date, list_id = r.list_id, feedback_id = r.feedback_id, campaign = r.campaign,
      return_path = r.return_path, limits = r.limits, error = r.error, attempts = m.attempts + 1, raw = coalesce(r.raw, CASE WHEN r.outcome = 'failed' THEN m.raw END)
    FROM json_populate_record(NULL::messages, ${JSON.stringify(row)}::json) r
    WHERE m.id = ${id} AND m.outcome = 'failed'`;
  if (updated === 0) return false;
  if (mail.outcome.ok) await applyRules(tx, await insertBounces(tx, [mail], new Map([[placeOf(mail), id]])), policy);
  return true;
}

const placeOf = (mail: ProcessedMail) => `${mail.location.mailboxId}/${mail.location.uidValidity}/${mail.location.uid}`;

async function insertMessages(tx: Transaction, mails: readonly ProcessedMail[], keepRaw: boolean): Promise<Map<string, bigint>> {
  const rows = JSON.stringify(mails.map((mail) => messageRow(mail, keepRaw)));
  const inserted = await tx.$queryRaw<{ id: bigint; mailbox_id: number; uid_validity: bigint; uid: bigint }[]>`
    INSERT INTO messages (mailbox_id, uid_validity, uid, content_hash, size, truncated, received_at, outcome, kind, reader, message_id, sender,
      subject, reporting_mta, trust, original_message_id, original_from, original_to, original_subject, original_date, list_id, feedback_id,
      campaign, return_path, limits, error, attempts, raw)
    SELECT mailbox_id, uid_validity, uid, content_hash, size, truncated, received_at, outcome, kind, reader, message_id, sender,
      subject, reporting_mta, trust, original_message_id, original_from, original_to, original_subject, original_date, list_id, feedback_id,
      campaign, return_path, limits, error, attempts, raw
    FROM json_populate_recordset(NULL::messages, ${rows}::json)
    ON CONFLICT DO NOTHING
    RETURNING id, mailbox_id, uid_validity, uid`;
  return new Map(inserted.map((row) => [`${row.mailbox_id}/${row.uid_validity}/${row.uid}`, row.id]));
}

/** Mails whose place or content is known: a known place is done; a known content at a new place becomes a duplicate. */
async function insertDuplicates(tx: Transaction, mails: readonly ProcessedMail[]): Promise<number> {
  const rows = JSON.stringify(mails.map((mail) => messageRow(mail, false)));
  return tx.$executeRaw`
    INSERT INTO messages (mailbox_id, uid_validity, uid, content_hash, size, truncated, received_at, outcome, duplicate_of, kind, reader,
      message_id, sender, subject, reporting_mta, trust, original_message_id, limits, attempts)
    SELECT n.mailbox_id, n.uid_validity, n.uid, n.content_hash, n.size, n.truncated, n.received_at, 'duplicate', o.id, o.kind, o.reader,
      o.message_id, o.sender, o.subject, o.reporting_mta, o.trust, o.original_message_id, n.limits, n.attempts
    FROM json_populate_recordset(NULL::messages, ${rows}::json) n
    JOIN messages o ON o.content_hash = n.content_hash AND o.outcome <> 'duplicate'
      AND (o.mailbox_id, o.uid_validity, o.uid) <> (n.mailbox_id, n.uid_validity, n.uid)
    ON CONFLICT DO NOTHING`;
}

async function insertBounces(
  tx: Transaction,
  mails: readonly ProcessedMail[],
  ids: ReadonlyMap<string, bigint>,
): Promise<NewBounce[]> {
  const rows = mails.flatMap((mail) => {
    const { report } = mail.outcome as { report: BounceReport };
    return report.events.map((event) => bounceRow(mail, report, event, ids.get(placeOf(mail))!));
  });
  if (rows.length === 0) return [];
  const inserted = await tx.$queryRaw<{ id: bigint; message_id: bigint; recipient_key: string }[]>`
    INSERT INTO bounces (message_id, mailbox_id, "time", kind, recipient, recipient_key, recipient_domain, original_recipient, final_recipient,
      action, class, category, fault, status, reply, diagnostic_code, remote_mta, reporting_mta, provider, campaign, list_id,
      original_message_id, trust, rule, evidence, confidence, reply_text)
    SELECT message_id, mailbox_id, "time", kind, recipient, recipient_key, recipient_domain, original_recipient, final_recipient,
      action, class, category, fault, status, reply, diagnostic_code, remote_mta, reporting_mta, provider, campaign, list_id,
      original_message_id, trust, rule, evidence, confidence, reply_text
    FROM json_populate_recordset(NULL::bounces, ${JSON.stringify(rows)}::json)
    ON CONFLICT DO NOTHING
    RETURNING id, message_id, recipient_key`;
  const byKey = new Map(rows.map((row) => [`${row.message_id} ${row.recipient_key}`, row]));
  return inserted.map(({ id, message_id, recipient_key }) => ({ ...byKey.get(`${message_id} ${recipient_key}`)!, id }));
}

export type BounceRow = ReturnType<typeof bounceRow>;

function bounceRow(mail: ProcessedMail, report: BounceReport, event: BounceEvent, messageId: bigint) {
  const key = recipientKey(event);
  const { line, text } = MAX_STORED;
  return {
    message_id: messageId.toString(),
    mailbox_id: mail.location.mailboxId,
    time: mail.receivedAt.toISOString(),
    kind: eventKind(event.action, report.kind),
    recipient: clean(event.recipient, MAX_ADDRESS),
    recipient_key: key,
    recipient_domain: domainOf(key) ?? '',
    original_recipient: cleanOrNull(event.originalRecipient, MAX_ADDRESS),
    final_recipient: cleanOrNull(event.finalRecipient, MAX_ADDRESS),
    action: event.action,
    class: event.class,
    category: event.category,
    fault: event.fault,
    status: event.status,
    reply: event.reply,
    diagnostic_code: cleanOrNull(event.diagnosticCode, text),
    remote_mta: cleanOrNull(event.remoteMta, line),
    reporting_mta: cleanOrNull(report.reportingMta, line),
    provider: event.provider,
    campaign: cleanOrNull(report.original.campaign, MAX_INDEXED),
    list_id: cleanOrNull(report.original.listId, line),
    original_message_id: cleanOrNull(report.original.messageId, line),
    trust: report.trust,
    rule: event.rule,
    evidence: clean(event.evidence, line),
    confidence: event.confidence,
    reply_text: cleanOrNull(event.replyText, MAX_INDEXED),
  };
}

const recipientKey = (event: BounceEvent) => clean(normalizeAddress(event.recipient), MAX_ADDRESS);

function messageRow(mail: ProcessedMail, keepRaw: boolean) {
  const { line } = MAX_STORED;
  const report = mail.outcome.ok ? mail.outcome.report : null;
  const original = report?.original;
  // A failed mail is kept whatever the retention says: it is all that a later try has.
  const raw =
    report === null || (keepRaw && report.kind !== 'other')
      ? `\\x${deflateRawSync(mail.raw, { level: 1 }).toString('hex')}`
      : null;
  return {
    mailbox_id: mail.location.mailboxId,
    uid_validity: mail.location.uidValidity.toString(),
    uid: mail.location.uid,
    content_hash: `\\x${Buffer.from(mail.contentHash).toString('hex')}`,
    size: mail.size,
    truncated: mail.truncated,
    received_at: mail.receivedAt.toISOString(),
    outcome: mail.outcome.ok ? 'stored' : 'failed',
    kind: report?.kind ?? 'other',
    reader: report?.reader ?? null,
    message_id: cleanOrNull(report?.messageId ?? null, line),
    sender: cleanOrNull(report?.from ?? null, line),
    subject: cleanOrNull(report?.subject ?? null, line),
    reporting_mta: cleanOrNull(report?.reportingMta ?? null, line),
    trust: report?.trust ?? 'unverified',
    original_message_id: cleanOrNull(original?.messageId ?? null, line),
    original_from: cleanOrNull(original?.from ?? null, line),
    original_to: cleanOrNull(original?.to ?? null, line),
    original_subject: cleanOrNull(original?.subject ?? null, line),
    original_date: cleanOrNull(original?.date ?? null, line),
    list_id: cleanOrNull(original?.listId ?? null, line),
    feedback_id: cleanOrNull(original?.feedbackId ?? null, line),
    campaign: cleanOrNull(original?.campaign ?? null, MAX_INDEXED),
    return_path: cleanOrNull(original?.returnPath ?? null, line),
    limits: (report?.limits ?? []).map((limit) => clean(limit, line)),
    error: mail.outcome.ok ? null : clean(mail.outcome.error, MAX_STORED.text),
    attempts: mail.attempts,
    raw,
  };
}
