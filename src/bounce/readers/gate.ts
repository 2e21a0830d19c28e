import { findReply, findStatus } from '../codes.ts';
import type { Material } from '../material.ts';
import { ANSWER_SUBJECTS } from '../tables/reports/answers.ts';
import {
  DAEMONS,
  DIGESTS,
  LETTERS,
  LISTINGS,
  MAILER_DAEMONS,
  OPENINGS,
  OTHER_POST,
  SENDS_REPORTS_TOO,
  SPEAKS_OF_MAIL,
  SUBJECTS,
} from '../tables/reports/signs.ts';
import { announcementOf, evenOut, MAX_OPENING, signs } from './words.ts';

const isMailerDaemon = signs(MAILER_DAEMONS);
const isDaemonsName = signs(DAEMONS);
const sendsReportsToo = signs(SENDS_REPORTS_TOO);
const isReportsSubject = signs(SUBJECTS);
const isDigest = signs(DIGESTS);
const isListing = signs(LISTINGS);
const isLetter = signs(LETTERS);
const isOtherPost = signs(OTHER_POST);
const isAnswersSubject = signs(ANSWER_SUBJECTS);
const isOpening = signs(OPENINGS);
const speaksOfMail = signs(SPEAKS_OF_MAIL);

/** Characters at the beginning of a report in which it says what it is. */
const OPENING_BEGINS_WITHIN = 120;

/** Characters at the beginning of a list of many messages in which its head stands. */
const LISTING_BEGINS_WITHIN = 200;

/** Characters at the beginning of a note about calls, parcels and the like that say so; the signature of a report may hold a fax number. */
const OTHER_POST_IS_TOLD_WITHIN = 300;

/** `<>`, or what some write in its place. */
const nullSender = (returnPath: string | null) =>
  returnPath !== null && /^<?(?:\s*|mailer-daemon(?:@.*)?)>?$/i.test(returnPath.trim());

/** The From of a program that reports on deliveries. */
export function isDaemon({ from }: Material): boolean {
  return from.includes('<>') || isDaemonsName(from);
}

/** The mail says by its header, not merely by its words, that it is a report. */
export function isMarkedReport({ header, reportType }: Material): boolean {
  return (
    reportType === 'delivery-status' || header('x-failed-recipients') !== null || header('x-ms-exchange-message-is-ndr') !== null
  );
}

/**
 * Whether a mail without machine-readable fields may be a report for people: it is marked as one, or somebody who writes reports wrote
 * it, or it came from the null sender; and its words announce a failure or a delay. A person's mail about a bounce, a newsletter, a
 * statistic and spam with a bounce's subject are none.
 */
export function mayBeReport(material: Material): boolean {
  const known = judged.get(material);
  if (known !== undefined) return known;
  const judgement = isReport(material);
  judged.set(material, judgement);
  return judgement;
}

/** Several readers ask the same of one mail. */
const judged = new WeakMap<Material, boolean>();

/** A ticket by the mark before its subject, `[#551]`: its system answers for a postmaster, too. */
export function isTicket({ from, subject }: Material): boolean {
  return !isMailerDaemon(from) && /^\s*(?:(?:re|aw)\s*:\s*)?\[[^\]]{0,40}#\s?\d{1,20}\]/i.test(subject);
}

