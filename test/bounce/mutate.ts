/** Deterministic damage to mails: the same seed, the same mails. Strings are bytes here (latin1). */

/** Numbers of chance from 0 up to 1. */
export type Chance = () => number;

/** mulberry32: small, even, and the same on every machine. */
export function chanceFrom(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Mutation = (mail: string, chance: Chance, other: string) => string;

/** Bytes of a mutated mail at most: some more than the parser looks at. */
const MAX_BYTES = 1_200_000;

const whole = (chance: Chance, below: number) => Math.floor(chance() * below);
const oneOf = <T>(chance: Chance, list: readonly T[]): T => list[whole(chance, list.length)]!;
/** Mostly small, now and then as large as `most`: every order of magnitude is as likely as the next. */
const size = (chance: Chance, most: number) => Math.floor(most ** chance());

function span(mail: string, chance: Chance): [number, number] {
  const from = whole(chance, mail.length + 1);
  return [from, Math.min(mail.length, from + size(chance, Math.max(2, mail.length)))];
}

const insert = (mail: string, at: number, what: string) => mail.slice(0, at) + what + mail.slice(at);

/** A run of `unit` that is no longer than the bound. */
const run = (unit: string, times: number) =>
  unit.repeat(Math.min(times, Math.max(1, Math.floor(MAX_BYTES / Math.max(1, unit.length)))));

const headEnd = (mail: string) => {
  const found = /\r\n\r\n|\n\n|\r\r/.exec(mail);
  return found === null ? mail.length : found.index;
};

const boundariesOf = (mail: string) =>
  [...mail.matchAll(/boundary="?([^"\s;]{1,100})/gi)]
    .map((match) => match[1]!)
    .filter((boundary) => mail.includes(`--${boundary}`));

/** The lines of a mail with their ends. */
const linesOf = (mail: string) => mail.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** Addresses, or what might pass for one, that hurt whoever believes them. */
const HOSTILE_ADDRESSES = [
  '@',
  '@@',
  'a@',
  '@example.com',
  'a b@example.com',
  '"a b"@example.com',
  '"<script>"@example.com',
  '"a\\"b"@example.com',
  '"a\tb"@example.com',
  'a\0b@example.com',
  'a\x1b[2Jb@example.com',
  'a@exam\x07ple.com',
  'a@b@c@example.com',
  'a@example..com',
  'a@.',
  'a@[192.0.2.1]',
  'a@[IPv6:2001:db8::1]',
  '=cmd|x!A1@example.com',
  "'; drop table bounces; --@example.com",
  'constructor@__proto__',
  '__proto__@example.com',
  'a\xc2\x85b@example.com',
  'a\xe2\x80\xaeb@example.com',
  'a\xe2\x80\xa8b@example.com',
  'a\xc2\xa0b@example.com',
  '\xed\xa0\x80@example.com',
  'a@\xed\xb0\x80.example.com',
  'a@xn--\xff.example.com',
  'a@xn--a.example.com',
  'rfc822;rfc822;rfc822;a@example.com',
  'utf-8;\\x{D800}a@example.com',
  'utf-8;a\\x{0}b\\x{40}example.com',
  'a+00b+40example.com',
  'a+0Ab+20c+3C@example.com',
  '<<<<a@example.com>>>>',
  '<a@example.com',
  'a@example.com>',
  `${'a'.repeat(5000)}@example.com`,
  `a@${'b.'.repeat(5000)}example.com`,
  `${'a@'.repeat(5000)}example.com`,
  `${'<'.repeat(3000)}a@example.com${'>'.repeat(3000)}`,
];

