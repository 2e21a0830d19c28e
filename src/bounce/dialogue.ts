import { phraseMatcher } from './phrase-matcher.ts';
import type { SmtpCommand } from './report.ts';

/** Words searched of one recipient. */
const MAX_WORDS = 4096;

/** How the dialects say at which SMTP command the remote side refused; of several the first of the list. */
const COMMANDS: readonly (readonly [SmtpCommand, readonly string[]])[] = [
  // Postfix, OpenSMTPD and those that copied them
  ['eod', ['in reply to end of data command', 'after sending message body', '(eod)', 'in reply to . command']],
  ['rcpt', ['in reply to rcpt to command']],
  ['mail', ['in reply to mail from command']],
  ['data', ['in reply to data command']],
  ['ehlo', ['in reply to helo command', 'in reply to ehlo command']],
  [
    'connect',
    ['refused to talk to me', 'while receiving the initial server greeting', 'while sending helo', 'while sending ehlo'],
  ],
  // Exim
  ['rcpt', ['after rcpt to:', 'after pipelined rcpt to:']],
  ['mail', ['after mail from:', 'after pipelined mail from:']],
  ['eod', ['after end of data', 'after pipelined end of data', 'after sending data block']],
  ['data', ['after data|', 'after pipelined data|']],
  ['ehlo', ['after helo ', 'after ehlo ', 'after starttls']],
  ['connect', ['after initial connection']],
  // qmail
  ['rcpt', ['does not like recipient']],
  ['eod', ['failed after i sent the message']],
  ['data', ['failed on data command']],
  ['mail', ['but sender was rejected']],
  ['ehlo', ['but my name was rejected']],
  ['connect', ['but greeting failed', "i wasn't able to establish an smtp connection", 'remote host closed connection']],
  // m-FILTER names the command below a title of its own
  ['data', ['-smtp command data']],
  ['rcpt', ['-smtp command rcpt']],
  ['mail', ['-smtp command mail']],
  // DragonFly, 1&1, GMX, X6
  ['eod', ['did not like our final data', 'after text command', 'for text command']],
  ['rcpt', ['did not like our rcpt to', 'after rcpt command', 'error following rcpt command', 'rejected recipient <']],
  ['mail', ['did not like our mail from', 'after mail command', 'error following mail command']],
  ['data', ['did not like our data', 'after data command', 'error following data command']],
];

const COMMAND_OF: readonly SmtpCommand[] = COMMANDS.flatMap(([command, phrases]) => phrases.map(() => command));
const commandPhrases = phraseMatcher(
  COMMANDS.flatMap(([, phrases]) => phrases),
  { acrossSentences: true },
);

/** The SMTP command at which the recipient was refused, where the words tell. */
export function commandIn(words: string): SmtpCommand | null {
  if (words === '') return null;
  const tidied = tidy(words);
  const told = commandPhrases.find(tidied.toLowerCase().replace(/\s+/g, ' '));
  if (told.length > 0) return COMMAND_OF[Math.min(...told.map(({ phrase }) => phrase))]!;
  if (!tidied.includes('>>>')) return null;
  // A transcript: what was said last before the first refusal.
  const sent = /(?:^|\n)[ \t]{0,8}>>> {0,8}([^\n]{1,200})\n(?:[^\n>]{0,300}\n)?[ \t]{0,8}<<< {0,8}[45]\d\d/.exec(tidied);
  return sent === null ? null : commandOf(sent[1]!);
}

/** The command in a line that was sent. */
export function commandOf(line: string): SmtpCommand | null {
  const text = line.trim().toLowerCase();
  if (text.startsWith('rcpt')) return 'rcpt';
  if (text.startsWith('mail')) return 'mail';
  if (text === 'data') return 'data';
  if (text === '.' || text.includes('eom') || text.startsWith('bdat')) return 'eod';
  return /^(?:ehlo|helo|lhlo|starttls)/.test(text) ? 'ehlo' : null;
}

/** Runs of blanks and of empty lines as one, so that no pattern runs over the same ones again and again. */
function tidy(words: string): string {
  return words
    .slice(0, MAX_WORDS)
    .replace(/[ \t]{2,}/g, ' ')
    .replace(/\n(?: ?\n)+/g, '\n\n');
}

const HOST = '[A-Za-z0-9](?:[A-Za-z0-9-]{0,62})(?:\\.[A-Za-z0-9_-]{1,63}){1,10}';
const HOSTS: readonly RegExp[] = [
  new RegExp(`\\bhost\\s+(${HOST})\\s*\\[[0-9A-Fa-f.:]+\\]`),
  new RegExp(`\\bhost:?\\s+(${HOST})`),
  new RegExp(`\\bconnect(?:ed)? to\\s+(${HOST})\\s*\\[`),
  new RegExp(`[Ww]hile talking to\\s+(${HOST})`),
  new RegExp(`\\bSMTP Server <(${HOST})>`),
  new RegExp(`(?:^|\\n)(${HOST})\\s*\\[[0-9A-Fa-f.:]{3,45}\\] (?:did not like|responded)`),
  new RegExp(`[Rr]emote [Ss]erver at (${HOST})`),
  new RegExp(`\\bby\\s+(${HOST})\\.?\\s*\\[[0-9A-Fa-f.:]{3,45}\\]`),
  new RegExp(`\\bserver for the recipient domain \\S{1,255} by (${HOST})`),
];

