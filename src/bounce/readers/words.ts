import type { Kind } from '../vocabulary.ts';

// Words by which people-readable reports tell what they are. Plain patterns without nested repetition, matched against text in
// which blanks and line ends are one blank. Sources: the bounce templates of the named servers as their manuals print them.

/** Still being tried. Postfix bounce(5) delay template, Sendmail "Warning:", Exim "delayed", Exchange, qmail-delayed, Lotus, and translations. */
const DELAY =
  /will (?:keep|continue) (?:trying|to try|to be retried)|(?:message|mail|delivery|it) (?:has been|is|was|will be) (?:delayed|retried|deferred)|delivery (?:is )?delayed|delayed mail|(?:not|hasn't|has not) yet been (?:delivered|sent)|(?:not|n't) been (?:able to be )?delivered (?:yet|for the last)|temporary (?:problem|error|failure).{0,60}(?:retr|try again)|do(?:es)? not need to (?:re-?send|take any)|no (?:further )?action is required|warning.{0,40}could not (?:be )?(?:sen[dt]|deliver)|could not send message for past|still being (?:tried|retried|attempted)|attempts? (?:to deliver )?(?:will|is going to) (?:continue|be made)|i'm not giving up|i'll keep trying|this is a warning message only|wird weiterhin versucht|verzögert|noch nicht zugestellt|retard[ée]|sera retent|se reintentar|retrasad|配信が遅|遅延/i;

/** Given up for good, even where the words of a delay stand beside it. */
const GAVE_UP =
  /giving up|gave up|given up|permanent (?:fatal )?error|could not be delivered (?:to|for)|(?:undeliverable|not delivered|was not delivered|failed permanently|delivery (?:has )?failed|retry time(?:out)? exceeded|time limit exceeded|message expired|has been in the queue too long|cannot be delivered)/i;

/** Arrived. Postfix success template, Sendmail "relayed", Exchange "Your message has been delivered". */
const DELIVERED =
  /(?:your )?message (?:was|has been) (?:successfully )?(?:delivered|relayed|expanded)|successful(?:ly)? (?:mail )?(?:delivery|delivered)|delivery notification: delivery has been successful|is a success notice|erfolgreich zugestellt|entregado correctamente/i;

/** The report says that a message did not reach somebody, or that it bounced: the words with which failed recipients are announced. */
const ANNOUNCES =
  /could ?n[o']t be (?:deliver|sent|reached|processed)|(?:un(?:able|successful)|fail(?:ed|ure|s)?|impossible|not possible|cannot|can't|could not|couldn't|trouble|error|problem|aborted|refused|abort) .{0,40}(?:deliver|sending your|to send)|deliver(?:y|ed|ing)?.{0,60}(?:fail|unsuccess|error|problem|impossible|aborted|not )|deli?very (?:to|of) .{0,80}(?:fail|abort)|undeliver(?:able|ed)|returned (?:mail|to sender|message)|(?:message|mail|e-?mail|it) (?:was|were|has been|is|been) (?:rejected|refused|bounced|returned|blocked)|rejected your message|not (?:been )?delivered|did not (?:reach|receive)|(?:not|no) (?:be )?reached|(?:fatal|permanent|delivery|following) errors?|failed (?:address|recipient)|address(?:\(es\)|es)? (?:had|failed)|failure reasons?|no valid recipients|error message below|loop alert|you sent .{0,60}(?:fail|error|not )|unzustellbar|nicht zugestellt|konnte .{0,60}nicht|fehler bei der|nicht (?:übermittelt|ausgeliefert)|non (?:remis|délivr|distribu|recapitat|consegnat)|(?:n'a pas pu|n’a pas pu|pas (?:pu )?être)|échec de|impossible de|no (?:se |ha )?(?:pudo|podido|ha sido)|no entregad|não (?:foi|pôde|pode|entreg)|nao pode|недостав|не (?:удалось|может быть|было доставлено|доставлен)|невозможно|kan niet worden bezorgd|niet (?:worden )?(?:bezorgd|afgeleverd)|nie (?:można|udało|został)|kunde inte|退信|无法|無法|失败|失敗|エラー|配信でき|届け|送信できませんでした|届きません|送信に失敗|전달되지|보내지 못|실패/i;

/** Something failed, also where only the reason is given. */
const FAILURE =
  /(?:user|recipient|address|mailbox|account)(?:'s)? .{0,40}(?:unknown|not (?:found|exist|known|available|valid|listed|recognized)|does(?:n't| not) (?:exist|have)|invalid|rejected|disabled|full|over quota|unavailable|exceeds)|(?:unknown|no such|invalid|bad) .{0,20}(?:user|recipient|address|mailbox|host|domain|destination)|permanent(?:ly)? (?:fatal )?(?:error|fail)|\b5\d\d[ -]\d\.\d\.\d|mailbox (?:is )?full|over quota|rejected recipient|did not (?:exactly )?match|(?:was|were|been) (?:rejected|refused|bounced)/i;

export const announcesFailure = (text: string): boolean => {
  const words = flat(text);
  return ANNOUNCES.test(words) || DELAY.test(words);
};
export const tellsFailure = (text: string): boolean => announcesFailure(text) || FAILURE.test(flat(text));
export const tellsDelivery = (text: string): boolean => DELIVERED.test(flat(text));

/** Kind by the words for people alone. */
export function kindOfWords(subject: string, text: string): Kind {
  const head = flat(`${subject}\n${text}`);
  if (DELAY.test(head) && !(GAVE_UP.test(head) && !/delay|warning|verzöger|retard/i.test(subject))) return 'delay';
  if (DELIVERED.test(head) && !ANNOUNCES.test(flat(text)) && !FAILURE.test(flat(text))) return 'delivered';
  return 'bounce';
}

function flat(text: string): string {
  return text.slice(0, 16_384).replace(/\s+/g, ' ');
}
