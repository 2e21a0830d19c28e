import { seededRandom } from '../support/random.ts';

/** What must be in the database once a mail has been dealt with. */
export interface ExpectedMail {
  number: number;
  kind: 'bounce' | 'delay' | 'other';
  /** Recipients with a row in `bounces`. */
  recipients: string[];
  /** Of these, the ones that must be flagged: each is named by this mail alone. */
  flagged: string[];
}

export interface ChaosMail extends ExpectedMail {
  raw: string;
}

const idPattern = /chaos\.\d+\.(\d+)@mailer\.example/;

/** The number of a mail, from its Message-ID; null for a mail that is not ours. */
export function numberOf(messageId: string): number | null {
  const found = idPattern.exec(messageId);
  return found ? Number(found[1]) : null;
}

/** The mail with this number: always the same for a seed. Eight in ten are bounces, one warns of a delay, one is from a person. */
export function chaosMail(seed: number, number: number): ChaosMail {
  const random = seededRandom(seed * 1_000_003 + number);
  const kind = random.weighted({ bounce: 8, delay: 1, other: 1 });
  const messageId = `<chaos.${seed}.${number}@mailer.example>`;
  if (kind === 'other') return { number, kind, recipients: [], flagged: [], raw: answer(messageId, number) };

  const own = Array.from(
    { length: kind === 'bounce' ? random.int(1, 3) : 1 },
    (_, n) => `subscriber-${number}-${n}@site-${random.int(1, 40)}.example`,
  );
  // Some recipients bounce again and again: their counts show whether a bounce was counted twice.
  const again = kind === 'bounce' && random.fraction() < 0.1 ? [`full-${random.int(1, 20)}@site-1.example`] : [];
  const reports = [
    ...own.map((recipient) => (kind === 'bounce' ? unknownUser(recipient) : stillTrying(recipient))),
    ...again.map((recipient) => fullMailbox(recipient)),
  ];
  return {
    number,
    kind,
    recipients: [...own, ...again],
    flagged: kind === 'bounce' ? own : [],
    raw: report(messageId, kind, reports, random.int(0, 6000)),
  };
}

interface RecipientReport {
  recipient: string;
  action: 'failed' | 'delayed';
  status: string;
  reply: string;
}

const unknownUser = (recipient: string): RecipientReport => ({
  recipient,
  action: 'failed',
  status: '5.1.1',
  reply: `550 5.1.1 <${recipient}>: Recipient address rejected: User unknown in local recipient table`,
});
const fullMailbox = (recipient: string): RecipientReport => ({
  recipient,
  action: 'failed',
  status: '5.2.2',
  reply: '552 5.2.2 Mailbox is full',
});
const stillTrying = (recipient: string): RecipientReport => ({
  recipient,
  action: 'delayed',
  status: '4.4.1',
  reply: 'connect to mx.site.example[192.0.2.25]:25: Connection timed out',
});

function answer(messageId: string, number: number): string {
  return lines(
    'Return-Path: <reader@people.example>',
    'From: A reader <reader@people.example>',
    'To: news@sender.example',
    `Subject: Re: our news, number ${number}`,
    `Message-ID: ${messageId}`,
    'Date: Mon, 23 Nov 2026 10:00:00 +0000',
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=utf-8',
    '',
    'Thank you, I read it with pleasure. When does the next one come?',
    '',
  );
}

function report(messageId: string, kind: 'bounce' | 'delay', reports: RecipientReport[], padding: number): string {
  const boundary = 'report_boundary_of_chaos';
  const failed = kind === 'bounce';
  return lines(
    'Return-Path: <>',
    'From: Mail Delivery System <MAILER-DAEMON@mx.relay.example>',
    'To: bounces@sender.example',
    `Subject: ${failed ? 'Undelivered Mail Returned to Sender' : 'Delayed Mail (still being retried)'}`,
    `Message-ID: ${messageId}`,
    'Date: Mon, 23 Nov 2026 10:00:00 +0000',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    `Content-Type: multipart/report; report-type=delivery-status; boundary="${boundary}"`,
    '',
    `--${boundary}`,
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'This is the mail system at host mx.relay.example.',
    '',
    failed
      ? 'Your message could not be delivered to one or more recipients.'
      : 'Your message could not be delivered for 4.0 hours. It will be retried.',
    '',
    ...reports.map(({ recipient, reply }) => `<${recipient}>: host mx.site.example[192.0.2.25] said: ${reply}`),
    '',
    `--${boundary}`,
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.relay.example',
    'Arrival-Date: Mon, 23 Nov 2026 09:59:00 +0000',
    '',
    ...reports.flatMap(({ recipient, action, status, reply }) => [
      `Final-Recipient: rfc822; ${recipient}`,
      `Original-Recipient: rfc822;${recipient}`,
      `Action: ${action}`,
      `Status: ${status}`,
      'Remote-MTA: dns; mx.site.example',
      `Diagnostic-Code: smtp; ${reply}`,
      '',
    ]),
    `--${boundary}`,
    'Content-Type: message/rfc822',
    '',
    'From: News <news@sender.example>',
    `To: ${reports[0]!.recipient}`,
    'Subject: Our news',
    `Message-ID: <sent.${messageId.slice(1)}`,
    '',
    ...Array.from({ length: Math.ceil(padding / 60) }, () => 'News of the week, with a line of text that fills the returned.'),
    '',
    `--${boundary}--`,
    '',
  );
}

const lines = (...parts: string[]) => parts.join('\r\n');
