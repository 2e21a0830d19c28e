import { analyze } from '../bounce/index.ts';
import { gather } from '../bounce/material.ts';
import type { AnalyzeOptions, BounceEvent, BounceReport, ParsedMail } from '../bounce/report.ts';
import { type Explanation, explainVerdict } from './answer.ts';
import { type FixItOwner, isOnSide, readFixItOwner } from './fix-it-owner.ts';
import { presetOutcomes } from './outcome.ts';
import { isAddressee, type ReturnedMail, readReturned } from './returned.ts';

/** What a report says of one recipient, and what that means. */
export interface RecipientExplanation {
  readonly event: BounceEvent;
  readonly explanation: Explanation;
  /** Who refused: the remote server, else the one that wrote the report. */
  readonly refusedBy: string | null;
  /** Neither the failed address nor the original one stands in To or Cc of the mail that came back. */
  readonly differsFromTo: boolean;
  /** SPF did not pass and the answer is one that follows from it. */
  readonly spfIsCause: boolean;
  /** The report's picture names another side than the tables. */
  readonly ownerDiffers: boolean;
}

/** A whole report, explained. */
export interface MailExplanation {
  readonly report: BounceReport;
  readonly recipients: readonly RecipientExplanation[];
  readonly returned: ReturnedMail;
  readonly fixItOwner: FixItOwner | null;
  /** Whether the mail that came back is ours; null where nothing came back or no domain of ours is known. */
  readonly ours: boolean | null;
  /** Internal names of Exchange (IMCEAEX, X.500) that the report gives for recipients: no address on anybody's list. */
  readonly internalNames: readonly string[];
}

/** Codes that follow from a failed SPF. */
const OF_SPF: ReadonlySet<string> = new Set(['5.7.23', '5.7.509', '4.7.26']);

/** Reads a mail as the pipeline does and says of each recipient what it means. Pure; never throws. */
export function explainMail(mail: ParsedMail, options: AnalyzeOptions = {}): MailExplanation {
  const report = analyze(mail, options);
  const { text, returned: header, deliveryStatus } = gather(mail);
  const returned = readReturned(header, text);
  const fixItOwner = readFixItOwner(text);
  const recipients = report.events.map((event) => {
    const explanation = explainEvent(event, report);
    const actor = explanation.decided ? explanation.meanings[0]!.actor : null;
    return {
      event,
      explanation,
      refusedBy: event.remoteMta ?? report.reportingMta,
      differsFromTo: event.class !== 'none' && !isAddressee(returned, event.recipient, event.originalRecipient),
      spfIsCause: returned.spf !== null && returned.spf.result !== 'pass' && OF_SPF.has(event.status ?? ''),
      ownerDiffers: fixItOwner !== null && actor !== null && !isOnSide(actor, fixItOwner.side),
    };
  });
  const fields = deliveryStatus
    .flat(2)
    .filter(({ name }) => name.endsWith('-recipient'))
    .map(({ value }) => value);
  const known = header !== null && (options.senderDomains ?? []).length > 0;
  const ours = report.trust !== 'unverified' ? true : known ? false : null;
  return { report, ours, recipients, returned, fixItOwner, internalNames: internalNames([...fields, text].join('\n')) };
}

function explainEvent(event: BounceEvent, report: BounceReport): Explanation {
  const input = event.diagnosticCode ?? (event.evidence || event.status || event.reply || '');
  const explanation = explainVerdict(input, event);
  // A delay is decided by its kind, whatever the code.
  const kind = event.class === 'none' || event.category === 'feedback' ? undefined : report.kind;
  return kind === undefined ? explanation : { ...explanation, presets: presetOutcomes({ ...event, kind }) };
}

function internalNames(text: string): string[] {
  const found = text
    .slice(0, 65_536)
    .match(/(?<![\w-])IMCEA(?:EX|INVALID)?-[^\s<>"';]{1,400}|(?<![\w/])\/O=[^\n<>"';]{1,300}\/CN=[^\s<>"';]{1,200}/gi);
  return [...new Set(found ?? [])].slice(0, 50);
}

/** Fields that nearly every mail has, and hardly any other text. */
const MAIL_FIELDS: ReadonlySet<string> = new Set([
  'received',
  'return-path',
  'from',
  'to',
  'subject',
  'date',
  'message-id',
  'mime-version',
  'content-type',
  'delivered-to',
]);

/** Whether a text that was taken for a mail is one: two of the usual fields stand in its header. */
export function isMail({ root }: ParsedMail): boolean {
  return new Set(root.headers.map(({ name }) => name).filter((name) => MAIL_FIELDS.has(name))).size >= 2;
}
