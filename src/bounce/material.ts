import { domainOf, findAddresses, normalizeAddress } from './address.ts';
import { type Field, readFieldGroups } from './fields.ts';
import { htmlToText } from './html.ts';
import { undoMojibake } from './mojibake.ts';
import type { Header, ParsedMail, Part } from './report.ts';
import { cutReturned, headersOf } from './returned-mail.ts';

/** Report text beyond this is not read: what went wrong stands at the beginning. */
const MAX_TEXT = 64 * 1024;

/** What the readers read: a mail laid out by what its parts are for. */
export interface Material {
  readonly mail: ParsedMail;
  readonly subject: string;
  /** From as written. */
  readonly from: string;
  /** `report-type` of a multipart/report (RFC 6522), lower case. */
  readonly reportType: string | null;
  /** The words for people, without the returned mail. */
  readonly text: string;
  /** Texts of the machine-readable parts by type, wherever they stand. */
  readonly deliveryStatus: readonly Field[][][];
  /** The same fields at the beginning of lines in a text: a report under a wrong type, or one that a person quotes. */
  readonly looseDeliveryStatus: readonly Field[][][];
  readonly feedbackReport: readonly Field[][] | null;
  readonly dispositionNotification: readonly Field[][] | null;
  /** Header of the returned mail, from a part of its own or from the text; null where nothing came back. */
  readonly returned: readonly Header[] | null;
  /** Look-up keys of addresses that are the report's own: its author's and its addressee's. */
  readonly ownAddresses: ReadonlySet<string>;
  header(name: string): string | null;
}

export function gather(mail: ParsedMail): Material {
  const root = forwardedReport(mail.root) ?? mail.root;
  const header = (name: string) => root.headers.find((candidate) => candidate.name === name)?.value ?? null;
  const found: Found = { plain: [], html: [], deliveryStatus: [], loose: [], feedback: null, disposition: null, returned: null };
  collect(root, found, 0);

  const plain = found.plain.join('\n\n');
  const words = plain.trim().length >= 20 || found.html.length === 0 ? plain : found.html.map(htmlToText).join('\n\n');
  const full = undoMojibake(words.slice(0, MAX_TEXT));
  const { text, rest } = cutReturned(full);
  const returned = found.returned ?? (rest === null ? null : headersOf(rest));

  let own: ReadonlySet<string> | null = null;
  return {
    mail,
    subject: header('subject') ?? '',
    from: header('from') ?? '',
    reportType: root.type === 'multipart/report' ? (root.params['report-type'] ?? '').toLowerCase() || null : null,
    text,
    deliveryStatus: found.deliveryStatus,
    looseDeliveryStatus: found.loose,
    feedbackReport: found.feedback,
    dispositionNotification: found.disposition,
    returned,
    get ownAddresses() {
      own ??= addressesOf(OWN_HEADERS.map((name) => header(name) ?? '').join('\n'));
      return own;
    },
    header,
  };
}

/**
 * A report that came as an attachment: a gateway or a filter wrapped it, a list server handed it to the list's owner, or somebody passed
 * it on. A reply to which a report is attached is a person's mail.
 */
function forwardedReport(root: Part): Part | null {
  if (root.type === 'multipart/report' || !root.type.startsWith('multipart/')) return null;
  const passedOn = /^\s*(?:fwd?|wg|tr|rv|enc|vs|i|doorst)\s*:/i.test(headerOf(root, 'subject'));
  const byGateway = root.params['report-type'] !== undefined || /mailer-daemon|postmaster/i.test(headerOf(root, 'from'));
  const byListServer = root.headers.some(({ name }) => LIST_SERVER.has(name));
  if (!passedOn && !byGateway && !byListServer) return null;
  for (const part of root.children) {
    const inner = part.type === 'message/rfc822' ? part.children[0] : undefined;
    if (inner === undefined) continue;
    if (passedOn && isStrangersOwn(root, inner)) continue;
    const isReport = inner.type === 'multipart/report' && inner.children.some((child) => child.type.endsWith('delivery-status'));
    if (isReport || (!byGateway && isByDaemon(inner))) return inner;
  }
  return null;
}