/** The host that refused, where the words name it. */
export function remoteHostIn(words: string): string | null {
  const text = tidy(words);
  for (const pattern of HOSTS) {
    const found = pattern.exec(text)?.[1];
    if (found !== undefined && !/^\d+\.\d+\.\d+\.\d+$/.test(found)) return found.replace(/\.$/, '').toLowerCase();
  }
  return null;
}

/** Where the remote words begin, most telling first; what follows the match is the answer. */
const ANSWER_STARTS: readonly RegExp[] = [
  /remote (?:host|server) (?:said|says|replied|responded)\s*:?\s*/i,
  /remote server (?:at .{1,120}? )?(?:returned|replied)(?: message)?\s*:?\s*['"‘’“”]?/i,
  /(?:^|\s)smtp\s*;\s*(?=[245]\d\d|[245]\.\d)/i,
  /\bresponded as follows:\s*\[?/i,
  /\bthe (?:response|error)(?: that the other server returned| from the remote server)? was:\s*/i,
  /\bthe error that the other server returned was:\s*/i,
  /\b(?:said|refused to talk to me|responded with(?: failure)?|did not like our [A-Za-z ]{2,20}|reason|error message below|server message|reported error)\s*:\s*/i,
  /(?:^|\n)[ \t]{0,8}<<<\s*(?=[245]\d\d)/,
];

/** Words with a code in them: a reply, or an enhanced code. */
const CODE = /(?<![\w.:/-])(?:[245][0-7]\d(?=[ :#-])(?!\.\d)|#?[245]\.\d\.\d{1,3}(?![\d.]))/;

/**
 * The words of the server that refused, out of the words of the one that reports; without what the reporter added behind them. The
 * reporter's own words where it reports a trouble of its own; null where there are none.
 */
export function remoteWords(words: string): string | null {
  const text = tidy(words).trim();
  if (text === '') return null;
  const code = CODE.exec(text);
  if (code !== null && code.index === 0) return oneLine(endOfAnswer(text));
  // Sun and Oracle give their own words as the reason, the answer below them.
  const diagnostic = /(?:^|\n) ?diagnostic[ -]code ?: ?(?:smtp ?; ?)?/i.exec(text);
  if (diagnostic !== null) {
    const answer = endOfAnswer(text.slice(diagnostic.index + diagnostic[0].length));
    if (CODE.test(answer)) return oneLine(answer);
  }
  // The outermost quotation: an answer may itself quote that of a server behind it.
  const starts = ANSWER_STARTS.map((start) => start.exec(text)).filter((found) => found !== null);
  const first = starts.sort((one, other) => one.index - other.index)[0];
  if (first !== undefined) {
    const answer = first[0].includes('<<<')
      ? answerOfTranscript(text.slice(first.index))
      : endOfAnswer(text.slice(first.index + first[0].length));
    if (oneLine(answer) !== '') return oneLine(answer);
  }
  // The code may stand behind the words it belongs to: `Sorry, no mailbox here by that name. (#5.1.1)`.
  if (code === null || text.slice(code.index - 2, code.index).includes('(') || code[0].startsWith('#'))
    return oneLine(endOfAnswer(text));
  return oneLine(endOfAnswer(text.slice(code.index)));
}

/** The lines with `<<<` that follow one another. */
function answerOfTranscript(text: string): string {
  const lines: string[] = [];
  for (const line of text.trim().split('\n')) {
    const answer = /^\s*<<<\s?(.*)$/.exec(line)?.[1];
    if (answer === undefined) break;
    lines.push(answer);
  }
  return lines.join(' ');
}

/** Cuts what reporters write behind the answer they quote. */
function endOfAnswer(text: string): string {
  const end =
    /\s{0,8}\(in reply to [^()]{1,40}command\)|\n\s{0,8}(?:giving up on |remote system ?:|i'm not going to try again|---|===)|\n\s{0,8}\n|['’”"]\s*(?:\n|$)/i.exec(
      text,
    );
  return end === null || end.index === 0 ? text : text.slice(0, end.index);
}

function oneLine(text: string): string {
  return text
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^\[(.{1,2000})\]$/, '$1')
    .replace(/^['"‘’“”]+|\]$/g, '')
    .trim()
    .slice(0, 2000);
}
