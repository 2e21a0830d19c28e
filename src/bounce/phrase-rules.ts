import type { Answer } from './codes.ts';
import type { Case, Finding } from './finding.ts';
import { around, type Flat } from './flat-text.ts';
import { statusMeaning } from './meanings.ts';
import { type Occurrence, type PhraseMatcher, phraseMatcher } from './phrase-matcher.ts';
import type { RecipientFields, SmtpCommand } from './report.ts';
import { PHRASE_GROUPS } from './tables/phrases/index.ts';
import type { PhraseGroup } from './tables/phrases/phrase.ts';

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

/** Which groups are asked. */
export type Wanted = (group: PhraseGroup) => boolean;
export const STRONG: Wanted = (group) => !WEAK_NAMES.has(group.name);
export const WEAK: Wanted = (group) => WEAK_NAMES.has(group.name);

/** What the first group that fits the words says of them. */
export function findPhrase(text: Flat, { answer, fields, provider }: Case, wanted: Wanted): Finding | null {
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
