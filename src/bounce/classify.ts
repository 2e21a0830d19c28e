import { type Answer, readAnswer } from './codes.ts';
import type { ClassifyContext, Finding } from './finding.ts';
import { bounded, flatten } from './flat-text.ts';
import { ANSWER_READ, judge } from './judge.ts';
import { providerOf } from './provider.ts';
import { normalizeReply } from './reply-text.ts';
import type { BounceEvent, RecipientFields } from './report.ts';
import { ofTheRecipient } from './spoken-of.ts';
import type { BounceClass, Category, Fault, Kind } from './vocabulary.ts';

export type { ClassifyContext } from './finding.ts';

export type Verdict = Pick<
  BounceEvent,
  'class' | 'category' | 'fault' | 'status' | 'reply' | 'provider' | 'rule' | 'evidence' | 'confidence' | 'replyText'
>;

/** An answer of which the report is not known. */
export const ANSWER_ALONE: ClassifyContext = {
  kind: 'bounce',
  reportingMta: null,
  recipientDomain: null,
  recipient: null,
  senders: new Set(),
  text: '',
};

/** What passes by itself, whatever the digit. */
export const PASSING: ReadonlySet<Category> = new Set([
  'mailbox_full',
  'system_full',
  'rate_limited',
  'too_many_conn',
  'expired',
]);

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
  syntax_error: 'permanent',
  network_error: 'temporary',
  system_error: 'temporary',
  fail_to_tls: 'temporary',
  on_hold: 'temporary',
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
  const given = { fields, context, answer, answered, provider };
  const judged = ofTheRecipient(judge(given), given);
  const finding = givenUp(judged, answer, context.kind);
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

/**
 * A host that cannot be reached is tried again for days. A final report of it, without any answer of the host, says that the
 * time in the queue was up.
 */
function givenUp(finding: Finding, answer: Answer, kind: Kind): Finding {
  if (finding.rule !== 'words/no-connection' || answer.reply !== null || answer.digit === '5' || kind !== 'bounce')
    return finding;
  return { ...finding, category: 'expired', rule: 'given-up/no-connection' };
}

function classOf(finding: Finding, answer: Answer, kind: Kind): BounceClass {
  if (kind === 'delay' || finding.class === 'temporary' || PASSING.has(finding.category)) return 'temporary';
  if (finding.class === 'permanent') return 'permanent';
  // The two codes of an answer contradict each other: the words decide.
  if (finding.saysTemporary && answer.status?.startsWith('4')) return 'temporary';
  if (answer.digit === '5') return finding.category === 'network_error' && !answer.remote ? 'temporary' : 'permanent';
  if (answer.digit === '4') return 'temporary';
  if (finding.saysTemporary) return 'temporary';
  if (finding.class !== null) return finding.class;
  return CLASS_WITHOUT_CODE[finding.category] ?? 'undetermined';
}

/** A refusal that may pass never proves an address dead, nor does one whose address or cause was guessed from afar. */
function faultOf({ category, fault, confidence }: Finding, outcome: BounceClass, { addressConfidence }: RecipientFields): Fault {
  // A mailbox that is closed for now, by its owner's server or by whom ever, is one that will take mail again.
  if (category === 'suspended' && outcome === 'temporary') return 'recipient_temporary';
  if (fault !== 'recipient') return fault;
  if (outcome === 'permanent') return addressConfidence === 'low' || confidence === 'low' ? 'unknown' : fault;
  return category === 'host_unknown' || category === 'not_accept' ? 'network' : 'recipient_temporary';
}
