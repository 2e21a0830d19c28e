import { type Answer, findReply, findStatus, readAnswer } from './codes.ts';
import { replyMeaning, statusMeaning } from './meanings.ts';
import { byCode, byCodeAndWords, isExchangeAnswer, type MicrosoftFinding } from './microsoft.ts';
import { type Occurrence, type PhraseMatcher, phraseMatcher } from './phrase-matcher.ts';
import { providerOf } from './provider.ts';
import { normalizeReply } from './reply-text.ts';
import type { BounceEvent, RecipientFields, SmtpCommand } from './report.ts';
import { PHRASE_GROUPS } from './tables/phrases/index.ts';
import type { PhraseGroup } from './tables/phrases/phrase.ts';
import type { BounceClass, Category, Confidence, Fault, Kind } from './vocabulary.ts';

/** What the report says beyond one recipient. */
export interface ClassifyContext {
  readonly kind: Kind;
  readonly reportingMta: string | null;
  readonly recipientDomain: string | null;
  /** Text of the report, without the returned mail. */
  readonly text: string;
}

export type Verdict = Pick<
  BounceEvent,
  'class' | 'category' | 'fault' | 'status' | 'reply' | 'provider' | 'rule' | 'evidence' | 'confidence' | 'replyText'
>;

/** Characters read of an answer and of a report's text; the reason stands early, the rest is the mail or advice. */
const ANSWER_READ = 4096;
const TEXT_READ = 8192;
const EVIDENCE_KEPT = 300;

/** What one piece of evidence says. */
interface Finding {
  readonly category: Category;
  readonly fault: Fault;
  /** Set where the rule knows better than the digit. */
  readonly class: BounceClass | null;
  readonly rule: string;
  readonly evidence: string;
  readonly confidence: Confidence;
}

/** What passes by itself, whatever the digit. */
const PASSING: ReadonlySet<Category> = new Set(['mailbox_full', 'system_full', 'rate_limited', 'too_many_conn', 'expired']);

/** The class of a failure that comes with no code at all. */
const CLASS_WITHOUT_CODE: Partial<Record<Category, BounceClass>> = {
  user_unknown: 'permanent',
  host_unknown: 'permanent',
  has_moved: 'permanent',
  suspended: 'permanent',
  filtered: 'permanent',
  rejected: 'permanent',
  blocked: 'permanent',
  bad_reputation: 'permanent',
  auth_failure: 'permanent',
  policy_violation: 'permanent',
  spam_detected: 'permanent',
  virus_detected: 'permanent',
  content_error: 'permanent',
  message_too_big: 'permanent',
  exceed_limit: 'permanent',
  no_relaying: 'permanent',
  not_accept: 'permanent',
  not_compliant_rfc: 'permanent',
  require_ptr: 'permanent',
  suppressed: 'permanent',
  mailer_error: 'permanent',
  network_error: 'temporary',
};

/**
 * Judges one recipient of one report: class, category, whose fault, and the rule and line that decided. Words overrule codes
 * where they say more; nothing that decides gives `undetermined`. Never throws; its time grows with the length of the text,
 * of which only the beginning is read.
 */
export function classify(fields: RecipientFields, context: ClassifyContext): Verdict {
  const words = (fields.diagnosticCode ?? '').slice(0, ANSWER_READ);
  const answer = answerOf(words, fields);
  const answered = flatten(words);
  const provider = providerOf({ remoteMta: fields.remoteMta, domain: context.recipientDomain, text: answered.lower });
  const base = { status: answer.status, reply: answer.reply, provider, replyText: normalizeReply(fields.diagnosticCode) };

  if (context.kind === 'delivered') {
    return {
      ...base,
      class: 'none',
      category: 'delivered',
      fault: 'unknown',
      rule: 'action/delivered',
      evidence: bounded(answered.text),
      confidence: 'high',
    };
  }
  if (context.kind === 'feedback') {
    return {
      ...base,
      class: 'none',
      category: 'feedback',
      fault: 'recipient_policy',
      rule: 'complaint',
      evidence: bounded(answered.text),
      confidence: 'high',
    };
  }
  const finding = givenUp(judge({ fields, context, answer, answered, provider }), answer, context.kind);
  const outcome = classOf(finding, answer, context.kind);
  return {
    ...base,
    class: outcome,
    category: finding.category,
    fault: faultOf(finding, outcome, fields),
    rule: finding.rule,
    evidence: finding.evidence,
    confidence: fields.addressConfidence === 'low' ? 'low' : finding.confidence,
  };
}

/** Codes of the remote answer; where its words hold none and the report has no Status, of the words about the recipient. */
function answerOf(words: string, fields: RecipientFields): Answer {
  const answer = readAnswer(words, fields.reportStatus);
  if (answer.remote || (words !== '' && answer.status !== null) || fields.context === '') return answer;
  return readAnswer(fields.context.slice(0, ANSWER_READ), fields.reportStatus);
}

