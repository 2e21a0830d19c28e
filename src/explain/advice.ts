import type { Party } from '../bounce/party.ts';
import type { BounceClass, Category, Fault } from '../bounce/vocabulary.ts';

/** What a category means in a sentence, and what to do about it: for the person who wrote, and for whoever runs the mail. */
export interface Advice {
  readonly title: string;
  readonly cause: string;
  readonly forUser: string;
  readonly forAdmin: string;
  /** The documents that describe the matter. */
  readonly source: string;
}

/** The texts of each category, in our own words. */
export const ADVICE: Readonly<Record<Category, Advice>> = {
  user_unknown: {
    title: 'No such mailbox',
    cause: 'The domain takes mail, but has no mailbox with this name.',
    forUser:
      'Check the address for typing errors and ask the recipient by another way. To send the same mail again does not help.',
    forAdmin:
      'Take the address off the list. On the receiving side: check licence, directory synchronisation and forwarding if the mailbox should exist.',
    source: 'RFC 3463 §3.2, RFC 5321 §4.2.3',
  },
  host_unknown: {
    title: 'No such domain, or no way to it',
    cause: 'DNS knows no such domain or no mail server of it.',
    forUser:
      'Check what stands behind the @. If it is right, the domain is gone or its DNS is broken: ask the recipient by another way.',
    forAdmin:
      'Look up MX and address records of the domain from outside your own network. If it is gone, drop its addresses; if the look-up fails only now and then, wait.',
    source: 'RFC 3463 §3.2 and §3.5, RFC 5321 §5.1',
  },
  has_moved: {
    title: 'Mailbox has moved',
    cause: 'The mailbox is elsewhere now and nothing is forwarded.',
    forUser: 'Use the new address if the answer names one; otherwise ask the recipient for it.',
    forAdmin: 'Take the old address off the list. Do not write to a new one by yourself: the consent was given for the old.',
    source: 'RFC 3463 §3.2, RFC 5321 §3.4',
  },
  suspended: {
    title: 'Account disabled or inactive',
    cause: 'The mailbox exists or existed, but its account is disabled, expired or not used any more.',
    forUser: 'Ask the recipient by another way whether the address is still in use.',
    forAdmin: 'Stop writing to it unless the recipient asks for it; old inactive addresses are made into spam traps.',
    source: 'RFC 3463 §3.3',
  },
  mailbox_full: {
    title: 'Mailbox full',
    cause: 'The mailbox has used up its storage.',
    forUser: 'Try again in some days, or tell the recipient by another way that the mailbox is full.',
    forAdmin: 'Leave the address on the list and count: a mailbox that stays full for weeks is read by nobody.',
    source: 'RFC 3463 §3.3',
  },
  suppressed: {
    title: 'Not sent: address on a suppression list',
    cause: 'The sending service did not try at all, because the address is on its own suppression list.',
    forUser: 'Ask whoever runs the sending service why the address is on its list.',
    forAdmin:
      'Look up the entry at the sending service: an earlier bounce or complaint put it there. Remove it only if the cause is gone.',
    source: 'documentation of sending services',
  },
  filtered: {
    title: "Refused by the recipient's own filter",
    cause: 'The recipient, or a filter of theirs, does not take this mail.',
    forUser: 'Ask the recipient by another way to allow your address.',
    forAdmin: 'The address lives. Respect the wish: further mail to it harms your reputation.',
    source: 'RFC 3463 §3.8',
  },
  rejected: {
    title: 'Sender not wanted or not valid',
    cause: 'The sender address or its domain is refused, or the recipient takes mail only from certain senders.',
    forUser: 'Check your own sender address; else ask the recipient, or the owner of the group, to let you write.',
    forAdmin:
      'Check that the sender domain exists and takes mail, and whether it or the account is on a block list. Where the recipient is closed to outsiders, only the administrator there can open it.',
    source: 'RFC 3463 §3.2 and §3.8, RFC 5321 §3.3',
  },
  policy_violation: {
    title: 'Against a policy of the receiver',
    cause: 'A rule of the receiving organisation forbids this message.',
    forUser: 'Change what the answer names (an attachment, a word, a header), or ask the recipient which rule it was.',
    forAdmin:
      "Send the whole answer, with its time and any number in it, to the receiver's postmaster: only there can the rule be seen.",
    source: 'RFC 3463 §3.8',
  },
  not_accept: {
    title: 'Destination takes no mail',
    cause: 'The host or domain says that it takes no mail, or none of this sort.',
    forUser: 'Check what stands behind the @: this domain takes no mail.',
    forAdmin:
      'Look for a null MX (RFC 7505). If the domain has one, drop its addresses; without one the server may only be closed for a time.',
    source: 'RFC 7504, RFC 7505',
  },
  blocked: {
    title: 'Sending host blocked',
    cause: 'The IP address, the host or its network is on a block list, of the receiver or a public one.',
    forUser: 'Nothing is wrong with the address. Pass the report on to whoever runs your mail.',
    forAdmin:
      'Find the list that the answer names, mend what brought the host there (a break-in, an open relay, a bought list), then ask for removal. Stop or slow down meanwhile.',
    source: 'RFC 5321 §7.9, RFC 6471',
  },
  bad_reputation: {
    title: 'Low reputation of the sending host or domain',
    cause: 'The receiver rates the IP address or the domain low, by what was sent from it before.',
    forUser: 'Nothing is wrong with the address. Pass the report on to whoever runs your mail.',
    forAdmin:
      'Send less, only to those who open and want it, with SPF, DKIM and DMARC in order; look at the postmaster tools of the receiver.',
    source: 'M3AAWG Sender Best Common Practices',
  },
  auth_failure: {
    title: 'SPF, DKIM or DMARC failed',
    cause: 'The receiver could not confirm that the mail comes from the domain it names.',
    forUser: 'Nothing is wrong with the address. Pass the report on to whoever runs your mail.',
    forAdmin:
      'Check Authentication-Results of a delivered mail: list every sending host in SPF, sign with DKIM, and align one of the two with the From domain. Forwarding breaks SPF.',
    source: 'RFC 7208, RFC 6376, RFC 7489, RFC 7372',
  },
  require_ptr: {
    title: 'No matching reverse DNS',
    cause: 'The IP address of the sending host has no name in DNS, or one that does not lead back to it.',
    forUser: 'Nothing is wrong with the address. Pass the report on to whoever runs your mail.',
    forAdmin: 'Publish a PTR record for the sending address and an address record for that name which leads back to it.',
    source: 'RFC 7601 §3, RFC 7372 §3.3',
  },
  no_relaying: {
    title: 'Server will not relay',
    cause: 'The server was asked to pass mail on to a domain it is not responsible for.',
    forUser: 'Check the address; if it is right, pass the report on to whoever runs your mail.',
    forAdmin:
      'See which server says so. Your own smart host: log in, or allow the client. The MX of the recipient: its domain is not set up there, or DNS leads to the wrong host.',
    source: 'RFC 5321 §3.6, RFC 3463 §3.8',
  },
  security_error: {
    title: 'Login, encryption or another proof demanded',
    cause: 'The server wants something that the sending side did not show: a login, encryption, a valid certificate.',
    forUser: 'Check user name and password of your mail program; otherwise pass the report on to whoever runs your mail.',
    forAdmin:
      'Give the client valid credentials and TLS. A server meant for mail from the Internet must not ask strangers for a login: tell its postmaster.',
    source: 'RFC 4954, RFC 3207, RFC 3463 §3.8',
  },
  fail_to_tls: {
    title: 'Encrypted connection demanded and not reached',
    cause: 'One side insists on TLS, and no encrypted connection came about.',
    forUser: 'Nothing is wrong with the address. Try later, or pass the report on to whoever runs your mail.',
    forAdmin:
      'Try STARTTLS to the host in question; compare versions, certificate, MTA-STS policy and TLSA records of both sides.',
    source: 'RFC 3207, RFC 8461, RFC 7672, RFC 8689',
  },
  spam_detected: {
    title: 'Taken for spam',
    cause: 'A filter judged the content, or the way it was sent, as spam.',
    forUser: 'Write it differently, with fewer links and attachments, or reach the recipient by another way.',
    forAdmin:
      'Check domains and links of the mail against block lists, and authentication; ask the receiver for its reason with the number in the answer.',
    source: 'RFC 5321 §7.9',
  },
  virus_detected: {
    title: 'Taken for malware',
    cause: 'A scanner found malware in the message, or believes it did.',
    forUser: 'Check your computer, and the attachment, before you send anything again.',
    forAdmin: 'Find out where the message was made; a host or an account may have been taken over.',
    source: 'RFC 5321 §7.9',
  },
  content_error: {
    title: 'Content cannot be taken',
    cause: 'The form of the message, an attachment, a character set or an encoding is not taken there.',
    forUser: 'Send it as plain text or HTML, without the attachment, with a simple file name.',
    forAdmin: 'Check what the program makes: line ends, MIME structure, encodings, and whether the way supports 8-bit and UTF-8.',
    source: 'RFC 3463 §3.7, RFC 6531',
  },
  message_too_big: {
    title: 'Message too big',
    cause: 'The message is larger than the receiving system takes.',
    forUser: 'Send it without the attachment, smaller, or as a link.',
    forAdmin: 'Compare with the SIZE that the server offers at EHLO; encoding makes a message a third larger.',
    source: 'RFC 1870, RFC 3463 §3.4',
  },
  not_compliant_rfc: {
    title: 'Message breaks a standard',
    cause: 'A header or the form of the message is not as the standard demands.',
    forUser: 'Use another mail program, or pass the report on to whoever runs your mail.',
    forAdmin:
      'Mend the program that makes the mail: one From with a valid address, one Date, one Message-ID, lines that end with CRLF.',
    source: 'RFC 5322 §3.6, RFC 5321 §2.3.8',
  },
  syntax_error: {
    title: 'SMTP command not understood',
    cause: 'The two servers did not understand one another.',
    forUser: 'Nothing is wrong with the address. Pass the report on to whoever runs your mail.',
    forAdmin: 'Look at the transcript: addresses with blanks or wrong characters, a bad HELO name, a firewall that changes SMTP.',
    source: 'RFC 5321 §4.2.4, RFC 3463 §3.6',
  },
  exceed_limit: {
    title: 'A limit of the mailbox exceeded',
    cause: 'The message goes beyond a limit that the recipient, or its mailbox, has.',
    forUser: 'Send a smaller message, or ask the recipient what is allowed.',
    forAdmin: 'See which limit the answer names; only the administrator on the other side can raise it.',
    source: 'RFC 3463 §3.3',
  },
  rate_limited: {
    title: 'Too much in too short a time',
    cause: 'More mail came than is allowed in a time, or the server asks new senders to come again.',
    forUser: 'Wait and try later.',
    forAdmin:
      'Send slower to this receiver, with fewer connections, and repeat with growing pauses. Look for an account or a host that was taken over.',
    source: 'RFC 6647, RFC 3463 §3.8',
  },
  too_many_conn: {
    title: 'Too many connections or recipients at once',
    cause: 'The server takes only so many connections, or recipients in one message.',
    forUser: 'Send to fewer recipients at a time.',
    forAdmin: 'Open fewer connections, and split recipients into batches of at most a hundred a message.',
    source: 'RFC 5321 §4.5.3.1.8 and §4.5.3.1.10',
  },
  network_error: {
    title: 'Connection or DNS failed',
    cause: 'The servers did not reach one another, or mail went round in a circle.',
    forUser: 'Try later. If it goes on, check what stands behind the @ and pass the report on to whoever runs your mail.',
    forAdmin:
      'Look up the MX and try to connect from the sending host; for a loop follow the Received lines and look for forwarding in a circle.',
    source: 'RFC 3463 §3.5, RFC 5321 §6.3',
  },
  expired: {
    title: 'Given up after long waiting',
    cause: 'The message could not be delivered in the time that the sending server keeps it.',
    forUser: 'Send it once more, or reach the recipient by another way.',
    forAdmin:
      'Look for the last answer in the attempts of the report or in the log of the sending server: it holds the real reason.',
    source: 'RFC 5321 §4.5.4.1, RFC 3463 §3.5',
  },
  system_error: {
    title: 'Trouble of the receiving system',
    cause: 'The receiving system is wrongly set up or cannot work at present.',
    forUser: 'Try later; if it goes on, tell the recipient by another way.',
    forAdmin:
      "Tell the receiver's postmaster, with the whole answer. If several receivers say so, look at your own server first.",
    source: 'RFC 3463 §3.4',
  },
  system_full: {
    title: 'Receiving system has no room',
    cause: 'The system, not the single mailbox, is short of storage.',
    forUser: 'Try later.',
    forAdmin: "Keep trying; if it goes on for days, tell the receiver's postmaster.",
    source: 'RFC 3463 §3.4',
  },
  mailer_error: {
    title: 'Delivery program failed',
    cause: 'The program that should put the mail into the mailbox failed.',
    forUser: 'Tell the recipient by another way: something in the delivery there is broken.',
    forAdmin:
      'On the receiving side: look at the filter or program behind the address, its rights and its exit status (sysexits.h).',
    source: 'sysexits(3)',
  },
  on_hold: {
    title: 'Put off, no cause given',
    cause: 'The server refuses or defers the mail and does not say why.',
    forUser: 'Try later.',
    forAdmin: "Keep trying with growing pauses; ask the receiver's postmaster if it goes on.",
    source: 'RFC 5321 §4.5.4.1',
  },
  feedback: {
    title: 'Complaint',
    cause: 'The recipient reported the mail as unwanted.',
    forUser: 'Do not write to this recipient again.',
    forAdmin: 'Take the address off every list at once, and look how it came there.',
    source: 'RFC 5965',
  },
  vacation: {
    title: 'Automatic answer',
    cause: 'The mail arrived, and a program answered for the recipient.',
    forUser: 'Nothing to do.',
    forAdmin: 'Nothing to do; it says nothing against the address.',
    source: 'RFC 3834',
  },
  delivered: {
    title: 'Success',
    cause: 'The mail was delivered or passed on.',
    forUser: 'Nothing to do.',
    forAdmin: 'Nothing to do.',
    source: 'RFC 3463 §2, RFC 5321 §4.2',
  },
  undefined: {
    title: 'Cause not told',
    cause: 'The answer does not say what went wrong.',
    forUser: 'Check the address, try once more later, and if that fails reach the recipient by another way.',
    forAdmin:
      'Look for more words: in the rest of the report, in the log of the sending server, or from the postmaster on the other side.',
    source: 'RFC 3463 §3.1',
  },
};

