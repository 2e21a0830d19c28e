import type { SmtpCommand } from '../report.ts';
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

/** Something failed. */
const FAILURE =
  /could ?n[o']t be (?:delivered|sent|found|reached)|(?:un(?:able|successful)|fail(?:ed|ure|s)?|impossible|not possible|cannot|can't|could not|couldn't) .{0,40}deliver|deliver(?:y|ed|ing)?.{0,60}(?:fail|unsuccess|error|problem|impossible|not )|undeliver(?:able|ed)|returned (?:mail|to sender|message)|(?:was|were|is|been) (?:rejected|refused|bounced|returned)|not delivered|(?:user|recipient|address|mailbox|account)(?:'s)? .{0,40}(?:unknown|not (?:found|exist|known|available|valid)|does(?:n't| not) exist|invalid|rejected|disabled|full|over quota|unavailable)|(?:unknown|no such|invalid|bad) (?:user|recipient|address|mailbox|host|domain|destination)|permanent(?:ly)? (?:fatal )?(?:error|fail)|\b5\d\d[ -]\d\.\d\.\d|mailbox (?:is )?full|over quota|unzustellbar|nicht zugestellt|konnte nicht|fehler bei der|non (?:remis|délivr|distribu|recapitat|consegnat)|échec de|impossible de|no se (?:pudo|ha podido)|no entregad|não (?:foi|pôde|pode|entreg)|недостав|не (?:удалось|может быть|доставлен)|невозможно|退信|无法|失败|拒|エラー|配信でき|届け|送信できませんでした|届きません|존재하지|실패/i;

export const tellsFailure = (text: string): boolean => FAILURE.test(flat(text));
export const tellsDelivery = (text: string): boolean => DELIVERED.test(flat(text));

/** Kind by the words for people alone. */
export function kindOfWords(subject: string, text: string): Kind {
  const head = flat(`${subject}\n${text}`);
  if (DELAY.test(head) && !(GAVE_UP.test(head) && !/delay|warning|verzöger|retard/i.test(subject))) return 'delay';
  if (DELIVERED.test(head) && !FAILURE.test(flat(text))) return 'delivered';
  return 'bounce';
}

/** The SMTP command that the words name as the one refused; Postfix, Exim, Sendmail and Courier each name it in their own way. */
export function commandOf(words: string): SmtpCommand | null {
  const text = flat(words);
  if (/in reply to end of data|after end of data|end of message|after (?:the )?\.|at end of data/i.test(text)) return 'eod';
  if (/in reply to (?:the )?rcpt to|after rcpt to|rcpt to\s?:\s?</i.test(text)) return 'rcpt';
  if (/in reply to (?:the )?mail from|after mail from|mail from\s?:\s?</i.test(text)) return 'mail';
  if (/in reply to (?:the )?data|after data\b|>>> data/i.test(text)) return 'data';
  if (/in reply to (?:the )?(?:ehlo|helo)|after (?:ehlo|helo)/i.test(text)) return 'ehlo';
  if (
    /initial (?:server )?(?:connection|greeting)|in reply to (?:the )?(?:connect|greeting)|refused to talk to me|after initial connection/i.test(
      text,
    )
  )
    return 'connect';
  return null;
}

/** Host that refused, as the words of Postfix, Exim, Sendmail, Exchange and qmail name it. */
export function remoteMtaOf(words: string): string | null {
  const text = flat(words);
  const match =
    /\bhost ([\w.-]{1,250}\.[A-Za-z][\w-]{1,60})\s?\[/.exec(text) ??
    /while talking to ([\w.-]{1,250}\.[A-Za-z][\w-]{1,60})\.?:/i.exec(text) ??
    /remote server (?:at )?([\w.-]{1,250}\.[A-Za-z][\w-]{1,60}) \(/i.exec(text) ??
    /connected to ([\d.]{7,15}|[0-9a-f:]{6,40}) but/i.exec(text) ??
    /by the server for the recipient domain [\w.-]{1,250} by ([\w.-]{1,250})\./i.exec(text) ??
    /\bfrom (?:the )?(?:remote )?(?:mail )?(?:server|host|mta) ([\w.-]{1,250}\.[A-Za-z][\w-]{1,60})/i.exec(text);
  return match?.[1]?.toLowerCase() ?? null;
}

function flat(text: string): string {
  return text.slice(0, 16_384).replace(/\s+/g, ' ');
}
