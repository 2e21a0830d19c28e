import type { ProviderAnswer } from './answer.ts';

const SPAMHAUS = 'https://www.spamhaus.org';
const SPAMCOP = 'https://www.spamcop.net/bl.shtml';
const SORBS = 'SORBS (closed in June 2024)';
const UCEPROTECT = 'https://www.uceprotect.net';
const ABUSIX = 'https://abusix.com (lookup.abusix.com)';
const INVALUEMENT = 'https://www.invaluement.com';
const VALIDITY = 'https://senderscore.org';
const NIXSPAM = 'NiX Spam of iX magazine (ended in January 2025)';
const CLOUDMARK = 'https://csi.cloudmark.com/en/reset/';
const VADE = 'https://sendertool.vadesecure.com';
const MAILSPIKE = 'https://mailspike.io';
const PSBL = 'https://psbl.org';
const ZERO_SPAM = 'https://0spam.org';
const SURBL = 'https://surbl.org';
const URIBL = 'https://uribl.com';
const GBUDB = 'https://www.gbudb.com';
const DRONEBL = 'https://dronebl.org';
const BLOCKLIST_DE = 'https://www.blocklist.de';
const SPAMRATS = 'https://www.spamrats.com';
const HOSTKARMA = 'https://wiki.junkemailfilter.com/index.php/Spam_DNS_Lists';

