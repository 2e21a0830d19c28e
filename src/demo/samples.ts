import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../package-root.ts';
import { fillPlaceholders } from './placeholders.ts';

/** A sample mail in `samples/`: `ages` says how long before now it reached the mailbox, once for each time that it did. */
export interface Sample {
  readonly file: string;
  readonly ages: readonly Age[];
  /** What it shows, in one line. */
  readonly shows: string;
}

/** Days, hours or minutes: `16d`, `3h`, `90m`. */
export type Age = `${number}${'d' | 'h' | 'm'}`;

/** A sample as it lies in the mailbox. */
export interface SampleMail {
  readonly sample: Sample;
  readonly arrivedAt: Date;
  /** Line ends are CRLF, as IMAP has them. */
  readonly raw: Buffer;
}

const UNIT_MS = { d: 86_400_000, h: 3_600_000, m: 60_000 } as const;

/**
 * The sample mails as of `now`, oldest first. Their dates are counted back from now, since rules that look at repetition
 * would tell another story about mails of a fixed date. Every mail is unique, because its dates and Message-ID are.
 */
export function readSamples(now: Date = new Date()): SampleMail[] {
  return samples
    .flatMap((sample) => {
      const template = readFileSync(join(packageRoot, 'src', 'demo', 'samples', `${sample.file}.eml`));
      return sample.ages.map((age) => {
        const arrivedAt = new Date(now.getTime() - ageMs(age));
        return { sample, arrivedAt, raw: withCrlf(fillPlaceholders(template, arrivedAt)) };
      });
    })
    .sort((a, b) => a.arrivedAt.getTime() - b.arrivedAt.getTime());
}

function ageMs(age: Age): number {
  return Number.parseInt(age, 10) * UNIT_MS[age.at(-1) as keyof typeof UNIT_MS];
}

function withCrlf(mail: Buffer): Buffer {
  return Buffer.from(mail.toString('latin1').replace(/\r?\n/g, '\r\n'), 'latin1');
}

