import { causes, type Strength } from './causes.ts';
import { findStatus, readAnswer } from './codes.ts';
import type { Case, Finding } from './finding.ts';
import { around, bounded, type Flat, flatten, unwrap } from './flat-text.ts';
import { replyMeaning, statusMeaning } from './meanings.ts';
import { byCode, byCodeAndWords, isExchangeAnswer, type MicrosoftFinding } from './microsoft.ts';

import { providerOf } from './provider.ts';
import type { Category, Confidence } from './vocabulary.ts';

/** Characters read of the words about a recipient and of the report; the reason stands early, the rest is the mail or advice. */
export const ANSWER_READ = 4096;
const TEXT_READ = 8192;

/**
 * Weighs the evidence from the closest to the farthest; the first that decides is the verdict. The closest are the remote words
 * with their own code. A report's Status field comes after the words about the recipient: many servers make it up.
 */
export function judge(given: Case): Finding {
  return judgeWrapped(given) ?? judgeProgram(given) ?? judgeAnswer(given) ?? judgeReport(given);
}

/** What the report says around the remote words, where these decide nothing. */
function judgeReport(given: Case): Finding {
  const about = flatten(given.fields.context.slice(0, ANSWER_READ));
  return (
    judgeText(about, given, 'strong', 'about') ??
    fromReportStatus(given) ??
    judgeText(flatten(given.context.text.slice(0, TEXT_READ)), given, 'strong', 'report') ??
    judgeCommand(given) ??
    judgeText(about, given, 'weak', 'about') ??
    judgeVagueCode(given) ??
    undecided(given.answered.text ? given : { ...given, answered: about })
  );
}

/** The answer that an Exchange server quotes inside its own. */
function judgeWrapped(given: Case): Finding | null {
  const inner = unwrap(given.answered);
  if (!inner) return null;
  // What was waited for in vain is quoted; that the time is up says the outer answer.
  const outer = given.answered.text.slice(0, given.answered.text.indexOf('->'));
  if (/\bexpired\b/i.test(outer)) return judgeAnswer({ ...given, answered: flatten(outer) });
  const answer = readAnswer(inner.text, null);
  const found = judgeAnswer({ ...given, answer: { ...answer, status: answer.status ?? given.answer.status }, answered: inner });
  // The digit that counts is that of the server that refused, not of the one that quotes it.
  return found && answer.digit === '4' ? { ...found, class: 'temporary' } : found;
}

/** What the remote words decide, with the code that stands in them. */
function judgeAnswer(given: Case): Finding | null {
  const { answered } = given;
  if (answered.text === '') return null;
  const status = findStatus(answered.text);
  const microsoft = status !== null && isMicrosoft(given);
  const exact = microsoft ? byCodeAndWords(status, answered.lower) : null;
  if (exact) return fromMicrosoft(exact, answered);
  const phrase = causes.providerAnswer(answered, given) ?? causes.cause(answered, given, 'strong');
  if (phrase) return moved(phrase, status);
  const row = microsoft ? byCode(status) : null;
  if (row) return fromMicrosoft(row, answered);
  return (status ? fromStatus(status, answered, 'high') : null) ?? filed(causes.cause(answered, given, 'weak'), status);
}

/** What a delivery program may say of the recipient; of anything else it says only that it failed. */
const TOLD_BY_PROGRAMS: ReadonlySet<Category> = new Set([
  'user_unknown',
  'mailbox_full',
  'suspended',
  'system_full',
  'filtered',
  'spam_detected',
  'virus_detected',
]);

/** A program that was to take the mail and failed: the diagnostic is its output or its exit status (sysexits.h). */
function judgeProgram(given: Case): Finding | null {
  const { fields, answered } = given;
  if (fields.diagnosticType?.toLowerCase() !== 'x-unix' || answered.text === '') return null;
  const told = judgeAnswer(given);
  if (told && TOLD_BY_PROGRAMS.has(told.category)) return told;
  return {
    category: 'mailer_error',
    fault: 'receiver_system',
    class: null,
    rule: 'delivery-program',
    evidence: bounded(answered.text),
    confidence: 'medium',
  };
}

/** Words around the recipient, or of the whole report. */
function judgeText(text: Flat, given: Case, wanted: Strength, where: 'about' | 'report'): Finding | null {
  if (text.text === '') return null;
  const status = wanted === 'strong' && isExchangeAnswer(text.lower) ? findStatus(text.text) : null;
  const exact = status ? byCodeAndWords(status, text.lower) : null;
  const found = exact ? fromMicrosoft(exact, text) : causes.cause(text, given, wanted, where);
  return found && { ...found, confidence: where === 'about' ? 'medium' : 'low' };
}

/** `551 5.1.6 not our user`: of the two the code says more, that he is elsewhere now. */
function moved(found: Finding, status: string | null): Finding {
  return found.category === 'user_unknown' && status?.endsWith('.1.6') ? { ...found, category: 'has_moved' } : found;
}

/**
 * Refused, and nothing more is said: then the subject of the code says under what (RFC 3463 §3.8: security or policy). `Access denied`
 * is said to a sender.
 */
function filed(found: Finding | null, status: string | null): Finding | null {
  if (
    found?.rule !== 'words/refused' ||
    /access (?:is )?denied/i.test(found.evidence) ||
    status === null ||
    !/\.7\.[01]$/.test(status)
  )
    return found;
  return { ...found, category: 'security_error', rule: `words/refused+${status}` };
}

/** A registered code that says enough by itself. */
function fromStatus(status: string, text: Flat, confidence: Confidence): Finding | null {
  const meaning = statusMeaning(status);
  // A code registered for success alone says nothing where something failed.
  if (!meaning || meaning.vague || meaning.category === 'delivered' || status.startsWith('2')) return null;
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
    meaning.category !== 'delivered' &&
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
      // A number that stands anywhere in a text may be of anything.
      fault: reply.fault === 'recipient' && !answered.text.startsWith(answer.reply!) ? 'unknown' : reply.fault,
      class: null,
      rule: `reply/${reply.reply}`,
      evidence,
      confidence: 'medium',
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