const CONTROLS = [
  '\0',
  '\x01',
  '\x07',
  '\x08',
  '\x0b',
  '\x0c',
  '\x1b[31m',
  '\x7f',
  '\x85',
  '\xff\xfe',
  '\xc2\x85',
  '\xe2\x80\xa8',
  '\xe2\x80\xae',
];
const BROKEN_UTF8 = [
  '\xff',
  '\xc3',
  '\xe2\x82',
  '\xf0\x9f\x98',
  '\xed\xa0\x80',
  '\xed\xb0\x80',
  '\xc0\x80',
  '\xf4\x90\x80\x80',
  '\x80\x80\x80',
];
const ENCODINGS = ['base64', 'quoted-printable', '8bit', '7bit', 'binary', 'x-uuencode', 'BASE64 ', '', 'quoted-printable; x'];
const CHARSETS = [
  'utf-8',
  'utf-16',
  'utf-16le',
  'utf-7',
  'iso-2022-jp',
  'gb18030',
  'euc-kr',
  'shift_jis',
  'hz-gb-2312',
  'us-ascii',
  'windows-1252',
  'none',
  '',
  'x'.repeat(300),
  '=?utf-8?Q?a?=',
];
const TYPES = [
  'text/plain',
  'text/html',
  'message/rfc822',
  'message/delivery-status',
  'message/global-delivery-status',
  'message/feedback-report',
  'message/disposition-notification',
  'multipart/mixed',
  'multipart/report',
  'multipart/digest',
  'text/rfc822-headers',
  'application/octet-stream',
  '/',
  '',
];
const UNITS = [
  'a',
  ' ',
  '\t',
  '\n',
  '\r',
  '\r\n',
  '<',
  '>',
  '(',
  '"',
  '@',
  'a@',
  '.',
  'a.',
  '-',
  '=',
  '=\n',
  '\0',
  '\xff',
  '\xe9',
  '5.1.1 ',
  '550 ',
  '#5.1.1 ',
  '>>> RCPT TO:<a@example.com>\n<<< 550 5.1.1 x\n',
  '<a@example.com>: ',
  '<a@example.com>:\n',
  'could not be delivered ',
  '=?utf-8?Q?=C3=A4?= ',
  '&#64;',
  '&lt;',
  '<p',
  '<script>',
  '<!--',
  'host a.example ',
  '-> ',
  '{"',
  '[',
  'Final-Recipient: rfc822; a@example.com\n',
  'Received: from a by b\n',
  '\xe3\x80\x80',
  '* ',
  '>',
  '# ',
];
const FIELDS = [
  'Final-Recipient: rfc822; b@example.net',
  'Original-Recipient: rfc822; c@example.net',
  'Action: failed',
  'Action: delayed',
  'Status: 5.1.1',
  'Status: 4.2.2 (x)',
  'Diagnostic-Code: smtp; 550 5.1.1 no such user',
  'Remote-MTA: dns; mx.example.net',
  'Content-Type: multipart/report; report-type=delivery-status; boundary=b',
  'Content-Transfer-Encoding: base64',
  'Subject: Undelivered Mail Returned to Sender',
  'From: MAILER-DAEMON@example.org',
  'To: a@example.com',
  'Auto-Submitted: auto-replied',
  'X-Failed-Recipients: d@example.net',
  'Message-ID: <a@example.com>',
];

/** Changes the value of a field wherever it stands. */
const lie = (mail: string, field: string, value: string) =>
  mail.replace(new RegExp(`^${field}:[^\\n]*(?:\\n[ \\t][^\\n]*)*`, 'gim'), `${field}: ${value}`);

