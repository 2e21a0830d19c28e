import { ANSWER_ALONE, classify, type Verdict } from '../bounce/classify.ts';
import { readAnswer } from '../bounce/codes.ts';
import { flatten, unwrap } from '../bounce/flat-text.ts';
import { exchangeMeanings, microsoftMeanings, replyMeaning, statusMeaning } from '../bounce/meanings.ts';
import { isExchangeAnswer } from '../bounce/microsoft.ts';
import { recipient } from '../bounce/readers/reader.ts';
import { MICROSOFT_MEANINGS, type MicrosoftMeaning } from '../bounce/tables/microsoft.ts';
import type { Confidence } from '../bounce/vocabulary.ts';
import { textsFor } from './advice.ts';
import {
  type Codes,
  exchangeMeaning,
  type Meaning,
  meaningOf,
  meaningOfReply,
  meaningsOfStatus,
  microsoftMeaning,
  registryMeaning,
  smtpReplyMeaning,
} from './meaning.ts';
import { type PresetOutcome, presetOutcomes } from './outcome.ts';
import { splitRule, textsOfRule } from './rules.ts';

/** What a code or an answer means. */
export interface Explanation {
  /** The part of the input that is explained. */
  readonly input: string;
  readonly status: string | null;
  readonly reply: string | null;
  /** One meaning is left. Else the list holds all, and none is to be acted on. */
  readonly decided: boolean;
  readonly meanings: readonly Meaning[];
  /** What the same code means elsewhere, or without these words. */
  readonly elsewhere: readonly Meaning[];
  /** How words decided; null for a code alone. */
  readonly verdict: { readonly rule: string; readonly evidence: string; readonly confidence: Confidence } | null;
  /** What the presets do at the first report: by the meaning where it is decided, else by what is left of it. */
  readonly presets: readonly PresetOutcome[];
}

/** Codes that mean so many things, or such different ones in other hands, that only words can decide. */
const NEEDS_WORDS: ReadonlySet<string> = new Set(['4.3.2', '5.0.350', '5.1.0', '5.2.2', '5.4.1', '5.5.0', '5.7.1', '4.7.1']);

/** A code or reply alone; null for a reply that cannot exist. */
export function explainCode(input: string, { status: given, reply }: Codes): Explanation | null {
  const codes: Codes = { status: given, reply };
  if (codes.status === null) {
    const meaning = codes.reply === null ? null : meaningOfReply(codes.reply);
    if (meaning === null) return null;
    const decided = meaning.class === 'none' || meaning.category !== 'undefined';
    return explanation(input, codes, { decided, meanings: [meaning] });
  }
  const { status } = codes;
  const all = meaningsOfStatus({ ...codes, status });
  if (NEEDS_WORDS.has(status)) return explanation(input, codes, { decided: false, meanings: all });
  const registered = all.find(({ basis }) => basis[0]!.kind === 'registry');
  const row = all[0]!;
  // Whoever sent a bare code is not known: the registry speaks for everybody, a table of one vendor is the other reading.
  const decided = registered && differ(registered, row) ? registered : merge(row, registered);
  const elsewhere = all.filter((other) => differ(other, decided));
  return explanation(input, codes, { decided: decided.category !== 'undefined', meanings: [decided], elsewhere });
}

/** They say different things of the cause or of whose fault it is. */
const differ = (one: Meaning, other: Meaning) => one.category !== other.category || one.fault !== other.fault;

/** Two rows that say the same: the first speaks, both are cited. */
function merge(row: Meaning, other: Meaning | undefined): Meaning {
  if (other === undefined || other === row) return row;
  return { ...row, basis: [...row.basis, ...other.basis] };
}

/** Where the words of an answer come from, as far as that is known. */
export interface AnswerContext {
  /** The host that refused. */
  readonly remoteMta?: string | null;
}

/** An answer with its words, judged as one in a report would be; null where neither code nor words are known. */
export function explainAnswer(text: string, { remoteMta = null }: AnswerContext = {}): Explanation | null {
  const verdict = classify(recipient({ diagnosticCode: text, diagnosticType: 'smtp', remoteMta }), ANSWER_ALONE);
  if (verdict.rule === 'none' && verdict.status === null && verdict.reply === null) return null;
  return explainVerdict(text, verdict);
}