export const samples: readonly Sample[] = [
  { file: 'postfix-user-unknown', ages: ['26h'], shows: 'Postfix: the mailbox does not exist' },
  { file: 'postfix-domain-not-found', ages: ['25h'], shows: 'Postfix: the domain does not exist' },
  { file: 'postfix-null-mx', ages: ['25h'], shows: 'Postfix: the domain says that it takes no mail at all (null MX)' },
  { file: 'exim-user-unknown', ages: ['24h'], shows: 'Exim with a machine-readable part: no such mailbox at the remote server' },
  { file: 'exim-text-only', ages: ['24h'], shows: 'Old Exim, text alone: the address failed in local routing' },
  { file: 'sendmail-user-unknown', ages: ['23h'], shows: 'Sendmail: user unknown, said by the remote server' },
  { file: 'qmail-no-mailbox', ages: ['23h'], shows: 'qmail: plain text, no mailbox by that name' },
  { file: 'qmail-remote-refusal', ages: ['22h'], shows: 'qmail: the remote host has disabled the account' },
  { file: 'exchange-2003-user-unknown', ages: ['22h'], shows: 'Exchange 2003: the address does not exist in the organisation' },
  { file: 'exchange-2010-recipient-not-found', ages: ['21h'], shows: 'Exchange 2010, two sections: RESOLVER.ADR.RecipNotFound' },
  {
    file: 'exchange-2019-remote-5.4.1',
    ages: ['20h'],
    shows: 'Exchange 2019 quotes Exchange Online: 5.4.1 that means "no such recipient"',
  },
  {
    file: 'exchange-2007-relay-530',
    ages: ['20h'],
    shows: 'Exchange 2007, all in one line: the remote server wants a login; says nothing of the address',
  },
  {
    file: 'exchange-german-user-unknown',
    ages: ['19h'],
    shows: 'Exchange auf Deutsch: the same verdict from a translated report',
  },
  {
    file: 'exchange-french-group-closed',
    ages: ['19h'],
    shows: 'Exchange en français: a group that takes mail from inside only; the address lives',
  },
  {
    file: 'exchange-online-recipient-not-found',
    ages: ['18h'],
    shows: 'Exchange Online, newest layout: 5.1.10, the recipient was not found',
  },
  {
    file: 'exchange-online-sender-not-allowed',
    ages: ['18h'],
    shows: 'Exchange Online, newest layout: the mailbox takes mail from known senders only; held, not removed',
  },
  { file: 'gmail-address-not-found', ages: ['17h'], shows: 'Gmail: 5.1.1 in four lines, the address does not exist' },
  { file: 'gmail-mailbox-full', ages: ['16h'], shows: 'Gmail: out of storage space; passes by itself, so it only counts' },
  { file: 'gmail-dmarc', ages: ['16h'], shows: 'Gmail: 5.7.26, our own SPF and DKIM failed; nothing to do with the address' },
  { file: 'gmail-report-domain-not-found', ages: ['15h'], shows: 'A report written by Gmail itself: DNS has no such domain' },
  { file: 'yahoo-user-unknown', ages: ['15h'], shows: 'Yahoo: 554 delivery error, not a valid recipient (no enhanced code)' },
  { file: 'yahoo-deferred-volume', ages: ['15h'], shows: 'Yahoo: deferred for volume; a warning, still being tried' },
  { file: 'outlook-com-mailbox-unavailable', ages: ['14h'], shows: 'Outlook.com: 5.5.0 that means "no such mailbox"' },
  {
    file: 'outlook-com-ip-blocked',
    ages: ['14h'],
    shows: 'Outlook.com: our IP address is on its block list (S3140); the address lives',
  },
  { file: 'icloud-user-unknown', ages: ['13h'], shows: 'iCloud: no user record found' },
  { file: 'icloud-over-quota', ages: ['13h'], shows: 'iCloud: the mailbox is full' },
  {
    file: 'gmx-ip-blocked',
    ages: ['12h'],
    shows: 'GMX: one cause (our IP address), four recipients; a single decision settles them',
  },
  { file: 'gmx-user-unknown', ages: ['12h'], shows: 'GMX: mailbox unavailable' },
  { file: 'amazon-ses-user-unknown', ages: ['11h'], shows: 'Amazon SES: the receiving host knows no such user' },
  { file: 'amazon-ses-suppressed', ages: ['11h'], shows: 'Amazon SES: never sent, the address is on its own suppression list' },
  {
    file: 'esp-html-report',
    ages: ['10h'],
    shows: 'A sending service that reports in its own words, with a machine-readable part',
  },
  { file: 'powermta-bad-mailbox', ages: ['10h'], shows: 'PowerMTA: bad mailbox, with a comment after the status code' },
  {
    file: 'powermta-spam-related',
    ages: ['10h'],
    shows: 'PowerMTA: refused as spam; the content or our reputation, not the address',
  },
  { file: 'opensmtpd-invalid-recipient', ages: ['9h'], shows: 'OpenSMTPD: invalid recipient, no machine-readable part' },
  { file: 'courier-user-unknown', ages: ['9h'], shows: 'Courier: user unknown in the words of the remote server' },
  { file: 'haraka-bad-recipient', ages: ['8h'], shows: 'Haraka: plain text, the reason in one line' },
  { file: 'kumomta-user-unknown', ages: ['8h'], shows: 'KumoMTA: user unknown' },
  { file: 'proofpoint-reputation', ages: ['7h'], shows: 'Proofpoint: blocked for the reputation of our IP address' },
  { file: 'mimecast-policy', ages: ['7h'], shows: 'Mimecast: the recipient has blocked the sender by policy' },
  { file: 'barracuda-blocked', ages: ['7h'], shows: 'Barracuda: the IP address is listed by Barracuda Reputation' },
  {
    file: 'docomo-japanese',
    ages: ['6h'],
    shows: 'A Japanese carrier (iso-2022-jp): its "Unknown user" may be a filter of the reader\'s as well, so held',
  },
  { file: 'yandex-russian', ages: ['6h'], shows: 'A Russian report: "No such user!" under the code 5.7.1' },
  { file: 'mailru-account-disabled', ages: ['6h'], shows: 'Mail.ru: the account is disabled' },
  { file: 'qq-chinese', ages: ['5h'], shows: 'QQ Mail: a Chinese report in gb18030 and base64, without machine-readable part' },
  {
    file: 'mailbox-full-for-weeks',
    ages: ['16d', '12d', '8d', '4d', '90m'],
    shows: 'One recipient, five reports of a full mailbox over sixteen days: flagged at the fifth',
  },
  {
    file: 'mailbox-full-within-an-hour',
    ages: ['55m', '45m', '35m', '25m', '15m'],
    shows: 'Another with five reports of a full mailbox within an hour: counted, never flagged',
  },
  { file: 'greylisted-delay', ages: ['5h'], shows: 'Postfix: greylisted; a warning alone, the mail is still being tried' },
  { file: 'exim-warning-timeout', ages: ['5h'], shows: 'Exim: a warning, no answer from the host for a day' },
  {
    file: 'sendmail-expired',
    ages: ['5h'],
    shows: 'Sendmail: gave up after five days without an answer; that passes, so it only counts',
  },
  {
    file: 'exchange-online-expired',
    ages: ['4h'],
    shows: 'Exchange Online: expired, connection refused by the remote host; a code with 5 that passes',
  },
  { file: 'rate-limited', ages: ['4h'], shows: 'Postfix: too many mails an hour; slow down, nothing wrong with the addresses' },
  { file: 'mail-loop', ages: ['4h'], shows: 'Sendmail: the mail went round in circles at the recipient (too many hops)' },
  { file: 'system-full', ages: ['4h'], shows: 'Postfix: the disk of the receiving server is full' },
  { file: 'spf-fail', ages: ['3h'], shows: 'Postfix: refused by SPF; our DNS is at fault, the address lives' },
  { file: 'dkim-fail', ages: ['3h'], shows: 'Postfix: refused because our DKIM signature did not verify' },
  { file: 'dmarc-reject', ages: ['3h'], shows: 'Exim: refused by our own DMARC policy' },
  { file: 'reverse-dns-missing', ages: ['3h'], shows: 'Postfix: our host has no reverse DNS' },
  { file: 'relay-denied', ages: ['3h'], shows: 'Sendmail: relaying denied; the domain points at a host that does not serve it' },
  {
    file: 'submission-quota',
    ages: ['3h'],
    shows: 'Exchange: our own account has sent too much today; neither recipient is at fault',
  },
  { file: 'tls-required', ages: ['2h'], shows: 'Postfix: the recipient demands TLS and our side did not offer a valid one' },
  { file: 'spam-score', ages: ['2h'], shows: 'Exim: SpamAssassin gave the letter too many points; the content, not the address' },
  { file: 'virus-found', ages: ['2h'], shows: 'Postfix: a scanner saw a virus in the attachment' },
  { file: 'message-too-big', ages: ['2h'], shows: 'Postfix: larger than the receiving server takes' },
  {
    file: 'attachment-refused',
    ages: ['2h'],
    shows: 'Gmail: an attachment of a kind that it never takes (written by Gmail itself)',
  },
  { file: 'three-recipients', ages: ['2h'], shows: 'One report, three recipients, three outcomes: dead, full, refused as spam' },
  { file: 'has-moved', ages: ['2h'], shows: 'Exim: the mailbox has moved; the old address is dead' },
  {
    file: 'forwarded-recipient',
    ages: ['2h'],
    shows: 'The target of a forwarding failed: Original-Recipient is the address on our list',
  },
  {
    file: 'old-exchange-x500',
    ages: ['90m'],
    shows: 'Exchange 5.1.1 for an outdated internal name (IMCEAEX); says nothing of an SMTP address',
  },
  {
    file: 'backscatter',
    ages: ['90m'],
    shows: 'A well-formed report about a mail that we never sent: recorded, marked as unverified',
  },
  {
    file: 'complaint-with-recipient',
    ages: ['80m'],
    shows: 'A complaint (ARF): the reader pressed "this is spam"; flagged at once',
  },
  {
    file: 'complaint-by-returned-mail',
    ages: ['80m'],
    shows: 'A complaint that names nobody: the recipient stands in the returned mail alone',
  },
  { file: 'out-of-office-english', ages: ['70m'], shows: 'Out of office, in English: an automatic answer, no bounce' },
  { file: 'out-of-office-german', ages: ['70m'], shows: 'Abwesenheitsnotiz: the same in German' },
  { file: 'out-of-office-japanese', ages: ['70m'], shows: 'The same in Japanese (iso-2022-jp)' },
  { file: 'success-report', ages: ['60m'], shows: 'A report of success (Postfix): delivered, resets what was counted' },
  { file: 'person-answers', ages: ['50m'], shows: 'A person answers the letter: ordinary mail, stays where it is' },
  { file: 'newsletter', ages: ['50m'], shows: 'A newsletter about mail delivery, full of the words of bounces: ordinary mail' },
  { file: 'read-receipt', ages: ['50m'], shows: 'A read receipt (MDN): the mail was displayed; no bounce' },
  {
    file: 'thread-quoting-a-bounce',
    ages: ['40m'],
    shows: 'Colleagues discuss a bounce and quote it: ordinary mail, nobody is flagged',
  },
  {
    file: 'spam-posing-as-a-bounce',
    ages: ['40m'],
    shows: 'Spam with "delivery failed" in its subject: ordinary mail, nobody is flagged',
  },
  { file: 'hostile', ages: ['30m'], shows: 'Hostile: terminal escapes, HTML, NUL, a formula, and a reply of 2,000 characters' },
  { file: 'half-a-report', ages: ['30m'], shows: 'Half a report: cut off in the middle; what can be read is kept' },
  {
    file: 'unknown-dialect',
    ages: ['20m'],
    shows: 'A report in a dialect that says next to nothing: no guess about the address, a person decides',
  },
];