/** Block lists, whose names and links stand in the answers of others. A list of IP addresses blames the host, one of domains the sender or a link. */
export const BLOCK_LISTS_ANSWERS = [
  {
    provider: 'spamhaus',
    match: ['check.spamhaus.org/returnc/pub', 'check.spamhaus.org/returnc/vol', 'error: open resolver'],
    anywhere: true,
    category: 'system_error',
    fault: 'receiver_system',
    title: 'The receiving server asks Spamhaus by a resolver that Spamhaus does not answer, and takes the refusal for a listing.',
    fix: 'Tell the administrator of the recipient; your host is not listed.',
    source: SPAMHAUS,
    example:
      '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org; Error: open resolver; https://check.spamhaus.org/returnc/pub/192.0.2.53/',
  },
  {
    provider: 'spamhaus',
    match: ['dbl.spamhaus.org', 'spamhaus.org/query/dbl', 'spamhaus.org/query/domain', 'spamhaus.org/dbl/query'],
    anywhere: true,
    category: 'rejected',
    fault: 'sender_reputation',
    title: "A domain in the sender, HELO or message is on Spamhaus's list of domains.",
    fix: 'Look up the domain at check.spamhaus.org and have it taken off.',
    source: SPAMHAUS,
    example:
      '554 5.7.1 Service unavailable; Sender address [news@example.org] blocked using dbl.spamhaus.org; https://www.spamhaus.org/query/dbl/example.org',
  },
  {
    provider: 'spamhaus',
    match: ['pbl.spamhaus.org', 'spamhaus.org/pbl/query', 'spamhaus.org/query/pbl'],
    anywhere: true,
    category: 'blocked',
    fault: 'sender_reputation',
    title: "The IP address is on Spamhaus's list of addresses that should not send mail directly.",
    fix: "Send by way of your provider's server, or take the address off at check.spamhaus.org.",
    source: SPAMHAUS,
    example: '550 5.7.1 Client host [192.0.2.1] rejected, see https://www.spamhaus.org/pbl/query/PBL000000',
  },
  {
    provider: 'spamhaus',
    match: ['xbl.spamhaus.org', 'spamhaus.org/query/xbl', 'cbl.abuseat.org', 'abuseat.org/lookup'],
    anywhere: true,
    category: 'blocked',
    fault: 'sender_reputation',
    title: 'The machine behind the IP address is taken over by a virus or robot.',
    fix: 'Clean the machine, then ask at check.spamhaus.org.',
    source: SPAMHAUS,
    example: '550 5.7.1 Mail from 192.0.2.1 refused, see https://www.abuseat.org/lookup.cgi?ip=192.0.2.1',
  },
  {
    provider: 'spamhaus',
    match: ['sbl.spamhaus.org', 'spamhaus.org/sbl/query', 'spamhaus.org/css'],
    anywhere: true,
    category: 'blocked',
    fault: 'sender_reputation',
    title: "The IP address or its network is on Spamhaus's list of sources of spam.",
    fix: 'Let the owner of the network ask Spamhaus.',
    source: SPAMHAUS,
    example: '550 5.7.1 Client host [192.0.2.1] refused, https://www.spamhaus.org/sbl/query/SBL000000',
  },
  {
    provider: 'spamhaus',
    match: [
      'zen.spamhaus.org',
      'zen.dq.spamhaus.net',
      'spamhaus.org/query/ip',
      'spamhaus.org/query/bl',
      'spamhaus.org/lookup',
      'check.spamhaus.org',
    ],
    anywhere: true,
    category: 'blocked',
    fault: 'sender_reputation',
    title: 'The IP address is on a list of Spamhaus.',
    fix: 'Look it up at check.spamhaus.org and follow what stands there.',
    source: SPAMHAUS,
    example:
      '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using zen.spamhaus.org; https://www.spamhaus.org/query/ip/192.0.2.1',
  },
  {
    provider: 'spamcop',
    match: ['bl.spamcop.net', 'spamcop.net/bl.shtml', 'spamcop.net/w3m'],
    anywhere: true,
    category: 'blocked',
    fault: 'sender_reputation',
    title: 'Users reported spam from the IP address to SpamCop; the listing ends by itself about a day after the last report.',
    fix: 'Stop the source of spam and wait.',
    source: SPAMCOP,
    example:
      '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using bl.spamcop.net; Blocked - see https://www.spamcop.net/bl.shtml?192.0.2.1',
  },
  {
    provider: 'sorbs',
    match: ['dnsbl.sorbs.net', 'sorbs.net/lookup', 'safe.dnsbl.sorbs'],
    anywhere: true,
    category: 'blocked',
    fault: 'sender_reputation',
    title: 'The IP address was on a list of SORBS, which ended in 2024.',
    fix: 'Tell the administrator of the recipient that the list is no more.',
    source: SORBS,
    example: '550 5.7.1 Service unavailable; client [192.0.2.1] blocked using dnsbl.sorbs.net',
  },
  {
    provider: 'uceprotect',
    match: [
      'dnsbl-1.uceprotect.net',
      'dnsbl-2.uceprotect.net',
      'dnsbl-3.uceprotect.net',
      'uceprotect.net/rblcheck',
      'uceprotect',
    ],
    anywhere: true,
    category: 'blocked',
    fault: 'sender_reputation',
    title:
      'The IP address, its network or its whole provider is on a list of UCEPROTECT; it ends by itself after seven days without spam.',
    fix: 'Wait, or ask the administrator of the recipient to allow your host.',
    source: UCEPROTECT,
    example:
      '550 5.7.1 Client host [192.0.2.1] blocked using dnsbl-2.uceprotect.net; see http://www.uceprotect.net/rblcheck.php?ipr=192.0.2.1',
  },
  {
    provider: 'abusix',
    match: ['mail.abusix.zone', 'combined.mail.abusix.zone', 'lookup.abusix.com', 'abusix.com/search'],
    anywhere: true,
    category: 'blocked',
    fault: 'sender_reputation',
    title: 'The IP address or domain is on a list of Abusix Mail Intelligence.',
    fix: 'Look it up at lookup.abusix.com and ask there for removal.',
    source: ABUSIX,
    example:
      '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using combined.mail.abusix.zone; https://lookup.abusix.com/search?q=192.0.2.1',
  },
  {
    provider: 'invaluement',
    match: ['sip.invaluement.com', 'invaluement.com/lookup', 'invaluement', 'ivmsip'],
    anywhere: true,
    category: 'blocked',
    fault: 'sender_reputation',
    title: 'The IP address is on a list of Invaluement.',
    fix: 'Look it up at invaluement.com/lookup.',
    source: INVALUEMENT,
    example:
      '550 5.7.1 Client host [192.0.2.1] blocked using sip.invaluement.com; https://www.invaluement.com/lookup/?item=192.0.2.1',
  },
  {
    provider: 'validity',
    match: [
      'bl.score.senderscore.com',
      'score.senderscore',
      'senderscore.org/blocklistlookup',
      'senderscore.org/rtbl',
      'rpbl.senderscore',
      'senderscore',
    ],
    anywhere: true,
    category: 'bad_reputation',
    fault: 'sender_reputation',
    title: 'The IP address has a low Sender Score at Validity.',
    fix: 'Look it up at senderscore.org and ask there for removal.',
    source: VALIDITY,
    example:
      '550 5.7.1 Client host [192.0.2.1] blocked using bl.score.senderscore.com; see https://www.senderscore.org/blocklistlookup/',
  },
  {
    provider: 'nixspam',
    match: ['ix.dnsbl.manitu.net', 'dnsbl.manitu.net', 'nixspam'],
    anywhere: true,
    category: 'blocked',
    fault: 'sender_reputation',
    title: 'The IP address sent spam to traps within the last hours; the list has ended in 2025.',
    fix: 'Wait twelve hours, or tell the administrator that the list is no more.',
    source: NIXSPAM,
    example:
      '554 5.7.1 Service unavailable; Client host [192.0.2.1] blocked using ix.dnsbl.manitu.net; Your e-mail service was detected by spam.example (NiX Spam) as spamming',
  },
  {
    provider: 'cloudmark',
    match: ['csi.cloudmark.com', 'blacklisted by csi', 'listed in csi', 'cloudmark sender intelligence'],
    anywhere: true,
    category: 'blocked',
    fault: 'sender_reputation',
    title: "The IP address is blocked by Cloudmark's Sender Intelligence, which many providers ask.",
    fix: 'Ask for a reset at csi.cloudmark.com.',
    source: CLOUDMARK,
    example:
      '550 smtp-16.iol.example smtp-16.iol.example IP blacklisted by CSI. For remediation please use http://csi.cloudmark.com/reset-request/?ip=192.0.2.1 [smtp-16.iol.example; LIB_102]',
  },
  {
    provider: 'vade',
    match: ['sendertool.vadesecure.com', 'sendertool.vade'],
    anywhere: true,
    category: 'spam_detected',
    fault: 'content',
    title: 'The filter of Vade refused the message or its sender.',
    fix: "Ask by Vade's sender tool, with the line of your log.",
    source: VADE,
    example: '550 5.7.1 Message refused, see https://sendertool.vadesecure.com/en/',
  },
  {
    provider: 'mailspike',
    match: ['bl.mailspike.net', 'rep.mailspike.net', 'mailspike.org', 'mailspike.io', 'z.mailspike.net'],
    anywhere: true,
    category: 'bad_reputation',
    fault: 'sender_reputation',
    title: 'The IP address has a poor reputation with Mailspike.',
    fix: 'Look it up at mailspike.io.',
    source: MAILSPIKE,
    example: '550 5.7.1 Client host [192.0.2.1] blocked using bl.mailspike.net; see https://mailspike.io/ip_verify?ip=192.0.2.1',
  },
  {
    provider: 'psbl',
    match: ['psbl.surriel.com', 'psbl.org/listing'],
    anywhere: true,
    category: 'blocked',
    fault: 'sender_reputation',
    title: 'The IP address sent mail to a trap of the Passive Spam Block List.',
    fix: 'Take it off at psbl.org, once the source is stopped.',
    source: PSBL,
    example:
      '554 5.7.1 Client host [192.0.2.1] blocked using psbl.surriel.com; Listed in PSBL, see https://psbl.org/listing?ip=192.0.2.1',
  },
  {
    provider: '0spam',
    match: ['bl.0spam.org', 'rbl.0spam.org', '0spam.org/'],
    anywhere: true,
    category: 'blocked',
    fault: 'sender_reputation',
    title: 'The IP address is on the 0spam list.',
    fix: 'Look it up at 0spam.org.',
    source: ZERO_SPAM,
    example: '550 5.7.1 Client host [192.0.2.1] blocked using bl.0spam.org',
  },
  {
    provider: 'surbl',
    match: ['multi.surbl.org', 'surbl.org/surbl-analysis', 'surbl.org/'],
    anywhere: true,
    category: 'spam_detected',
    fault: 'content',
    title: 'A link in the message leads to a domain on SURBL.',
    fix: 'Take the link out, or ask SURBL to take the domain off.',
    source: SURBL,
    example: '554 5.7.1 Message contains a URL on multi.surbl.org, see https://surbl.org/surbl-analysis',
  },
  {
    provider: 'uribl',
    match: ['multi.uribl.com', 'black.uribl.com', 'lookup.uribl.com', 'uribl.com/'],
    anywhere: true,
    category: 'spam_detected',
    fault: 'content',
    title: 'A link in the message leads to a domain on URIBL.',
    fix: 'Take the link out, or ask URIBL to take the domain off.',
    source: URIBL,
    example: '554 5.7.1 Blocked, example.net on lists [black], see http://lookup.uribl.com/?domain=example.net',
  },
  {
    provider: 'gbudb',
    match: ['truncate.gbudb.net', 'gbudb.com/truncate'],
    anywhere: true,
    category: 'blocked',
    fault: 'sender_reputation',
    title: 'Nearly all that the IP address sends is spam, by the statistics of GBUdb; the listing ends by itself.',
    fix: 'Stop the source of spam and wait.',
    source: GBUDB,
    example: '550 5.7.1 Client host [192.0.2.1] blocked using truncate.gbudb.net; http://www.gbudb.com/truncate/ [192.0.2.1]',
  },
  {
    provider: 'dronebl',
    match: ['dnsbl.dronebl.org', 'dronebl.org/lookup'],
    anywhere: true,
    category: 'blocked',
    fault: 'sender_reputation',
    title: 'The machine behind the IP address is abused as a robot or proxy.',
    fix: 'Clean it and ask at dronebl.org.',
    source: DRONEBL,
    example: '550 5.7.1 Client host [192.0.2.1] blocked using dnsbl.dronebl.org; https://dronebl.org/lookup?ip=192.0.2.1',
  },
  {
    provider: 'blocklist.de',
    match: ['bl.blocklist.de', 'blocklist.de/en/view'],
    anywhere: true,
    category: 'blocked',
    fault: 'sender_reputation',
    title: 'The IP address attacked servers; the listing ends by itself after two days.',
    fix: 'Clean the machine.',
    source: BLOCKLIST_DE,
    example:
      '550 5.7.1 Client host [192.0.2.1] blocked using bl.blocklist.de; Infected System, see http://www.blocklist.de/en/view.html?ip=192.0.2.1',
  },
  {
    provider: 'spamrats',
    match: [
      'all.spamrats.com',
      'noptr.spamrats.com',
      'dyna.spamrats.com',
      'spam.spamrats.com',
      'spamrats.com/lookup',
      'spamrats',
    ],
    anywhere: true,
    category: 'blocked',
    fault: 'sender_reputation',
    title: 'The IP address sent to traps of SpamRATS, or has a reverse name like that of a dial-up line.',
    fix: 'Set a fitting PTR record and ask at spamrats.com.',
    source: SPAMRATS,
    example:
      '550 5.7.1 Client host [192.0.2.1] blocked using all.spamrats.com; see https://www.spamrats.com/lookup.php?ip=192.0.2.1',
  },
  {
    provider: 'hostkarma',
    match: ['hostkarma.junkemailfilter.com', 'junkemailfilter.com/remove'],
    anywhere: true,
    category: 'blocked',
    fault: 'sender_reputation',
    title: 'The IP address is on the black list of Hostkarma.',
    fix: 'Ask for removal at ipadmin.junkemailfilter.com.',
    source: HOSTKARMA,
    example: '550 5.7.1 Client host [192.0.2.1] blocked using hostkarma.junkemailfilter.com',
  },
] as const satisfies readonly ProviderAnswer[];
