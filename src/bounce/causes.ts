import type { Answer } from './codes.ts';
import type { Case, ClassifyContext, Finding } from './finding.ts';
import { around, type Flat } from './flat-text.ts';
import { statusMeaning } from './meanings.ts';
import { type Occurrence, type PhraseMatcher, phraseMatcher } from './phrase-matcher.ts';
import type { RecipientFields, SmtpCommand } from './report.ts';
import type { Cause } from './tables/causes/cause.ts';
import { CAUSE_RANKS } from './tables/causes/index.ts';
import { LEXICON } from './tables/lexicon/index.ts';
import type { ProviderAnswer } from './tables/providers/answer.ts';
import { PROVIDER_ANSWERS } from './tables/providers/index.ts';

/** What a phrase of the automaton is there for. */
type Entry =
  | { readonly is: 'cause'; readonly cause: Cause; readonly rank: number }
  | { readonly is: 'veto'; readonly cause: Cause; readonly anywhere: boolean }
  | { readonly is: 'temporarily' }
  | { readonly is: 'sign'; readonly sign: Sign }
  | { readonly is: 'provider'; readonly row: ProviderAnswer };

/**
 * What words may say beside a cause: outright that it passes (`currently` says less), or something of the sender or of his greeting,
 * whatever it is.
 */
export type Sign = 'passing' | 'sender' | 'greeting';
const SIGNS: readonly Sign[] = ['passing', 'sender', 'greeting'];

/** Which causes are asked: those that tell a cause, or those that tell of a refusal and little more. */
export type Strength = 'strong' | 'weak';

/** Where the words stand: in the remote answer, in what the report says of the recipient, or anywhere in the report. */
export type Where = 'answer' | 'about' | 'report';

/** Finds in words what tables of causes and of providers' answers say of them. */
export interface CauseFinder {
  /** An answer that a provider's own documents explain; of several rows the first of the table, where the narrow go before the wide. */
  providerAnswer(text: Flat, given: Case): Finding | null;
  /**
   * What the words say: of the first sentence that tells a cause, the cause of the first rank whose words stand in it, and of that
   * rank the one whose words stand closest together.
   */
  cause(text: Flat, given: Case, strength: Strength, where?: Where): Finding | null;
  /** Whether this is said anywhere in the words. */
  says(text: Flat, sign: Sign): boolean;
}

