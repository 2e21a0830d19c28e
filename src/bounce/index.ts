import { domainOf, findAddresses, normalizeAddress } from './address.ts';
import { classify, type Verdict } from './classify.ts';
import { eventKind } from './event-kind.ts';
import { listedAddress, recipientsOf, sharedOriginals, signedEvent } from './listed.ts';
import { gather, type Material } from './material.ts';
import { readOriginal } from './original.ts';
import { readers } from './readers/index.ts';
import type { Reading } from './readers/reader.ts';
import type { AnalyzeOptions, BounceEvent, BounceReport, OriginalMail, ParsedMail, RecipientFields } from './report.ts';
import { checkSentTo } from './sent-to.ts';
import { shareOf } from './share.ts';
import { judgeTrust } from './trust.ts';

/**
 * The one door of the core: what a mail says, for each recipient, and why. Pure and synchronous; an unreadable mail is kind `other`,
 * never an exception.
 */
export function analyze(mail: ParsedMail, options: AnalyzeOptions = {}): BounceReport {
  const material = gather(mail);
  const original = readOriginal(material);
  const checked = checkSentTo(material, options);
  const base = {
    messageId: material.header('message-id'),
    from: material.from || null,
    subject: material.subject || null,
    original,
    returnPathSignature: checked.signature,
    trust: judgeTrust(original, checked.signature, options),
    limits: mail.limits,
  };
  for (const reader of readers) {
    const reading = reader.read(material);
    if (reading === null) continue;
    const recipients = recipientsOf(reading, checked, material);
    const senders = once(() => sendersOf(material, original));
    const shared = sharedOriginals(recipients);
    const found = distinct(recipients, (fields) => listedAddress(fields, shared)).map(([recipient, fields]) =>
      toEvent(recipient, fields, reading, material, senders),
    );
    const events = checked.signature === 'valid' ? signedEvent(found, checked.recipient!) : found;
    return { ...base, kind: reading.kind, reportingMta: reading.reportingMta, events, reader: reader.name };
  }
  return { ...base, kind: 'other', reportingMta: null, events: [], reader: 'none' };
}

/** Characters of a report's text that are weighed. */
const MAX_CONTEXT = 8000;

/** A report on hundreds of recipients costs no more than one with a few long answers. */
function cutAnswers(fields: RecipientFields, each: number): RecipientFields {
  const { diagnosticCode, context } = fields;
  if ((diagnosticCode?.length ?? 0) <= each && context.length <= each) return fields;
  return { ...fields, diagnosticCode: diagnosticCode?.slice(0, each) ?? null, context: context.slice(0, each) };
}

function toEvent(
  recipient: string,
  fields: RecipientFields,
  { kind, reportingMta, recipients, textIsShared = recipients.length > 1 }: Reading,
  material: Material,
  senders: () => ReadonlySet<string>,
): BounceEvent {
  const weighed = cutAnswers(fields, shareOf(recipients.length));
  const verdict =
    kind === 'auto_reply'
      ? VACATION
      : classify(weighed, {
          kind: eventKind(fields.action, kind),
          reportingMta,
          recipientDomain: domainOf(normalizeAddress(fields.finalRecipient ?? recipient)),
          recipient,
          get senders() {
            return senders();
          },
          // What the report says of one recipient decides nothing about another.
          text: (textIsShared ? weighed.context : material.text).slice(0, MAX_CONTEXT),
        });
  return {
    recipient,
    originalRecipient: fields.originalRecipient,
    finalRecipient: fields.finalRecipient,
    action: fields.action,
    diagnosticCode: fields.diagnosticCode,
    remoteMta: fields.remoteMta,
    ...verdict,
    confidence: fields.addressConfidence === 'low' ? 'low' : verdict.confidence,
  };
}

/** Most answers name the recipient, and the senders need not be known. */
function once<T extends object>(make: () => T): () => T {
  let made: T | null = null;
  return () => {
    made ??= make();
    return made;
  };
}

/** Look-up keys of the report's addressee and of the senders that the returned mail names. */
function sendersOf({ ownAddresses }: Material, { from, returnPath }: OriginalMail): ReadonlySet<string> {
  const returned = findAddresses(`${from ?? ''} ${returnPath ?? ''}`);
  return returned.length === 0 ? ownAddresses : new Set([...ownAddresses, ...returned.map(normalizeAddress)]);
}

/** An automatic answer says that the mail arrived, and nothing against the address. */
const VACATION: Verdict = {
  class: 'none',
  category: 'vacation',
  fault: 'unknown',
  status: null,
  reply: null,
  provider: 'other',
  rule: 'auto-reply',
  evidence: '',
  confidence: 'high',
  replyText: null,
};

/**
 * A recipient that the report names twice counts once: the first says what the later ones repeat. They are not judged at all, so that
 * a report which names one recipient thousands of times costs no more than its reading. Recipients without an address are left out.
 */
function distinct(
  all: readonly RecipientFields[],
  addressOf: (fields: RecipientFields) => string | null,
): readonly (readonly [recipient: string, fields: RecipientFields])[] {
  const byRecipient = new Map<string, readonly [string, RecipientFields]>();
  for (const fields of all) {
    const recipient = addressOf(fields);
    if (recipient === null) continue;
    const key = normalizeAddress(recipient);
    if (!byRecipient.has(key)) byRecipient.set(key, [recipient, fields]);
  }
  return [...byRecipient.values()];
}