interface Case {
  readonly fields: RecipientFields;
  readonly context: ClassifyContext;
  readonly answer: Answer;
  readonly answered: Flat;
  readonly provider: string;
}

/**
 * Weighs the evidence from the closest to the farthest; the first that decides is the verdict. The closest are the remote words
 * with their own code. A report's Status field comes after the words about the recipient: many servers make it up.
 */
function judge(given: Case): Finding {
  return judgeWrapped(given) ?? judgeAnswer(given) ?? judgeExitStatus(given) ?? judgeReport(given);
}

/** What the report says around the remote words, where these decide nothing. */
function judgeReport(given: Case): Finding {
  const about = flatten(given.fields.context.slice(0, ANSWER_READ));
  const report = flatten(given.context.text.slice(0, TEXT_READ));
  return (
    judgeText(about, given, STRONG, 'medium') ??
    fromReportStatus(given) ??
    judgeText(report, given, STRONG, 'low') ??
    judgeText(about, given, WEAK, 'medium') ??
    judgeText(report, given, WEAK, 'low') ??
    judgeVagueCode(given) ??
    judgeCommand(given) ??
    undecided(given.answered.text ? given : { ...given, answered: about })
  );
}

/** The answer that an Exchange server quotes inside its own. */
function judgeWrapped(given: Case): Finding | null {
  const inner = unwrap(given.answered);
  if (!inner) return null;
  const answer = readAnswer(inner.text, null);
  return judgeAnswer({ ...given, answer: { ...answer, status: answer.status ?? given.answer.status }, answered: inner });
}

/** What the remote words decide, with the code that stands in them. */
function judgeAnswer(given: Case): Finding | null {
  const { answered } = given;
  if (answered.text === '') return null;
  const status = findStatus(answered.text);
  const microsoft = status !== null && isMicrosoft(given);
  const exact = microsoft ? byCodeAndWords(status, answered.lower) : null;
  if (exact) return fromMicrosoft(exact, answered);
  const phrase = findPhrase(answered, given, STRONG);
  if (phrase) return phrase;
  const row = microsoft ? byCode(status) : null;
  if (row) return fromMicrosoft(row, answered);
  return (status ? fromStatus(status, answered, 'high') : null) ?? findPhrase(answered, given, WEAK);
}

/** A program that took the mail and failed: the diagnostic is its exit status (sysexits.h). */
function judgeExitStatus({ fields, answered }: Case): Finding | null {
  if (fields.diagnosticType?.toLowerCase() !== 'x-unix' || !/^\d{1,3}$/.test(answered.text)) return null;
  return {
    category: 'mailer_error',
    fault: 'receiver_system',
    class: null,
    rule: 'exit-status',
    evidence: answered.text,
    confidence: 'medium',
  };
}

/** Words around the recipient, or of the whole report. */
function judgeText(text: Flat, given: Case, wanted: Wanted, confidence: Confidence): Finding | null {
  if (text.text === '') return null;
  const status = wanted === STRONG && isExchangeAnswer(text.lower) ? findStatus(text.text) : null;
  const exact = status ? byCodeAndWords(status, text.lower) : null;
  // Which words of a text answered which command is not known.
  const found = exact ? fromMicrosoft(exact, text) : findPhrase(text, given, (group) => wanted(group) && !group.commands);
  return found && { ...found, confidence };
}

/** A registered code that says enough by itself. */
function fromStatus(status: string, text: Flat, confidence: Confidence): Finding | null {
  const meaning = statusMeaning(status);
  if (!meaning || meaning.vague || status.startsWith('2')) return null;
  // Microsoft and others send 5.4.1 for refused addresses and refused relaying: registered for class 4 only.
  if (status === '5.4.1') return null;
  return {
    category: meaning.category,
    fault: meaning.fault,
    class: null,
    rule: `iana/${status}`,
    evidence: bounded(text.text || status),
    confidence,
  };
}

/**
 * The report's Status field. Where the remote answer had words and no code of its own, the field is the reporting server's guess
 * (Sendmail makes 5.1.1 of every 550): enough for a category, not to call an address dead.
 */
function fromReportStatus(given: Case): Finding | null {
  const { answer, answered, fields } = given;
  const status = (fields.reportStatus && findStatus(fields.reportStatus)) || answer.status;
  if (status === null) return null;
  const row = isMicrosoft(given) ? byCode(status) : null;
  const found = row ? fromMicrosoft(row, answered) : fromStatus(status, answered, 'medium');
  if (!found) return null;
  return answer.remote && found.fault === 'recipient' ? { ...found, fault: 'unknown' } : found;
}

/** Sent for so many causes that not even a category follows. */
const DECIDES_NOTHING = /^(?:5\.4\.1|[45]\.7\.1)$/;

