import { PHRASE_GROUPS } from '../bounce/tables/phrases/index.ts';
import type { Basis } from './meaning.ts';

/** What the table behind a rule of the classifier tells of it. */
export interface RuleTexts {
  readonly basis: Basis;
  /** What it means and how to mend it, where the table says more than the category. */
  readonly cause?: string;
  readonly fix?: string;
}

type Lookup = (rule: string, name: string) => RuleTexts | null;

/** By the first part of a rule's name (`phrase/mailbox-full`). A further table of words is one more entry. */
const TABLES: Readonly<Record<string, Lookup>> = {
  phrase: ofPhrase,
  'given-up': ofPhrase,
};

function ofPhrase(rule: string, name: string): RuleTexts | null {
  const group = PHRASE_GROUPS.find((candidate) => candidate.name === name);
  return group ? { basis: { kind: 'words', row: `words of the answer, rule ${rule}`, source: group.source } } : null;
}

/** A rule with its basis; one without a table stands for itself. */
export function textsOfRule(rule: string): RuleTexts {
  const [table, name] = splitRule(rule);
  const row = rule === 'none' ? 'no rule decides' : `rule ${rule}`;
  return TABLES[table]?.(rule, name) ?? { basis: { kind: 'rule', row, source: 'rebound' } };
}

/** `phrase/mailbox-full` in its two parts. */
export function splitRule(rule: string): [table: string, name: string] {
  const at = rule.indexOf('/');
  return at < 0 ? [rule, ''] : [rule.slice(0, at), rule.slice(at + 1)];
}
