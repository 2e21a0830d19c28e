import type { BounceClass, Category, Fault } from '../vocabulary.ts';

/** A code of Exchange that Microsoft's table of Exchange Online codes does not hold. */
export interface ExchangeMeaning {
  readonly codes: readonly string[];
  readonly range?: readonly [string, string];
  readonly title: string;
  readonly class?: BounceClass;
  readonly category: Category;
  readonly fault: Fault;
  /** Any of these words tell the row. Without words the row holds for every answer of Exchange with this code. */
  readonly matchText?: readonly string[];
  /** The row holds without its words too; these only go before the phrases, which would take them for something else. */
  readonly alone?: true;
  readonly source: string;
}

const ONLINE = 'Exchange Online, later editions of the table and reports in the field';
const SERVER =
  'https://learn.microsoft.com/exchange/mail-flow/non-delivery-reports-and-bounce-messages/non-delivery-reports-and-bounce-messages';

/** Codes of Exchange Server, and of Exchange Online beside its table, in our own words. */
export const EXCHANGE_MEANINGS = [
  {
    codes: ['4.3.2'],
    title: 'Service of the server is down or switched off',
    category: 'system_error',
    fault: 'receiver_system',
    matchText: ['service not available', 'service not active', 'not accepting network messages'],
    source: SERVER,
  },
  {
    codes: ['5.3.3'],
    title: 'Command not understood',
    category: 'syntax_error',
    fault: 'sender_identity',
    matchText: ['unrecognized command'],
    source: SERVER,
  },
  {
    codes: ['5.1.351'],
    title: 'Wrapper: remote server does not know the recipient',
    category: 'user_unknown',
    fault: 'recipient',
    source: ONLINE,
  },
  {
    codes: ['5.7.350'],
    title: 'Wrapper: remote server took the message for spam',
    category: 'spam_detected',
    fault: 'content',
    source: ONLINE,
  },
  {
    codes: ['5.7.520'],
    title: 'Organisation forbids forwarding to the outside',
    category: 'policy_violation',
    fault: 'recipient_policy',
    matchText: ['external forwarding'],
    alone: true,
    source: 'Microsoft, "Configuring and controlling external email forwarding in Microsoft 365"',
  },
  {
    codes: ['4.4.8', '5.4.8'],
    title: 'No MX host fits the MTA-STS policy of the domain',
    category: 'security_error',
    fault: 'receiver_system',
    source: ONLINE,
  },
  {
    codes: ['4.7.5', '5.7.5'],
    title: 'Certificate of the destination fails the MTA-STS policy',
    category: 'security_error',
    fault: 'receiver_system',
    source: ONLINE,
  },
  {
    codes: ['5.7.703'],
    title: 'Blocked by the own Tenant Allow/Block List',
    category: 'policy_violation',
    fault: 'sender_account',
    matchText: ['tenant allow block list', 'tenant allow/block list', 'blocked by your organization'],
    alone: true,
    source: ONLINE,
  },
  {
    codes: ['5.7.800'],
    title: 'Sender domain banned',
    category: 'blocked',
    fault: 'sender_reputation',
    matchText: ['banned sender'],
    alone: true,
    source: ONLINE,
  },
  {
    codes: [],
    range: ['5.7.900', '5.7.999'],
    title: 'Refused by a mail flow rule with a number of its own',
    category: 'policy_violation',
    fault: 'recipient_policy',
    source: SERVER,
  },
  { codes: ['5.4.310'], title: 'DNS: domain does not exist', category: 'host_unknown', fault: 'recipient', source: ONLINE },
  { codes: ['4.4.310'], title: 'DNS: domain does not exist', category: 'host_unknown', fault: 'network', source: ONLINE },
  { codes: ['4.4.312', '5.4.312'], title: 'DNS query failed', category: 'host_unknown', fault: 'network', source: ONLINE },
  {
    codes: ['5.4.316'],
    title: 'Message expired, connection refused',
    class: 'temporary',
    category: 'expired',
    fault: 'network',
    matchText: ['message expired'],
    source: ONLINE,
  },
  {
    codes: ['4.4.317', '5.4.317'],
    title: 'STARTTLS is required',
    category: 'fail_to_tls',
    fault: 'receiver_system',
    source: ONLINE,
  },
  {
    codes: ['4.7.700'],
    title: 'Agent busy',
    class: 'temporary',
    category: 'rate_limited',
    fault: 'receiver_system',
    source: ONLINE,
  },
  {
    codes: ['5.2.1'],
    title: 'Quarantined by the content filter',
    category: 'spam_detected',
    fault: 'content',
    matchText: ['content filter agent quarantined'],
    source: SERVER,
  },
  { codes: ['5.1.3'], title: 'Invalid recipient address', category: 'user_unknown', fault: 'recipient', source: SERVER },
  {
    codes: ['5.1.4', '5.1.5'],
    title: 'Recipient address is in a reserved domain (RFC 2606)',
    category: 'user_unknown',
    fault: 'recipient',
    matchText: ['reserved by rfc 2606'],
    source: SERVER,
  },
  {
    codes: ['5.1.6'],
    title: 'Recipient domain has a single label',
    category: 'user_unknown',
    fault: 'recipient',
    matchText: ['single label'],
    source: SERVER,
  },
  { codes: ['5.1.7'], title: 'Sender address is not valid', category: 'rejected', fault: 'sender_identity', source: SERVER },
  { codes: ['5.2.3'], title: 'Too big for this mailbox', category: 'exceed_limit', fault: 'content', source: SERVER },
  {
    codes: ['5.3.0'],
    title: 'Too many related errors',
    category: 'content_error',
    fault: 'content',
    matchText: ['too many related errors'],
    source: SERVER,
  },
  {
    codes: ['5.3.2'],
    title: 'Store does not take the message',
    category: 'not_accept',
    fault: 'receiver_system',
    matchText: ['storedrv.deliver'],
    source: SERVER,
  },
  {
    codes: ['5.4.4'],
    title: 'Domain of the recipient does not exist',
    category: 'host_unknown',
    fault: 'recipient',
    matchText: ['smtpsend.dns.nonexistentdomain'],
    source: SERVER,
  },
  {
    codes: ['5.5.3'],
    title: 'Too many recipients',
    class: 'temporary',
    category: 'too_many_conn',
    fault: 'sender_identity',
    source: SERVER,
  },
  {
    codes: ['5.7.3'],
    title: 'Exchange servers could not authenticate to one another',
    category: 'security_error',
    fault: 'sender_identity',
    source: SERVER,
  },
] as const satisfies readonly ExchangeMeaning[];
