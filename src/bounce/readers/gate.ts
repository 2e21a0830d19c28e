import { findReply, findStatus } from '../codes.ts';
import type { Material } from '../material.ts';
import { announcesFailure } from './words.ts';

/** Whoever writes reports, and hardly anything else. */
const DAEMON =
  /mailer-?daemon|post_?master|mail ?delivery ?(?:sub)?system|mail\.delivery\.system|mdaemon|maildaemon|mail administrator|mail deliver system|system administrator|delivery (?:status )?notification|notes ?router|microsoft ?exchange|<>/i;

/** Nobody but a mail server goes by these names; a postmaster also sends digests and statistics. */
const MAILER_DAEMON = /mailer-?daemon|mail ?delivery ?(?:sub)?system/i;

/** Mails of those names that tell of many messages at once, or of one that is kept: nothing has come back. */
const DIGEST = /quarantine|digest|summary|statisti/i;

/** Those that write other mails as well. */
const SENDS_REPORTS_TOO =
  /bounces?\b|\bndr\b|mail ?server|mail ?system|mail ?robot|mail ?router|smtp ?gateway|mail ?transfer|daemon@|delivery|no-?reply|-admin@|admin@|系统退信|退信|邮件(?:投递|系统)|postoffice|メール/i;

const SUBJECT =
  /undeliver|returned (?:mail|message|to sender)|return(?:ed|ing)? (?:e?mail|message|to sender)|delivery (?:status|fail|error|problem|report|has failed|unsuccess|delay|notification|incomplete)|(?:mail|message|delivery|e-mail|nondelivery|non-delivery) (?:delivery )?(?:fail|error|problem|status|report|system error|delayed|bounce)|fail(?:ure|ed)(?: notice| delivery| to deliver| mail|:)|mail (?:could|can) ?not be|could ?n[o']t (?:be )?(?:deliver|send|sent)|(?:unable|impossible) to deliver|not deliver|error sending your mail|notification.{0,20}(?:fail|delivery)|ndn:|ndr:|bounce|rejected:|user unknown|unknown (?:user|address|recipient)|address (?:not found|unknown)|mailbox (?:full|unavailable|disabled)|over quota|warning: (?:could not|message)|message (?:status|you sent|not sent|blocked|refused|delayed)|considered unsolicited|unzustellbar|nicht zugestellt|zustell|non remis|échec|non distribu|non recapit|mancato recapito|impossibile|no se (?:ha )?(?:pudo|podido)|devuelto|rechazado|devolvid|não entreg|falha|недостав|возврат|не доставлен|onbestelbaar|oleveret|kunde inte|失败|失敗|退信|無法|エラー|配信でき|届け|送信でき|실패|반송/i;

/** `<>`, or what some write in its place. */
const nullSender = (returnPath: string | null) =>
  returnPath !== null && /^<?(?:\s*|mailer-daemon(?:@.*)?)>?$/i.test(returnPath.trim());

/** The From of a program that reports on deliveries. */
export function isDaemon({ from }: Material): boolean {
  return DAEMON.test(from);
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
  const { from, header, subject, text } = material;
  if (isMarkedReport(material)) return true;
  if (isConversation(material) || (DIGEST.test(subject) && !nullSender(header('return-path')))) return false;
  const opening = text.slice(0, 3000);
  const bySubject = SUBJECT.test(subject);
  const byNull = nullSender(header('return-path'));
  if (isDaemon(material))
    return bySubject || (announcesFailure(opening) && (byNull || MAILER_DAEMON.test(from) || hasCode(opening)));
  if (!bySubject || !announcesFailure(opening)) return false;
  if (byNull) return true;
  // Gateways that write as somebody else: no reply, and a code or the first words of a report.
  const isReply = header('in-reply-to') !== null || /^\s*(?:re|aw|fwd?|wg|tr|rv|antw|sv|vs)\s*:/i.test(subject);
  return (
    (!isReply && OPENING.test(text.slice(0, 1500).replace(/\s+/g, ' '))) || (SENDS_REPORTS_TOO.test(from) && hasCode(opening))
  );
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

/** Words with which reports about mail open, and letters and notes about parcels do not. */
const OPENING =
  /^.{0,120}(?:hi\. this is the|this (?:is|message was|report|e-?mail is) (?:an? )?(?:automatic|automated|auto|system|created automatically|generated|delivery|permanent)|(?:your|the following|following|the) (?:e-?mail |mail )?(?:message|mail|e-mail|recipient|address)(?:\(?s\)?|es)? .{0,120}(?:could not|couldn't|can ?not|was not|were not|has not|have not|did not|not be|undeliver|fail|rejected|refused|returned|unknown)|delivery (?:of|to|for) .{0,80}(?:message|mail|recipient|@).{0,60}(?:fail|unsuccess|impossible|abort)|(?:unable|not able|wasn't able|failed|could not|couldn't|sorry).{0,40} deliver.{0,40}(?:message|mail|@)|mail (?:delivery )?(?:failed|system)|-{2,} ?the following addresses|failed recipient)/i;