export const MUTATIONS: Readonly<Record<string, Mutation>> = {
  'recipients many times': (mail, chance) => {
    const group = /^final-recipient:[^\n]*\n(?:[^\n]+\n){0,20}/im.exec(mail);
    const paragraph = /\n\n([^\n]*@[^\n]*\n(?:[^\n]+\n){0,20})/.exec(mail);
    const [at, piece] = group ? [group.index, group[0]] : [paragraph?.index ?? 0, paragraph?.[1] ?? ''];
    if (piece === '') return mail;
    const count = Math.min(size(chance, 1500), Math.floor(MAX_BYTES / piece.length));
    const copies = Array.from({ length: count }, (_, i) => piece.replace(/[^\s<>;:@]{1,64}(?=@)/g, `u${i}`));
    return insert(mail, at, `${copies.join('\n')}\n`);
  },
  cut: (mail, chance) => mail.slice(0, whole(chance, mail.length + 1)),
  beheaded: (mail, chance) => mail.slice(whole(chance, mail.length + 1)),
  'a piece taken out': (mail, chance) => {
    const [from, to] = span(mail, chance);
    return mail.slice(0, from) + mail.slice(to);
  },
  'spliced with another': (mail, chance, other) =>
    mail.slice(0, whole(chance, mail.length + 1)) + other.slice(whole(chance, other.length + 1)),
  'a piece of another put in': (mail, chance, other) =>
    insert(mail, whole(chance, mail.length + 1), other.slice(...span(other, chance))),
  'bytes flipped': (mail, chance) => {
    const bytes = Buffer.from(mail, 'latin1');
    for (let n = size(chance, 300); n > 0 && bytes.length > 0; n--) bytes[whole(chance, bytes.length)]! ^= 1 << whole(chance, 8);
    return bytes.toString('latin1');
  },
  'bytes of chance': (mail, chance) =>
    insert(
      mail,
      whole(chance, mail.length + 1),
      String.fromCharCode(...Array.from({ length: size(chance, 3000) }, () => whole(chance, 256))),
    ),
  'lines shuffled': (mail, chance) => {
    const lines = linesOf(mail);
    for (let n = size(chance, 40); n > 0 && lines.length > 1; n--)
      lines.splice(whole(chance, lines.length), 0, ...lines.splice(whole(chance, lines.length), 1 + whole(chance, 4)));
    return lines.join('');
  },
  'a line repeated': (mail, chance) => {
    const lines = linesOf(mail);
    const at = whole(chance, lines.length);
    return [...lines.slice(0, at), run(lines[at] ?? '\n', size(chance, 20_000)), ...lines.slice(at)].join('');
  },
  'a field repeated': (mail, chance) => {
    const lines = linesOf(mail);
    const at = whole(chance, chance() < 0.5 ? 20 : lines.length);
    return [
      ...lines.slice(0, at),
      run(`${oneOf(chance, FIELDS)}\n${chance() < 0.3 ? '\n' : ''}`, size(chance, 10_000)),
      ...lines.slice(at),
    ].join('');
  },
  'parts shuffled': (mail, chance) => {
    const boundary = boundariesOf(mail)[0];
    if (boundary === undefined) return mail;
    const [preamble = '', ...parts] = mail.split(`--${boundary}`);
    for (let n = 3; n > 0; n--) parts.splice(whole(chance, parts.length), 0, ...parts.splice(whole(chance, parts.length), 1));
    return [preamble, ...parts].join(`--${boundary}`);
  },
  'parts multiplied': (mail, chance) => {
    const boundary = boundariesOf(mail)[0];
    if (boundary === undefined) return mail;
    const [preamble = '', ...parts] = mail.split(`--${boundary}`);
    const at = whole(chance, parts.length);
    const again = run(`--${boundary}${parts[at]}`, size(chance, 2000));
    return `${preamble}${again}${parts.map((part) => `--${boundary}${part}`).join('')}`;
  },
  'nested deeper': (mail, chance) => {
    let nested = mail;
    for (let n = 1 + size(chance, 40); n > 0 && nested.length < MAX_BYTES; n--)
      nested =
        chance() < 0.5
          ? `${mail.slice(0, headEnd(mail)).replace(/^content-[^\n]*\n(?:[ \t][^\n]*\n)*/gim, '')}\nContent-Type: message/rfc822\n\n${nested}`
          : `Content-Type: multipart/mixed; boundary="n${n}"\n\n--n${n}\n${nested}\n--n${n}--\n`;
    return nested;
  },
  'boundary damaged': (mail, chance) => {
    const boundary = boundariesOf(mail)[0];
    if (boundary === undefined) return mail;
    const damaged = oneOf(chance, [
      '',
      '-',
      '--',
      boundary.slice(1),
      `${boundary}x`,
      `${boundary}--`,
      boundary.toUpperCase(),
      `${boundary}${'b'.repeat(2000)}`,
      '"',
      '\\"',
    ]);
    return chance() < 0.5
      ? mail.replace(boundary, () => damaged)
      : mail.replaceAll(`--${boundary}`, (found) => (chance() < 0.5 ? `--${damaged}` : found));
  },
  'transfer encoding lied about': (mail, chance) => {
    const lied = `Content-Transfer-Encoding: ${oneOf(chance, ENCODINGS)}`;
    if (/^content-transfer-encoding:/im.test(mail))
      return mail.replace(/^content-transfer-encoding:[^\n]*/gim, (found) => (chance() < 0.6 ? lied : found));
    return mail.replace(/^content-type:/gim, (found) => (chance() < 0.7 ? `${lied}\n${found}` : found));
  },
  'charset lied about': (mail, chance) => {
    const charset = oneOf(chance, CHARSETS);
    return /charset=/i.test(mail)
      ? mail.replace(/charset="?[^";\s]*"?/gi, `charset="${charset}"`)
      : lie(mail, 'content-type', `text/plain; charset=${charset}`);
  },
  'type lied about': (mail, chance) => {
    const type = oneOf(chance, TYPES);
    return mail.replace(/^(content-type:[ \t]*)[^;\s]*/gim, (found, label: string) => (chance() < 0.4 ? label + type : found));
  },
  'folding broken': (mail, chance) => {
    const how = whole(chance, 4);
    if (how === 0) return mail.replace(/\n[ \t]+/g, (found) => (chance() < 0.5 ? '\n' : found));
    if (how === 1) return mail.replace(/\n/g, (found) => (chance() < 0.1 ? '\n ' : found));
    if (how === 2) return mail.replace(/(:[ \t])/g, (found) => (chance() < 0.2 ? ':\n\t' : found));
    return insert(
      mail,
      whole(chance, mail.length + 1),
      run(oneOf(chance, ['\n ', '\n\t', '\r\n x', '\n \n ']), size(chance, 50_000)),
    );
  },
  'lines joined': (mail, chance) => {
    const [from, to] = chance() < 0.5 ? [headEnd(mail) + 2, mail.length] : span(mail, chance);
    return (
      mail.slice(0, from) +
      run(mail.slice(from, to).replace(/[\r\n]+/g, oneOf(chance, [' ', '', '\t'])), size(chance, 200)) +
      mail.slice(to)
    );
  },
  'a long run': (mail, chance) => insert(mail, whole(chance, mail.length + 1), run(oneOf(chance, UNITS), size(chance, 300_000))),
  'a long run in the words': (mail, chance) => {
    const lines = linesOf(mail);
    const body = lines.findIndex((line) => line.trim() === '');
    const at = body + whole(chance, lines.length - body);
    return [
      ...lines.slice(0, at),
      run(oneOf(chance, UNITS) + (chance() < 0.3 ? oneOf(chance, UNITS) : ''), size(chance, 100_000)),
      ...lines.slice(at),
    ].join('');
  },
  'UTF-8 broken': (mail, chance) => {
    let broken = mail;
    for (let n = size(chance, 50); n > 0; n--)
      broken = insert(broken, whole(chance, broken.length + 1), oneOf(chance, BROKEN_UTF8));
    return broken;
  },
  'control characters': (mail, chance) => {
    let dirty = mail;
    for (let n = size(chance, 50); n > 0; n--) dirty = insert(dirty, whole(chance, dirty.length + 1), oneOf(chance, CONTROLS));
    return dirty;
  },
  'line ends mixed': (mail, chance) =>
    mail.replace(/\r?\n/g, (found) => oneOf(chance, ['\n', '\r\n', '\r', '\n\r', found, found])),
  'hostile addresses': (mail, chance) => {
    const share = chance();
    return mail.replace(/[^\s<>"'();:,]{1,64}@[^\s<>"'();:,]{1,100}/g, (found) =>
      chance() < share ? oneOf(chance, HOSTILE_ADDRESSES) : found,
    );
  },
  'numbers changed': (mail, chance) => {
    const share = chance();
    return mail.replace(/\d{1,5}/g, (found) =>
      chance() < share ? oneOf(chance, ['0', '5', '550', '450', '5.1.1', '999', '1'.repeat(400), found]) : found,
    );
  },
  'encoded words': (mail, chance) => {
    const word = oneOf(chance, [
      '=?utf-8?B?////?=',
      '=?utf-8?Q?=00=ED=A0=80?=',
      '=?iso-2022-jp?B?GyRC?=',
      '=?x?Q??=',
      '=?utf-8?B?PGFAYi5leGFtcGxlPg==?=',
      '=?',
      '?=',
      '=?utf-8?Q?=0D=0ATo:_a@example.com?=',
    ]);
    return mail.replace(/: /g, (found) =>
      chance() < 0.2 ? `: ${run(word + oneOf(chance, ['', ' ', '\n ']), size(chance, 1000))}` : found,
    );
  },
  doubled: (mail) => mail + mail,
};

const NAMES = Object.keys(MUTATIONS);

export interface Mutated {
  readonly bytes: Buffer;
  /** What was done to it, in order. */
  readonly story: readonly string[];
}

/** The mail of this number: one of `mails` with one to four damages. */
export function mutated(mails: readonly Buffer[], seed: number, number: number): Mutated {
  const chance = chanceFrom(Math.imul(seed + 1, 0x9e3779b1) ^ Math.imul(number + 1, 0x85ebca6b));
  const which = whole(chance, mails.length);
  const other = mails[whole(chance, mails.length)]!.toString('latin1');
  let mail = mails[which]!.toString('latin1');
  const story = [`mail ${which}`];
  for (let n = 1 + whole(chance, 4); n > 0; n--) {
    const name = oneOf(chance, NAMES);
    mail = MUTATIONS[name]!(mail, chance, other).slice(0, MAX_BYTES);
    story.push(name);
  }
  return { bytes: Buffer.from(mail, 'latin1'), story };
}