function isReport(material: Material): boolean {
  const { from, header, subject, text } = material;
  if (isMarkedReport(material)) return true;
  if (isConversation(material) || (!isMailerDaemon(from) && isAnswersSubject(subject, 1))) return false;
  const opening = text.slice(0, MAX_OPENING);
  const { inSubject, at, isLure } = announcementOf(material);
  if (isLure) return false;
  const bySubject = inSubject || isReportsSubject(subject);
  const announces = at < MAX_OPENING;
  const byNull = nullSender(header('return-path'));
  // The subject of a report may repeat that of a digest which came back.
  if (isDigest(subject) && !(byNull && bySubject)) return false;
  if (isTicket(material) || isListing(opening, LISTING_BEGINS_WITHIN)) return false;
  if (isDaemon(material)) {
    const mayBePerson = !byNull && header('return-path') !== null && header('auto-submitted') === null && !isMailerDaemon(from);
    if (mayBePerson && isPersonsLetter(opening)) return false;
    const answers = byNull && holdsAnswerToAnother(opening, material);
    return bySubject || answers || (announces && (byNull || isMailerDaemon(from) || hasCode(opening)));
  }
  // A person's program marks what it quotes; the servers' transcripts have lines with `>>>`.
  const own = evenOut(opening.split(/^>(?!>>)/m, 1)[0]!);
  if (!bySubject || at >= own.length) return false;
  // Only what is sent to many offers to be unsubscribed from.
  if (byNull) {
    const isAboutMail = speaksOfMail(opening) || speaksOfMail(subject) || findStatus(opening) !== null;
    return header('list-unsubscribe') === null && isAboutMail;
  }
  // A ticket, an issue or a list, by the mark before its subject: it quotes what somebody sent in.
  if (/^\s*(?:(?:re|fwd?)\s*:\s*)?\[[^\]]{1,60}\]/i.test(subject)) return false;
  // Gateways that write as somebody else: no reply, and a code or the first words of a report.
  const isReply = header('in-reply-to') !== null || /^\s*(?:re|aw|fwd?|wg|tr|rv|antw|sv|vs)\s*:/i.test(subject);
  // What stands behind a quote mark, or behind a question, is what a person has pasted: reports ask nothing before they tell.
  const unquoted = text.slice(0, 1500).split(/^>|\p{L}\?\s/mu, 1)[0]!;
  return (
    (!isReply && isOpening(unquoted, OPENING_BEGINS_WITHIN)) ||
    (sendsReportsToo(from) && hasCode(opening) && speaksOfMail(opening) && !isOtherPost(opening, OTHER_POST_IS_TOLD_WITHIN))
  );
}

/** A postmaster's own words, or a line of syslog that he shows: reports quote the answer, not the log. */
function isPersonsLetter(opening: string): boolean {
  return isLetter(opening) || /^[A-Z][a-z]{2} {1,2}\d{1,2} \d\d:\d\d:\d\d \S{1,255} [\w./-]{1,80}\[\d{1,10}\]:/m.test(opening);
}

/** In a language nobody has foreseen: an answer with both its codes. What names its addressee is rather about the addressee's own mailbox. */
function holdsAnswerToAnother(opening: string, { ownAddresses }: Material): boolean {
  if (findStatus(opening) === null || findReply(opening) === null) return false;
  const lower = opening.toLowerCase();
  return ![...ownAddresses].some((own) => lower.includes(own));
}

/** Fields of RFC 3464 within a text are a report's where the mail may be one by its words, or came from the null sender and answers nothing. */
export function mayHoldFields(material: Material): boolean {
  if (mayBeReport(material)) return true;
  const { header } = material;
  const answers = /^auto-replied/i.test(header('auto-submitted') ?? '') || header('in-reply-to') !== null;
  return nullSender(header('return-path')) && !answers && !announcementOf(material).isLure;
}

/**
 * Sent to a list's readers, or an answer in a thread, whoever it says wrote it: a postmaster is a person too. Reports to the owner of a
 * list bear its List-Id; they come from a daemon's address, not merely under a daemon's name. Mail programs write a blank after `Re:`.
 */
function isConversation({ header, subject, from }: Material): boolean {
  if (nullSender(header('return-path')) || header('auto-submitted') !== null) return false;
  const fromDaemon = /(?:mailer-?daemon|post_?master|-admin|-owner)@/i.test(from);
  if (!fromDaemon && (header('list-unsubscribe') !== null || header('list-id') !== null)) return true;
  const inThread = header('in-reply-to') !== null || header('references') !== null;
  return inThread && /^\s*(?:re|aw|antw|sv|vs)\s*:\s/i.test(subject);
}

/** A person answers, whatever is attached to the answer. */
export function isPersonsReply(material: Material): boolean {
  const { header, subject, mail } = material;
  if (mail.root.type === 'multipart/report' || isMarkedReport(material) || isDaemon(material)) return false;
  if (nullSender(header('return-path')) || header('auto-submitted') !== null) return false;
  return header('in-reply-to') !== null || /^\s*(?:re|aw|antw|sv|vs)\s*:/i.test(subject);
}

const hasCode = (words: string) => findStatus(words) !== null || findReply(words) !== null;
