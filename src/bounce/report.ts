import type { Authentication } from './authentication.ts';
import type { Signature } from './return-path.ts';
import type { ReturnPathKey } from './return-path-keys.ts';
import type { Action, BounceClass, Category, Confidence, Fault, Kind, Trust } from './vocabulary.ts';

/** One header field; `name` in lower case, `value` unfolded, RFC 2047 words decoded, trimmed. */
export interface Header {
  readonly name: string;
  readonly value: string;
}

/**
 * One MIME part. Multiparts and `message/rfc822` have `children` (the embedded message is one child whose headers are the
 * returned mail's); every other part has `text`: transfer encoding and charset undone, line ends as LF, cut at a bound.
 */
export interface Part {
  /** Lower-case `type/subtype`; `text/plain` where the header is missing (RFC 2045 §5.2). */
  readonly type: string;
  /** Parameters of Content-Type, names in lower case (`report-type`, `charset`, `name`, …). */
  readonly params: Readonly<Record<string, string>>;
  readonly headers: readonly Header[];
  readonly text: string;
  readonly children: readonly Part[];
}

/** A mail as the core sees it. `root` is the mail itself: its headers are the mail's headers. */
export interface ParsedMail {
  readonly root: Part;
  /** Bounds that cut something, in words for the row: `nesting over 20`, `parts over 500`, … Empty for a sound mail. */
  readonly limits: readonly string[];
}

/** What a reader reads for one recipient, before anything is judged. Every field only if it stands in the mail. */
export interface RecipientFields {
  /** Final-Recipient, or the address the text names as failed. */
  readonly finalRecipient: string | null;
  /** Original-Recipient: the address as the sender wrote it (RFC 3464 §2.3.1). */
  readonly originalRecipient: string | null;
  readonly action: Action | null;
  /** The report's own Status field (RFC 3464 §2.3.4); may differ from the remote answer's. */
  readonly reportStatus: string | null;
  /** The remote words, type prefix (`smtp;`) taken off. */
  readonly diagnosticCode: string | null;
  readonly diagnosticType: string | null;
  /** Remote-MTA (§2.3.5): who refused. */
  readonly remoteMta: string | null;
  /** The SMTP command at fault, where the report tells: `connect`, `ehlo`, `mail`, `rcpt`, `data`, `eod`. */
  readonly command: SmtpCommand | null;
  /** More words about this recipient from the report's text part, for the phrases; not the returned mail. */
  readonly context: string;
  /** Low where the address was inferred (for example from the returned To), not named as failed. */
  readonly addressConfidence: Confidence;
}

export type SmtpCommand = 'connect' | 'ehlo' | 'mail' | 'rcpt' | 'data' | 'eod';

/** The verdict on one recipient of one report: a row of `bounces`. */
export interface BounceEvent {
  /** The address on the sender's list: signed return path, else original, else final recipient, else the text. */
  readonly recipient: string;
  readonly originalRecipient: string | null;
  readonly finalRecipient: string | null;
  /** Further ones, where the address is known by a signed return path and led to several (an alias). */
  readonly otherFinalRecipients?: readonly string[];
  readonly action: Action | null;
  readonly class: BounceClass;
  readonly category: Category;
  readonly fault: Fault;
  /** Enhanced status code (RFC 3463) of the remote answer; the report's own where there was no remote answer. */
  readonly status: string | null;
  /** Three-digit SMTP reply code (RFC 5321 §4.2). */
  readonly reply: string | null;
  readonly diagnosticCode: string | null;
  readonly remoteMta: string | null;
  readonly provider: string;
  /** Name of the rule that decided class and category. */
  readonly rule: string;
  /** The line or field that the rule rests on. */
  readonly evidence: string;
  readonly confidence: Confidence;
  /** The reply with addresses, ids, IP addresses and times taken out, so that equal ones group. */
  readonly replyText: string | null;
}

/** What the returned mail tells of itself; each null where it did not come back. */
export interface OriginalMail {
  readonly messageId: string | null;
  readonly from: string | null;
  readonly to: string | null;
  readonly subject: string | null;
  readonly date: string | null;
  readonly listId: string | null;
  readonly listUnsubscribe: string | null;
  readonly feedbackId: string | null;
  /** As its mailer names it (tables/campaign-headers.ts). */
  readonly campaign: string | null;
  readonly returnPath: string | null;
  /** Whom an unsigned VERP in `returnPath` names, in the likeliest way to read it. A hint, no proof. */
  readonly verpRecipient: string | null;
  /** SPF, DKIM and DMARC as whoever received it judged them. */
  readonly authentication: Authentication | null;
}

/** The verdict on a mail. */
export interface BounceReport {
  readonly kind: Kind;
  /** Message-ID of the report itself. */
  readonly messageId: string | null;
  readonly from: string | null;
  readonly subject: string | null;
  readonly reportingMta: string | null;
  readonly original: OriginalMail;
  readonly trust: Trust;
  /** What the signature of the return path to which it was sent is worth; `unsigned` also where no keys are given. */
  readonly returnPathSignature: Signature;
  /** One event a recipient; empty for kind `other`. That of an `auto_reply` names who answered (class `none`, category `vacation`). */
  readonly events: readonly BounceEvent[];
  /** The reader that understood the mail (`rfc3464`, `exchange`, …), or `none`. */
  readonly reader: string;
  readonly limits: readonly string[];
}

/** What the core has to be told to judge trust. Values, not places to look them up. */
export interface AnalyzeOptions {
  /** Domains that we send from, lower case: a returned mail from one of them is `correlated`. */
  readonly senderDomains?: readonly string[];
  /** Keys of signed return paths (`signReturnPath`): a report to one of them is `signed`. */
  readonly returnPathKeys?: readonly ReturnPathKey[];
  /** When the report arrived. Signed return paths are valid for some days only: without it none is checked. */
  readonly arrivedAt?: Date;
}
