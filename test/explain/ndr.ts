/** Reports in the layouts of Exchange, built of what a test is about. Every name and address is an example. */

export interface DeliveryStatus {
  readonly reportingMta?: string;
  readonly recipients: readonly (readonly string[])[];
}

export interface Ndr {
  readonly from?: string;
  readonly subject?: string;
  /** The words for people. */
  readonly text: string;
  readonly charset?: string;
  readonly status?: DeliveryStatus;
  /** Header lines of the mail that came back. */
  readonly returned?: readonly string[];
}

export const ORIGINAL = [
  'Received: from app.shop.example.com (app.shop.example.com [192.0.2.11]) by out.shop.example.com with ESMTP id 1; Mon, 12 Oct 2026 08:00:00 +0000',
  'From: Shop <news@shop.example.com>',
  'To: anna@example.net',
  'Subject: Your order',
  'Date: Mon, 12 Oct 2026 08:00:00 +0000',
  'Message-ID: <order-4711@shop.example.com>',
];

/** The mail, with LF as line end; a text in another charset than utf-8 goes as quoted-printable made of its bytes. */
export function ndr({ from, subject, text, charset = 'utf-8', status, returned = ORIGINAL }: Ndr, body?: Uint8Array): Buffer {
  const words = body ?? Buffer.from(text, 'utf8');
  const parts = [
    [
      `Content-Type: text/plain; charset="${charset}"`,
      'Content-Transfer-Encoding: quoted-printable',
      '',
      quotedPrintable(words),
    ].join('\n'),
    ...(status ? [deliveryStatus(status)] : []),
    ...(returned.length > 0 ? [`Content-Type: message/rfc822\n\n${returned.join('\n')}\n\nThank you for your order.`] : []),
  ];
  const head = [
    'Return-Path: <>',
    'Received: from mail.example.org (mail.example.org [198.51.100.25]) by in.shop.example.com; Mon, 12 Oct 2026 09:00:00 +0000',
    `From: ${from ?? 'Microsoft Outlook <postmaster@example.org>'}`,
    'To: bounces@shop.example.com',
    `Subject: ${subject ?? 'Undeliverable: Your order'}`,
    'Date: Mon, 12 Oct 2026 09:00:00 +0000',
    'Message-ID: <report-1@mail.example.org>',
    'Auto-Submitted: auto-replied',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="=_part"',
    '',
  ].join('\n');
  return Buffer.from(`${head}\n${parts.map((part) => `--=_part\n${part}\n`).join('\n')}\n--=_part--\n`, 'utf8');
}

/** Text without a machine-readable part: the layout of old servers. */
export function plainNdr(text: string, { from, subject }: Pick<Ndr, 'from' | 'subject'> = {}): Buffer {
  return ndrWithout({ from, subject, text });
}

function ndrWithout({ from, subject, text }: Ndr): Buffer {
  return Buffer.from(
    [
      'Return-Path: <>',
      `From: ${from ?? 'Microsoft Outlook <postmaster@example.org>'}`,
      'To: bounces@shop.example.com',
      `Subject: ${subject ?? 'Undeliverable: Your order'}`,
      'Date: Mon, 12 Oct 2026 09:00:00 +0000',
      'Message-ID: <report-1@mail.example.org>',
      'MIME-Version: 1.0',
      'Content-Type: text/plain; charset="utf-8"',
      'Content-Transfer-Encoding: 8bit',
      '',
      text,
      '',
    ].join('\n'),
    'utf8',
  );
}

function deliveryStatus({ reportingMta = 'mail.example.org', recipients }: DeliveryStatus): string {
  const groups = [[`Reporting-MTA: dns;${reportingMta}`], ...recipients];
  return `Content-Type: message/delivery-status\n\n${groups.map((group) => group.join('\n')).join('\n\n')}\n`;
}

/** Fields of one recipient, the usual ones filled in. */
export function failed(address: string, status: string, diagnostic: string, ...more: readonly string[]): string[] {
  return [
    `Final-Recipient: rfc822;${address}`,
    'Action: failed',
    `Status: ${status}`,
    `Diagnostic-Code: smtp;${diagnostic}`,
    ...more,
  ];
}

/** RFC 2045 §6.7, lines broken at 72 characters wherever that falls. */
function quotedPrintable(bytes: Uint8Array): string {
  const lines: string[] = [];
  let line = '';
  for (const byte of bytes) {
    if (byte === 0x0a) {
      lines.push(line);
      line = '';
      continue;
    }
    const plain = (byte >= 0x21 && byte <= 0x7e && byte !== 0x3d) || byte === 0x20 || byte === 0x09;
    const next = plain ? String.fromCharCode(byte) : `=${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    if (line.length + next.length > 72) {
      lines.push(`${line}=`);
      line = '';
    }
    line += next;
  }
  return [...lines, line].join('\n');
}
