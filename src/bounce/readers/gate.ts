import type { Material } from '../material.ts';
import { tellsFailure } from './words.ts';

const DAEMON =
  /mailer-?daemon|postmaster|mail ?delivery|maildelivery|mdaemon|mail ?administrator|mail ?server|delivery ?(?:subsystem|system|status|failure|notification)|<>|\bbounces?\b|mail ?daemon|mail ?system|system ?administrator|no-?reply@.*\.sina|mailrobot|daemon@|emailsystem|mail ?router|notes ?router|smtp ?gateway|mail ?transfer|系统退信|退信|邮件(?:投递|系统)|postoffice|メール/i;

const SUBJECT =
  /undeliver|returned (?:mail|message|to sender)|return(?:ed)? e?mail|delivery (?:status|fail|error|problem|report|has failed|unsuccess|delay|notification|incomplete)|(?:mail|message|delivery|e-mail|nondelivery|non-delivery) (?:delivery )?(?:fail|error|problem|status|report|system error|delayed|bounce)|fail(?:ure|ed)(?: notice| delivery| to deliver| mail|:)|mail (?:could|can) ?not be|could ?n[o']t (?:be )?(?:deliver|send|sent)|(?:unable|impossible) to deliver|not deliver|notification.{0,20}(?:fail|delivery)|ndn:|ndr:|bounce|rejected|user unknown|unknown (?:user|address|recipient)|address (?:not found|unknown)|mailbox (?:full|unavailable|disabled)|over quota|warning: (?:could not|message)|message (?:status|you sent|not sent|blocked|refused)|considered unsolicited|unzustellbar|nicht zugestellt|zustell|non remis|échec|non distribu|non recapit|mancato recapito|impossibile|no se (?:ha )?(?:pudo|podido)|devuelto|rechazado|devolvid|não entreg|falha|недостав|возврат|не доставлен|unzustellbar|onbestelbaar|oleveret|kunde inte|失败|退信|系统退信|無法|エラー|配信|届け|送信|Недоставленное|실패/i;

/**
 * Whether a mail without a machine-readable report may be one for people: somebody who writes reports wrote it, or it came from the
 * null sender, and its words tell of a failure. A person's mail about a bounce, a newsletter and spam with a bounce's subject are none.
 */
export function mayBeReport(material: Material): boolean {
  const { from, header, subject, text, reportType } = material;
  if (
    reportType === 'delivery-status' ||
    header('x-failed-recipients') !== null ||
    header('x-ms-exchange-message-is-ndr') !== null
  )
    return true;
  if (header('list-unsubscribe') !== null || header('list-id') !== null) return false;
  const daemon = DAEMON.test(from);
  const returnPath = header('return-path');
  const nullSender = returnPath !== null && /^<?\s*>?$/.test(returnPath.trim());
  const bySubject = SUBJECT.test(subject);
  if (daemon && (bySubject || tellsFailure(text.slice(0, 3000)))) return true;
  if (nullSender && bySubject && tellsFailure(text.slice(0, 3000))) return true;
  const isReply = header('in-reply-to') !== null && header('auto-submitted') === null;
  // Gateways that write as somebody else: the subject and the first words must both be a report's.
  return (
    bySubject &&
    !isReply &&
    !/^\s*(?:re|aw|fwd?|wg|tr|rv)\s*:/i.test(subject) &&
    OPENING.test(text.slice(0, 1500).replace(/\s+/g, ' '))
  );
}

/** Words with which reports open, and letters do not. */
const OPENING =
  /^.{0,120}(?:hi\. this is the|this (?:is|message was|report|e-?mail is) (?:an? )?(?:automatic|automated|auto|system|created automatically|generated|delivery|permanent)|(?:your|the following|following|the) (?:e-?mail |mail )?(?:message|mail|e-mail|recipient|address|delivery)(?:\(?s\)?|es)? .{0,120}(?:could not|couldn't|can ?not|was not|were not|has not|have not|did not|not be|undeliver|fail|rejected|refused|returned|unknown)|(?:delivery|transmission) .{0,60}(?:fail|unsuccess|impossible)|i (?:was|wasn't|am) (?:un)?able to deliver|sorry,? .{0,60}(?:deliver|unable|couldn't)|we (?:were|are) (?:sorry|unable)|unable to deliver|mail (?:delivery )?(?:failed|system)|-{2,} ?the following addresses|failed (?:to deliver|recipient)|could not (?:be )?(?:deliver|send))/i;