export function causeFinder(ranks: readonly (readonly Cause[])[], answers: readonly ProviderAnswer[]): CauseFinder {
  const entries: Entry[] = [];
  const phrases: string[] = [];
  const enter = (phrase: string, entry: Entry) => {
    phrases.push(phrase);
    entries.push(entry);
  };
  for (const row of answers) for (const phrase of row.match) enter(phrase, { is: 'provider', row });
  for (const [rank, causes] of ranks.entries()) {
    for (const cause of causes) {
      for (const phrase of cause.phrases) enter(phrase, { is: 'cause', cause, rank });
      for (const phrase of cause.unless ?? []) enter(phrase, { is: 'veto', cause, anywhere: false });
      for (const phrase of cause.unlessAnywhere ?? []) enter(phrase, { is: 'veto', cause, anywhere: true });
    }
  }

  enter('<temporarily>', { is: 'temporarily' });
  for (const sign of SIGNS) enter(`<${sign}>`, { is: 'sign', sign });

  let matcher: PhraseMatcher | null = null;
  // The automaton of all phrases is built when it is first needed: it takes some 50 ms.
  const phrasesIn = (text: Flat): readonly Occurrence[] => {
    matcher ??= phraseMatcher(phrases, { lexicon: LEXICON });
    if (text.occurrences?.by !== matcher) text.occurrences = { by: matcher, all: matcher.find(text.lower) };
    return text.occurrences.all;
  };

  return {
    says(text, sign) {
      return phrasesIn(text).some(({ phrase }) => {
        const entry = entries[phrase]!;
        return entry.is === 'sign' && entry.sign === sign;
      });
    },

    providerAnswer(text, { provider, answer, fields }) {
      let best: { hit: Occurrence; row: ProviderAnswer } | null = null;
      for (const hit of phrasesIn(text)) {
        const entry = entries[hit.phrase]!;
        if (entry.is !== 'provider' || (best !== null && best.hit.phrase < hit.phrase)) continue;
        const { row } = entry;
        if (!row.anywhere && row.provider !== provider) continue;
        if (row.commands && (fields.command === null || !row.commands.includes(fields.command))) continue;
        if (row.codes && !row.codes.includes(answer.status ?? '') && !row.codes.includes(answer.reply ?? '')) continue;
        best = { hit, row };
      }
      if (best === null) return null;
      const { hit, row } = best;
      return {
        category: row.category,
        fault: row.fault,
        class: row.class ?? null,
        rule: providerRule(row),
        evidence: around(text, hit.at),
        confidence: 'high',
      };
    },

    cause(text, given, strength, where = 'answer') {
      const { answer, fields, provider, context } = given;
      const ofSender = speaksOfSender(fields, answer);
      const occurrences = phrasesIn(text);
      const vetoed = new Set<string>();
      for (const { phrase, sentence } of occurrences) {
        const entry = entries[phrase]!;
        if (entry.is === 'veto') vetoed.add(entry.anywhere ? entry.cause.name : `${sentence} ${entry.cause.name}`);
      }
      let best: { hit: Occurrence; cause: Cause; rank: number } | null = null;
      for (const hit of occurrences) {
        const entry = entries[hit.phrase]!;
        if (entry.is !== 'cause' || (entry.cause.weak === true) !== (strength === 'weak')) continue;
        const { cause, rank } = entry;
        if (cause.commands && (where !== 'answer' || !answersTo(cause.commands, given))) continue;
        if (cause.ownWords && (answer.reply !== null || isOwnDomain(context))) continue;
        if (cause.near && where === 'report') continue;
        if (cause.providers && !cause.providers.includes(provider)) continue;
        if (ofSender && cause.fault === 'recipient' && cause.category !== 'not_accept') continue;
        if (vetoed.has(cause.name) || vetoed.has(`${hit.sentence} ${cause.name}`)) continue;
        if (best === null || isBefore({ hit, rank }, best, strength)) best = { hit, cause, rank };
      }
      if (best === null) return null;
      const { cause, hit } = best;
      const holds = !cause.corroborated || fields.command === 'rcpt' || namesAddress(answer.own);
      const isTemporary = (one: Occurrence) => one.sentence === hit.sentence && entries[one.phrase]!.is === 'temporarily';
      return {
        category: cause.category,
        fault: holds ? cause.fault : 'unknown',
        class: cause.class ?? null,
        saysTemporary: occurrences.some(isTemporary),
        rule: `words/${cause.name}`,
        evidence: around(text, hit.at),
        confidence: holds && !cause.weak ? 'high' : 'medium',
      };
    },
  };
}

/** The name of the rule that a row of a provider's answers is: `provider/google/receiving-mail-at-a-rate`. */
export function providerRule({ provider, match }: ProviderAnswer): string {
  const words = match[0]!.match(/[\p{L}\p{N}]+/gu) ?? [];
  return `provider/${provider}/${words.join('-').slice(0, 60)}`;
}

/** All that the tables know. */
export const causes: CauseFinder = causeFinder(CAUSE_RANKS, PROVIDER_ANSWERS);

/** Whether the server that reports is of the recipient's own domain. */
function isOwnDomain({ reportingMta, recipientDomain }: ClassifyContext): boolean {
  return recipientDomain !== null && (reportingMta === recipientDomain || reportingMta?.endsWith(`.${recipientDomain}`) === true);
}

interface Ranked {
  readonly hit: Occurrence;
  readonly rank: number;
}

/** The cause is told first, and advice follows; words that hardly tell one may stand anywhere. */
function isBefore(one: Ranked, other: Ranked, strength: Strength): boolean {
  const bySentence = one.hit.sentence - other.hit.sentence;
  const byRank = one.rank - other.rank;
  return ((strength === 'strong' ? bySentence || byRank : byRank || bySentence) || one.hit.spread - other.hit.spread) < 0;
}

function answersTo(commands: readonly SmtpCommand[], { answer, fields }: Case): boolean {
  return !namesAddress(answer.status) && fields.command !== null && commands.includes(fields.command);
}

/** A code that alone calls the address dead bears out words that might be about something else. */
function namesAddress(status: string | null): boolean {
  return status !== null && statusMeaning(status)?.fault === 'recipient';
}

/** Codes by which a server speaks of the sender's address or domain. */
const SENDER_CODE = /^[45]\.(?:1\.[78]|7\.27)$/;

/** Whether an answer cannot be about the recipient: its code names the sender, or no recipient had been named yet. */
export function speaksOfSender({ command }: RecipientFields, { status, remote }: Answer): boolean {
  if (SENDER_CODE.test(status ?? '')) return true;
  return remote && (command === 'connect' || command === 'ehlo' || command === 'mail');
}
