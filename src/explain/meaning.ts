import { PASSING } from '../bounce/classify.ts';
import { exchangeMeanings, microsoftMeanings, replyMeaning, statusMeaning } from '../bounce/meanings.ts';
import type { Party } from '../bounce/party.ts';
import { STATUS_CLASSES, STATUS_SUBJECTS, type StatusMeaning } from '../bounce/tables/enhanced-status.ts';
import type { ExchangeMeaning } from '../bounce/tables/exchange.ts';
import { MICROSOFT_SOURCE, type MicrosoftMeaning, type SuppressionAdvice } from '../bounce/tables/microsoft.ts';
import type { ReplyMeaning } from '../bounce/tables/smtp-replies.ts';
import type { BounceClass, Category, Fault } from '../bounce/vocabulary.ts';
import { ADVICE, partyFor, textsFor } from './advice.ts';
import { type PresetOutcome, presetOutcomes } from './outcome.ts';

/** What a meaning rests on. */
export interface Basis {
  readonly kind: 'microsoft' | 'exchange' | 'registry' | 'reply' | 'words' | 'subject' | 'class' | 'rule';
  /** The row or rule in words: `Microsoft's table, row 5.7.606 to 5.7.649`. */
  readonly row: string;
  /** The document. */
  readonly source: string;
}

/** One thing that a code or an answer can mean, with what follows from it. */
export interface Meaning {
  readonly title: string;
  readonly cause: string;
  readonly class: BounceClass;
  readonly category: Category;
  readonly fault: Fault;
  /** Who can act first; null where that cannot be told. */
  readonly actor: Party | null;
  /** How to mend it: for the person who wrote. */
  readonly forUser: string;
  /** How to mend it: for whoever runs the mail. */
  readonly forAdmin: string;
  readonly note: string | null;
  /** It hits all mail of the sender or to a whole domain: a matter of the sender, which counts against no single recipient. */
  readonly alertSender: boolean;
  /** What Microsoft's row advises for the address; null for meanings from elsewhere. */
  readonly advice: SuppressionAdvice | null;
  /** What the presets do to a recipient at the first report. */
  readonly presets: readonly PresetOutcome[];
  /** The rows and rules it rests on, the one that decides first. */
  readonly basis: readonly Basis[];
}

/** The codes that came with it. */
export interface Codes {
  readonly status: string | null;
  readonly reply: string | null;
}

type Parts = Pick<Meaning, 'category' | 'fault' | 'basis'> &
  Partial<Pick<Meaning, 'title' | 'cause' | 'actor' | 'note' | 'alertSender' | 'advice'>> & {
    readonly class?: BounceClass | null;
    /** How to mend it, for whoever can act; the other gets the text of the category. */
    readonly fix?: string;
  };

/** A meaning from its row, filled up with the texts of its category. */
export function meaningOf(codes: Codes, parts: Parts): Meaning {
  const outcome = parts.class ?? classFor(codes, parts.category);
  const fault = faultFor(outcome, parts.category, parts.fault);
  const { title, cause } = ADVICE[parts.category];
  const { forUser, forAdmin } = textsFor(parts.category, fault, outcome);
  const actor = outcome === 'none' ? null : (parts.actor ?? partyFor(fault, parts.category));
  const forPerson = actor === 'sender' || actor === 'recipient';
  const judged = { class: outcome, category: parts.category, fault, ...codes };
  return {
    title: parts.title ?? title,
    cause: parts.cause ?? cause,
    class: outcome,
    category: parts.category,
    fault,
    actor,
    forUser: forPerson ? (parts.fix ?? forUser) : forUser,
    forAdmin: forPerson ? forAdmin : (parts.fix ?? forAdmin),
    note: parts.note ?? null,
    alertSender: parts.alertSender ?? (outcome !== 'none' && fault.startsWith('sender_')),
    advice: parts.advice ?? null,
    presets: presetOutcomes(judged),
    basis: parts.basis,
  };
}

function classFor({ status, reply }: Codes, category: Category): BounceClass {
  const digit = (reply ?? status)?.[0];
  if (digit === '2' || digit === '3') return 'none';
  if (digit === '4' || PASSING.has(category)) return 'temporary';
  return digit === '5' ? 'permanent' : 'undetermined';
}

/** A refusal that may pass proves no address dead. */
function faultFor(outcome: BounceClass, category: Category, fault: Fault): Fault {
  if (category === 'suspended' && outcome === 'temporary') return 'recipient_temporary';
  if (fault !== 'recipient' || outcome === 'permanent') return fault;
  if (outcome === 'none') return 'unknown';
  return category === 'host_unknown' || category === 'not_accept' ? 'network' : 'recipient_temporary';
}

/** A row of Microsoft's table; with `words` (lower case) the special case among its variants that they tell. */
export function microsoftMeaning(row: MicrosoftMeaning, codes: Codes, words = ''): Meaning {
  const variant = row.variants?.find(({ matchText }) => matchText.some((text) => words.includes(text.toLowerCase())));
  const named = row.namedCodes?.find(({ code }) => code === codes.status);
  const { cause, fix, fixOwner, fault } = variant ?? row;
  const category = variant?.category ?? named?.category ?? row.category;
  const codesOfRow = row.range ? row.range.join(' to ') : row.codes.join(' / ') || 'without a code';
  return meaningOf(codes, {
    title: variant?.title ?? named?.title ?? row.title,
    cause,
    // Only where the row says that it passes although the code begins with 5, or where no code tells.
    class: row.class === 'temporary' || (codes.status ?? codes.reply) === null ? row.class : null,
    category,
    fault,
    actor: fixOwner,
    fix,
    note: variant ? null : (row.note ?? null),
    alertSender: row.alertSender ?? false,
    advice: row.suppression,
    basis: [{ kind: 'microsoft', row: `Microsoft's table, row ${codesOfRow}`, source: MICROSOFT_SOURCE }],
  });
}