/** Categories whose texts speak of a dead address. */
const DEAD: ReadonlySet<Category> = new Set(['user_unknown', 'host_unknown', 'has_moved', 'not_accept']);

type Texts = Pick<Advice, 'forUser' | 'forAdmin'>;

const MAY_PASS: Texts = {
  forUser: 'Check the address; if it is right, try later.',
  forAdmin:
    'Leave the address on the list for now: the look-up may only have failed at the moment. If it goes on for days, the address is dead.',
};

const CLOSED_FOR_NOW: Texts = {
  forUser: 'Nothing is said against the address. Try later.',
  forAdmin:
    'Leave the address on the list: the host takes no mail for now, for its load, a limit or maintenance. Where it goes on for days, look for more words in the log of the sending server.',
};

const NOT_PROVEN: Texts = {
  forUser: 'Check the address; if it is right, ask the recipient by another way.',
  forAdmin:
    'Do not take the address off for this alone: nothing proves it dead. Look for a clearer answer in the report or the log, and check the domain from outside.',
};

/** The texts of a category; another where it sounds like a dead address and nothing proves that. */
export function textsFor(category: Category, fault: Fault, outcome: BounceClass): Texts {
  const { forUser, forAdmin } = ADVICE[category];
  if (!DEAD.has(category) || fault === 'recipient') return { forUser, forAdmin };
  if (outcome === 'permanent') return NOT_PROVEN;
  return category === 'not_accept' ? CLOSED_FOR_NOW : MAY_PASS;
}

/** Who can act first, where no table names a party: it follows the fault, and an account within it the category. */
export function partyFor(fault: Fault, category: Category): Party | null {
  switch (fault) {
    case 'recipient':
      return 'sender';
    case 'recipient_temporary':
      return 'recipient';
    case 'recipient_policy':
      return category === 'filtered' || category === 'suspended' ? 'recipient' : 'recipient_admin';
    case 'sender_account':
      return category === 'rate_limited' ? 'sender' : 'sender_admin';
    case 'sender_identity':
    case 'sender_reputation':
      return 'sender_admin';
    case 'content':
      return 'sender';
    case 'network':
    case 'receiver_system':
      return 'recipient_admin';
    case 'unknown':
      return null;
  }
}

/** The parties in words. */
export const PARTY_NAMES: Readonly<Record<Party, string>> = {
  sender: 'the sender',
  sender_admin: "the sender's administrator",
  recipient: 'the recipient',
  recipient_admin: "the recipient's administrator",
  microsoft: 'Microsoft (its support, or by itself in time)',
};