/** A code of which only the subject is known, or a bare reply: says where the trouble lies, never that an address is dead. */
function judgeVagueCode({ answer, answered }: Case): Finding | null {
  const meaning = answer.status ? statusMeaning(answer.status) : null;
  const evidence = bounded(answered.text || (answer.status ?? answer.reply ?? ''));
  if (
    meaning &&
    answer.status &&
    !answer.status.startsWith('2') &&
    meaning.category !== 'undefined' &&
    !DECIDES_NOTHING.test(answer.status)
  ) {
    return {
      category: meaning.category,
      fault: meaning.fault,
      class: null,
      rule: `iana/${answer.status}`,
      evidence,
      confidence: 'low',
    };
  }
  const reply = answer.reply ? replyMeaning(answer.reply) : null;
  if (reply && reply.category !== 'undefined' && (answer.status === null || meaning?.vague)) {
    return {
      category: reply.category,
      fault: reply.fault,
      class: null,
      rule: `reply/${reply.reply}`,
      evidence,
      confidence: 'low',
    };
  }
  return null;
}

// What reports say of their own outcome where they give no cause.
const FINAL_WORDS = /\bpermanent(?:ly)? (?:fatal )?(?:errors?|failures?|failed|undeliverable)\b/;

/** What was refused, where neither words nor codes say why: MAIL is about the sender, the greeting about its host. */
function judgeCommand({ fields, answer, answered }: Case): Finding | null {
  if (!answer.remote || answer.digit !== '5') return null;
  const evidence = bounded(answered.text);
  const base = { class: null, rule: `command/${fields.command}`, evidence, confidence: 'low' } as const;
  if (fields.command === 'mail') return { ...base, category: 'rejected', fault: 'sender_identity' };
  if (fields.command === 'connect' || fields.command === 'ehlo')
    return { ...base, category: 'blocked', fault: 'sender_reputation' };
  return null;
}

function undecided({ answer, answered, context }: Case): Finding {
  const evidence = bounded(answered.text || (answer.status ?? answer.reply ?? context.text.trim()));
  if (
    answer.digit === null &&
    (FINAL_WORDS.test(answered.lower) || FINAL_WORDS.test(context.text.slice(0, TEXT_READ).toLowerCase()))
  ) {
    return { category: 'undefined', fault: 'unknown', class: 'permanent', rule: 'words/permanent', evidence, confidence: 'low' };
  }
  return { category: 'undefined', fault: 'unknown', class: null, rule: 'none', evidence, confidence: 'low' };
}

function isMicrosoft({ answered, provider, answer, fields, context }: Case): boolean {
  if (provider === 'microsoft' || isExchangeAnswer(answered.lower)) return true;
  // Details of three digits, as in 5.7.606, are Microsoft's: the registry has none.
  if (answer.status && /\.\d{3}$/.test(answer.status)) return true;
  // Where nobody else is named as refusing, the server that wrote the report did.
  return (
    fields.remoteMta === null &&
    !answer.remote &&
    providerOf({ remoteMta: context.reportingMta, domain: null, text: '' }) === 'microsoft'
  );
}

function fromMicrosoft(found: MicrosoftFinding, text: Flat): Finding {
  const at = found.words ? text.lower.indexOf(found.words.toLowerCase()) : 0;
  return {
    category: found.category,
    fault: found.fault,
    class: found.class,
    rule: found.rule,
    evidence: around(text, Math.max(at, 0)),
    confidence: 'high',
  };
}

/** Groups that tell a refusal but hardly a cause: a code that says more goes before them. */
const WEAK_NAMES: ReadonlySet<string> = new Set([
  'policy',
  'recipient-filter',
  'refused',
  'protocol',
  'system-trouble',
  'content-refused',
  'on-hold',
]);
const GROUP_OF: PhraseGroup[] = PHRASE_GROUPS.flatMap((group) => group.phrases.map(() => group));

let matcher: PhraseMatcher | null = null;

/** The automaton of all phrases, built when it is first needed: it takes some 20 ms. */
function phrasesIn(text: Flat): readonly Occurrence[] {
  matcher ??= phraseMatcher(PHRASE_GROUPS.flatMap((group) => group.phrases));
  text.occurrences ??= matcher.find(text.lower);
  return text.occurrences;
}

type Wanted = (group: PhraseGroup) => boolean;
const STRONG: Wanted = (group) => !WEAK_NAMES.has(group.name);
const WEAK: Wanted = (group) => WEAK_NAMES.has(group.name);