/** A further code of Exchange. */
export function exchangeMeaning(row: ExchangeMeaning, codes: Codes): Meaning {
  const codesOfRow = row.range ? row.range.join(' to ') : row.codes.join(' / ');
  return meaningOf(codes, {
    title: row.title,
    class: row.class === 'temporary' ? row.class : null,
    category: row.category,
    fault: row.fault,
    basis: [{ kind: 'exchange', row: `codes of Exchange, row ${codesOfRow}`, source: row.source }],
  });
}

/** A registered code. Of class 2 it tells of a success, whatever else it may say. */
export function registryMeaning(row: StatusMeaning, codes: Codes): Meaning {
  const basis: Basis = { kind: 'registry', row: `IANA registry of enhanced status codes, ${row.code}`, source: row.source };
  const note = row.note ?? null;
  if (codes.status?.startsWith('2')) {
    const texts = row.vague ? {} : { title: row.title, cause: row.meaning, note };
    return meaningOf(codes, { ...texts, category: 'delivered', fault: 'unknown', basis: [basis] });
  }
  const owner = STATUS_SUBJECTS[row.code.split('.')[1]!]?.owner ?? null;
  return meaningOf(codes, {
    title: row.title,
    cause: row.meaning,
    category: row.category,
    fault: row.fault,
    actor: partyFor(row.fault, row.category) ?? owner,
    note,
    basis: [basis],
  });
}

/** A three-digit reply. */
export function smtpReplyMeaning(row: ReplyMeaning, codes: Codes): Meaning {
  return meaningOf(codes, {
    title: row.title,
    cause: row.meaning,
    category: row.category,
    fault: row.fault,
    note: row.note ?? null,
    basis: [
      {
        kind: 'reply',
        row: `SMTP reply ${row.reply}`,
        source: row.source === 'seen' ? 'in use without a standard' : row.source,
      },
    ],
  });
}

/** A code without a row of its own: what its middle number says, else its first digit. */
export function fallbackMeaning(status: string, codes: Codes): Meaning {
  const [digit, subject] = status.split('.') as ['2' | '4' | '5', string];
  const known = subject === '0' ? undefined : STATUS_SUBJECTS[subject];
  const general = STATUS_CLASSES[digit];
  return meaningOf(codes, {
    title: known ? `${general.title}: ${known.title.toLowerCase()}` : general.title,
    cause: known?.meaning ?? general.meaning,
    category: digit === '2' ? 'delivered' : 'undefined',
    fault: 'unknown',
    actor: known?.owner ?? null,
    note: `No table lists ${status}; so much is known of every code that begins like it.`,
    basis: [
      known
        ? { kind: 'subject', row: `subject X.${subject} of the code`, source: 'RFC 3463 §3' }
        : { kind: 'class', row: `class ${digit} of the code`, source: 'RFC 3463 §2' },
    ],
  });
}

/** What the digits of a reply say that no table lists (RFC 5321 §4.2.1); null for digits that no reply has. */
export function replyFallback(reply: string): Meaning | null {
  const first = { '2': 'Success', '3': 'Go on', '4': 'Passing refusal', '5': 'Permanent refusal' }[reply[0]!];
  const second = { '0': 'syntax', '1': 'information', '2': 'connection', '5': 'mail system' }[reply[1]!];
  if (first === undefined || !/^[2-5][0-7]\d$/.test(reply)) return null;
  const success = reply[0] === '2' || reply[0] === '3';
  return meaningOf(
    { status: null, reply },
    {
      title: second === undefined ? first : `${first}: ${second}`,
      cause: 'Known by its digits alone: the first says how final it is, the second what it is about.',
      category: success ? 'delivered' : 'undefined',
      fault: 'unknown',
      note: `No table lists ${reply}.`,
      basis: [{ kind: 'class', row: `digits of the reply ${reply}`, source: 'RFC 5321 §4.2.1' }],
    },
  );
}

/** Everything that a code can mean without words: Microsoft's rows, Exchange's, the registry's, else its subject or class. */
export function meaningsOfStatus(codes: Codes & { readonly status: string }): Meaning[] {
  const registered = statusMeaning(codes.status);
  const further = exchangeMeanings(codes.status);
  // A row that names the code goes before a range that holds it.
  const named = further.some((row) => row.range === undefined);
  const found = [
    ...microsoftMeanings(codes.status)
      .filter((row) => !(row.range && named))
      .map((row) => microsoftMeaning(row, codes)),
    ...further.map((row) => exchangeMeaning(row, codes)),
    ...(registered ? [registryMeaning(registered, codes)] : []),
  ];
  return found.length > 0 ? found : [fallbackMeaning(codes.status, codes)];
}

/** What a reply means without an enhanced code; null for one that cannot exist. */
export function meaningOfReply(reply: string): Meaning | null {
  const row = replyMeaning(reply);
  return row ? smtpReplyMeaning(row, { status: null, reply }) : replyFallback(reply);
}