/** A report on a mail of the one who passes it on, who writes from a domain that is none of ours: he asks what it means. */
function isStrangersOwn(outer: Part, inner: Part): boolean {
  const author = findAddresses(headerOf(outer, 'from'))[0];
  if (author === undefined || !addressesOf(headerOf(inner, 'to')).has(normalizeAddress(author))) return false;
  const theirs = domainOf(author) ?? '';
  return !findAddresses(headerOf(outer, 'to')).some((to) => {
    const ours = domainOf(to) ?? '';
    return ours === theirs || ours.endsWith(`.${theirs}`) || theirs.endsWith(`.${ours}`);
  });
}

/** Fields with which Mailman and Sympa mark what they themselves write to the owner of a list. */
const LIST_SERVER: ReadonlySet<string> = new Set(['x-list-administrivia', 'x-sympa-to']);

const headerOf = (part: Part, name: string) => part.headers.find((header) => header.name === name)?.value ?? '';

const isByDaemon = (part: Part) =>
  /^<?\s*>?$/.test(headerOf(part, 'return-path') || 'none') || /(?:mailer-?daemon|post_?master)@/i.test(headerOf(part, 'from'));

const OWN_HEADERS = ['from', 'to', 'delivered-to', 'sender', 'reply-to', 'cc', 'errors-to'];

const addressesOf = (text: string): ReadonlySet<string> => new Set(findAddresses(text).map(normalizeAddress));

interface Found {
  readonly plain: string[];
  readonly html: string[];
  readonly deliveryStatus: Field[][][];
  readonly loose: Field[][][];
  feedback: Field[][] | null;
  disposition: Field[][] | null;
  returned: readonly Header[] | null;
}

function collect(part: Part, found: Found, embedded: number): void {
  switch (part.type) {
    case 'message/delivery-status':
    case 'message/global-delivery-status':
    case 'message/x-delivery-status':
      found.deliveryStatus.push(readFieldGroups(part.text));
      return;
    case 'message/feedback-report':
      found.feedback ??= readFieldGroups(part.text);
      return;
    case 'message/disposition-notification':
    case 'message/global-disposition-notification':
      found.disposition ??= readFieldGroups(part.text);
      return;
    case 'message/rfc822':
    case 'message/global':
    case 'message/partial':
    case 'message/news':
    case 'text/rfc822-headers':
    case 'text/rfc822-header':
    case 'message/rfc822-headers':
    case 'message/rfc822-header':
    case 'message/global-headers': {
      const inner = part.children[0];
      if (inner === undefined) return;
      // The first is what came back; what lies inside that one is its own affair.
      if (found.returned === null) found.returned = inner.headers.length > 0 ? inner.headers : headersOf(part.text);
      return;
    }
  }
  if (part.type.startsWith('multipart/')) {
    for (const child of part.children) collect(child, found, embedded);
    return;
  }
  if (isAttachment(part)) return;
  if (part.type === 'text/html') found.html.push(part.text);
  else if (part.type.startsWith('text/') || part.type.startsWith('message/')) {
    // A machine-readable part under a wrong type, or inside a text.
    const text = part.text;
    if (isDeliveryStatus(text)) found.loose.push(readFieldGroups(text));
    else if (isFeedbackReport(text.slice(0, 2000))) found.feedback ??= readFieldGroups(text);
    found.plain.push(text);
  }
}

/** Fields of RFC 5965 at the beginning of lines. */
function isFeedbackReport(head: string): boolean {
  return /feedback-type/i.test(head) && /^feedback-type\s*:/im.test(head) && /^user-agent\s*:/im.test(head);
}

function isAttachment(part: Part): boolean {
  const disposition = part.headers.find((header) => header.name === 'content-disposition')?.value ?? '';
  return /^\s*attachment/i.test(disposition) && !/\.(?:txt|dsn|eml)["']?\s*(?:;|$)/i.test(disposition);
}

/** Fields of RFC 3464 at the beginning of lines: the reporting server's, or two of a recipient's. */
function isDeliveryStatus(text: string): boolean {
  const head = text.slice(0, MAX_TEXT);
  if (!/-recipient/i.test(head)) return false;
  if (!/^(?:final|original)-recipient\s*:\s*(?:rfc822|utf-8|x400|smtp)?\s*;?/im.test(head)) return false;
  return (
    /^action\s*:/im.test(head) &&
    (/^status\s*:/im.test(head) || /^diagnostic-code\s*:/im.test(head) || /^reporting-mta\s*:/im.test(head))
  );
}
