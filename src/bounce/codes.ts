/** Finds enhanced status codes (RFC 3463) and SMTP replies (RFC 5321 §4.2) in words that servers wrote. */

/** How much of a text is searched. A remote answer is at most a few lines; the code stands in front. */
const SEARCHED = 8192;

// A subject is one digit from 0 to 7 and a detail at most three digits, so that dates and most version numbers are none.
// A line break may tear the code after a dot; a further number after it makes it an address or a version, a word before it a version.
const STATUS =
  /(?<![\w.,/:])(?<!(?:[Vv]ersion|[Rr]elease|[Bb]uild|Exim|Postfix|Sendmail) )([245])\.(?:\r?\n[ \t]{0,8})?([0-7])\.(?:\r?\n[ \t]{0,8})?(0|[1-9]\d{0,2})(?!\d|\.\d|[\w/@])/;
const STATUS_AFTER_REPLY =
  /(?<![\w.,/])([2-5]\d\d)(?:[ \t]{0,8}[-.:;,_]?[ \t]{0,8}(?:\r?\n[ \t]{0,8}(?:[2-5]\d\d[- ])?)?)[#("'[]{0,3}([245])\.(?:\r?\n[ \t]{0,8})?([0-7])\.(?:\r?\n[ \t]{0,8})?(0|[1-9]\d{0,2})(?!\d|\.\d|[\w/@])/;

/** The first enhanced status code of a text as `x.y.z`; one that follows an SMTP reply goes before one that stands alone. */
export function findStatus(text: string): string | null {
  const searched = text.slice(0, SEARCHED);
  const paired = STATUS_AFTER_REPLY.exec(searched);
  if (paired) return `${paired[2]}.${paired[3]}.${paired[4]}`;
  // `smtp;5.1.1` and `_5.1.1` are codes too: the characters that may not stand before a code are those of words and numbers.
  const alone = STATUS.exec(searched);
  return alone ? `${alone[1]}.${alone[2]}.${alone[3]}` : null;
}

// Where a reply begins an answer: at the start, on a line of its own, or after what servers write before a quoted answer.
const REPLY_AT_START =
  /(?:^|[\r\n]|<<<|\bsmtp;|\b(?:said|says|replied|responded|response|returned|answered|answer|reply|error|failed|failure|code|status|with|was|message|reason|because|smtp|data|to)\b:?)[ \t]{0,8}[#<("'[:=]{0,3}[ \t]{0,8}(?:smtp;[ \t]{0,8})?#?([245][0-7]\d)(?=$|[-\s)"'\]>,:;#]|\.\d{0,3}(?:\s|$))(?!(?:[ \t]{1,8}(?:bytes?|kb|mb|seconds?|minutes?|hours?|days?)\b))/i;
const REPLY_ANYWHERE =
  /(?<![\w.:/@+-])([45][0-7]\d)(?=[- ][#("'<]{0,2}[A-Za-z*]|$)(?![ \t]{1,8}(?:bytes?|kb|mb|seconds?|minutes?|hours?|days?|recipients?|messages?)\b)/i;

/** The first three-digit SMTP reply of a text. Ports, sizes, counts and parts of IP addresses are none. */
export function findReply(text: string): string | null {
  const searched = text.slice(0, SEARCHED);
  return (
    STATUS_AFTER_REPLY.exec(searched)?.[1] ?? REPLY_AT_START.exec(searched)?.[1] ?? REPLY_ANYWHERE.exec(searched)?.[1] ?? null
  );
}

/** The detail number of `x.y.z` as a number, so that 5.7.700 lies between 5.7.606 and 5.7.749. */
export function compareStatus(a: string, b: string): number {
  const left = a.split('.').map(Number);
  const right = b.split('.').map(Number);
  for (let i = 0; i < 3; i++) {
    const difference = (left[i] ?? 0) - (right[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** What the remote side answered, read from its words and, where it said nothing, from the report. */
export interface Answer {
  /** As it stands in the mail: the remote answer's own code, else the report's Status field. */
  readonly status: string | null;
  readonly reply: string | null;
  /** The code of whoever refused: the remote answer's, or the report's where nobody answered. Null where the answer had none. */
  readonly own: string | null;
  /** The remote words gave at least one of the two codes. */
  readonly remote: boolean;
  /** `4` or `5` by the remote answer, else by the report; null where neither gives one. */
  readonly digit: '2' | '4' | '5' | null;
}

/**
 * Reads the codes of one recipient. `words` is the diagnostic text, `reportStatus` the report's Status field, which often holds
 * a comment and often says 5.0.0 where the remote answer says more.
 */
export function readAnswer(words: string | null, reportStatus: string | null): Answer {
  const remoteStatus = words ? findStatus(words) : null;
  const reply = words ? findReply(words) : null;
  const reported = reportStatus ? findStatus(reportStatus) : null;
  const status = remoteStatus ?? reported;
  const remote = remoteStatus !== null || reply !== null;
  return { status, reply, own: remote ? remoteStatus : reported, remote, digit: digitOf(reply, remoteStatus, reported) };
}

function digitOf(reply: string | null, remoteStatus: string | null, reported: string | null): '2' | '4' | '5' | null {
  for (const code of [reply, remoteStatus, reported]) {
    const digit = code?.[0];
    if (digit === '4' || digit === '5') return digit;
  }
  return (reply ?? remoteStatus ?? reported)?.[0] === '2' ? '2' : null;
}