function findPhrase(text: Flat, { answer, fields, provider }: Case, wanted: Wanted): Finding | null {
  const ofSender = speaksOfSender(fields, answer);
  // A code that alone calls the address dead bears out words that might be about something else.
  const ofAddress = namesAddress(answer.own);
  const answersTo = (commands: readonly SmtpCommand[]) =>
    !namesAddress(answer.status) && fields.command !== null && commands.includes(fields.command);
  const hit = phrasesIn(text).find(({ phrase }) => {
    const group = GROUP_OF[phrase]!;
    return (
      wanted(group) &&
      (!group.commands || answersTo(group.commands)) &&
      (!group.providers || group.providers.includes(provider)) &&
      !(ofSender && group.fault === 'recipient')
    );
  });
  if (!hit) return null;
  const group = GROUP_OF[hit.phrase]!;
  const holds = !group.corroborated || fields.command === 'rcpt' || ofAddress;
  return {
    category: group.category,
    fault: holds ? group.fault : 'unknown',
    class: null,
    rule: `phrase/${group.name}`,
    evidence: around(text, hit.at),
    confidence: holds && STRONG(group) ? 'high' : 'medium',
  };
}

/** A code that alone calls the address dead. */
function namesAddress(status: string | null): boolean {
  return status !== null && statusMeaning(status)?.fault === 'recipient';
}

/** Codes by which a server speaks of the sender's address or domain. */
const SENDER_CODE = /^[45]\.(?:1\.[78]|7\.27)$/;

/** Whether an answer cannot be about the recipient: its code names the sender, or no recipient had been named yet. */
function speaksOfSender({ command }: RecipientFields, { status, remote }: Answer): boolean {
  if (SENDER_CODE.test(status ?? '')) return true;
  return remote && (command === 'connect' || command === 'ehlo' || command === 'mail');
}

/**
 * A host that cannot be reached is tried again for days. A final report of it, without any answer of the host, says that the
 * time in the queue was up.
 */
function givenUp(finding: Finding, answer: Answer, kind: Kind): Finding {
  if (finding.rule !== 'phrase/no-connection' || answer.remote || answer.digit === '5' || kind !== 'bounce') return finding;
  return { ...finding, category: 'expired', rule: 'given-up/no-connection' };
}

function classOf(finding: Finding, answer: Answer, kind: Kind): BounceClass {
  if (kind === 'delay' || finding.class === 'temporary' || PASSING.has(finding.category)) return 'temporary';
  if (answer.digit === '5') return finding.category === 'network_error' && !answer.remote ? 'temporary' : 'permanent';
  if (answer.digit === '4') return 'temporary';
  if (finding.class !== null) return finding.class;
  return CLASS_WITHOUT_CODE[finding.category] ?? 'undetermined';
}

/** A refusal that may pass never proves an address dead, nor does one whose address was guessed. */
function faultOf({ category, fault }: Finding, outcome: BounceClass, { addressConfidence }: RecipientFields): Fault {
  if (fault !== 'recipient') return fault;
  if (outcome === 'permanent') return addressConfidence === 'low' ? 'unknown' : fault;
  return category === 'host_unknown' || category === 'not_accept' ? 'network' : 'recipient_temporary';
}

/** Text with white space made even, and the same in lower case with addresses blanked, place for place. */
interface Flat {
  readonly text: string;
  readonly lower: string;
  /** The phrases in it, once they have been looked for. */
  occurrences?: readonly Occurrence[];
}

// An address may hold any word; the words of the answer are looked for beside it. Bounds keep the search linear.
const ADDRESS = /[^\s<>"'(),;:@]{1,64}@[^\s<>"'(),;:@]{1,255}/g;

function flatten(raw: string): Flat {
  const text = raw
    .replace(/[\x00-\x1f\x7f\s]+/g, ' ')
    .replace(/[‘’´`]/g, "'")
    .replace(/[“”„]/g, '"')
    .trim();
  const folded = text.toLowerCase();
  // A few letters change their length in lower case; then places are told by the folded text itself.
  const same = folded.length === text.length;
  const lower = folded.replace(ADDRESS, (address) => '@'.padEnd(address.length, '@'));
  return { text: same ? text : folded, lower };
}

/** What an Exchange server quotes of another server's answer: `550 5.0.350 Remote server returned an error -> 550 5.1.1 …`. */
function unwrap(outer: Flat): Flat | null {
  const at = outer.text.indexOf('->');
  if (at < 0 || !/[245]\.\d\.\d/.test(outer.text.slice(0, at))) return null;
  const inner = outer.text.slice(at + 2);
  if (findReply(inner) === null && findStatus(inner) === null) return null;
  return { text: inner.trim(), lower: outer.lower.slice(outer.lower.length - inner.length).trim() };
}

function bounded(text: string): string {
  return text.slice(0, EVIDENCE_KEPT);
}

/** The line that a match stands in, as far as it fits. */
function around(text: Flat, at: number): string {
  const from = at < EVIDENCE_KEPT - 80 ? 0 : at - 80;
  return text.text.slice(from, from + EVIDENCE_KEPT).trim();
}