/** What a verdict on an answer rests on and means. */
export function explainVerdict(input: string, verdict: Verdict): Explanation {
  const codes = codesOf(input, verdict);
  const { rule, evidence, confidence } = verdict;
  const told = { rule, evidence, confidence };
  if (verdict.category === 'undefined' || verdict.rule === 'none') {
    const open = explainCode(input, codes);
    const meanings = open?.meanings ?? [meaningOf(codes, { ...verdict, basis: [textsOfRule(rule).basis] })];
    const undecided = explanation(input, codes, { decided: false, meanings, elsewhere: open?.elsewhere ?? [] });
    return { ...undecided, verdict: told, presets: presetOutcomes({ ...verdict, ...codes }) };
  }
  const found = meaningByRule(input, verdict, codes);
  const wrapped = unwrap(flatten(input)) !== null;
  const note = wrapped ? 'The answer quotes that of another server behind "->", and the quoted one decides.' : found.note;
  // The verdict knows more than the row: it may hold a dead address for not proven.
  const texts = found.fault === verdict.fault ? {} : textsFor(verdict.category, verdict.fault, verdict.class);
  const meaning = { ...found, note, ...texts, ...judged(verdict) };
  const others = codes.status === null ? [] : meaningsOfStatus({ ...codes, status: codes.status });
  const elsewhere = others.filter((other) => other.category !== meaning.category && other.category !== 'undefined');
  return { ...explanation(input, codes, { decided: true, meanings: [meaning], elsewhere }), verdict: told };
}

const judged = (verdict: Verdict) => {
  const { class: outcome, category, fault, status, reply, provider } = verdict;
  const kind = category === 'feedback' || category === 'vacation' ? KIND_OF[category] : undefined;
  return {
    class: outcome,
    category,
    fault,
    presets: presetOutcomes({ class: outcome, category, fault, status, reply, provider, ...(kind && { kind }) }),
  };
};

const KIND_OF = { feedback: 'feedback', vacation: 'auto_reply' } as const;

/** Of a wrapper the code is shown that it wraps. */
function codesOf(input: string, { status, reply }: Verdict): Codes {
  if (status !== null || reply !== null) return { status, reply };
  const read = readAnswer(input, null);
  return { status: read.status, reply: read.reply };
}

/** The row or rule that decided, found again by its name. */
function meaningByRule(input: string, verdict: Verdict, codes: Codes): Meaning {
  const [table, name] = splitRule(verdict.rule);
  const words = `${input}\n${verdict.evidence}`.toLowerCase();
  if (table === 'microsoft') {
    const row = rowWith(microsoftMeanings(name), words, verdict);
    if (row) return microsoftMeaning(row, codes, words);
    const further = rowWith(exchangeMeanings(name), words, verdict);
    if (further) return exchangeMeaning(further, codes);
  }
  if (table === 'iana') {
    const row = statusMeaning(name);
    if (row) return registryMeaning(row, codes);
  }
  if (table === 'reply') {
    const row = replyMeaning(name);
    if (row) return smtpReplyMeaning(row, codes);
  }
  return byWords(words, verdict, codes);
}

/** Words decided: the text of the category, or of the row that says the same with this code or these words. */
function byWords(words: string, verdict: Verdict, codes: Codes): Meaning {
  const { basis, cause, fix } = textsOfRule(verdict.rule);
  const uncoded = (MICROSOFT_MEANINGS as readonly MicrosoftMeaning[]).find(
    (row) =>
      row.codes.length === 0 && row.range === undefined && row.matchText.some((text) => words.includes(text.toLowerCase())),
  );
  if (uncoded?.category === verdict.category) {
    const row = microsoftMeaning(uncoded, codes, words);
    return { ...row, basis: [...row.basis, basis] };
  }
  const same = codes.status === null ? [] : meaningsOfStatus({ ...codes, status: codes.status });
  const agreeing = same.filter(({ category }) => category === verdict.category);
  const isMicrosoft = verdict.provider === 'microsoft' || isExchangeAnswer(words);
  const row = agreeing.find(({ basis: [first] }) => (first!.kind === 'registry') !== isMicrosoft) ?? agreeing[0];
  // A table that knows these very words says more than the row of a code.
  if (row && cause === undefined) return { ...row, basis: [basis, ...row.basis] };
  const { category, fault, class: outcome } = verdict;
  return meaningOf(codes, { category, fault, class: outcome, basis: [basis], ...(cause && { cause }), ...(fix && { fix }) });
}

/** The row whose words stand in the answer, else the one that says what the verdict says. */
function rowWith<Row extends { readonly matchText?: readonly string[]; readonly category: string }>(
  rows: readonly Row[],
  words: string,
  { category }: Verdict,
): Row | undefined {
  return (
    rows.find((row) => row.matchText?.some((text) => words.includes(text.toLowerCase()))) ??
    rows.find((row) => row.category === category)
  );
}

function explanation(
  input: string,
  codes: Codes,
  told: { readonly decided: boolean; readonly meanings: readonly Meaning[]; readonly elsewhere?: readonly Meaning[] },
): Explanation {
  const presets = told.decided ? told.meanings[0]!.presets : openOutcomes(codes);
  return { input, ...codes, elsewhere: [], verdict: null, ...told, presets };
}

/** What the presets do with a report that holds this code and nothing more. */
function openOutcomes(codes: Codes): PresetOutcome[] {
  const verdict = classify(recipient({ diagnosticCode: [codes.reply, codes.status].filter(Boolean).join(' ') }), ANSWER_ALONE);
  return presetOutcomes({ ...verdict, ...codes });
}
