import { providerRule } from '../bounce/causes.ts';
import { CAUSES } from '../bounce/tables/causes/index.ts';
import { PROVIDER_ANSWERS } from '../bounce/tables/providers/index.ts';
import type { Basis } from './meaning.ts';

/** What the table behind a rule of the classifier tells of it. */
export interface RuleTexts {
  readonly basis: Basis;
  /** What it means and how to mend it, where the table says more than the category. */
  readonly cause?: string;
  readonly fix?: string;
}

type Lookup = (rule: string, name: string) => RuleTexts | null;

/** By the first part of a rule's name (`words/mailbox-full`). A further table of words is one more entry. */
const TABLES: Readonly<Record<string, Lookup>> = {
  words: ofCause,
  'given-up': ofCause,
  provider: ofProvider,
};

function ofCause(rule: string, name: string): RuleTexts | null {
  const cause = CAUSES.find((candidate) => candidate.name === name.split('+')[0]);
  return cause ? { basis: { kind: 'words', row: `words of the answer, rule ${rule}`, source: cause.source } } : null;
}

function ofProvider(rule: string): RuleTexts | null {
  const row = PROVIDER_ANSWERS.find((candidate) => providerRule(candidate) === rule);
  if (!row) return null;
  const basis: Basis = { kind: 'words', row: `answer of ${row.provider}, rule ${rule}`, source: row.source };
  return { basis, cause: row.title, ...(row.fix ? { fix: row.fix } : {}) };
}

/** A rule with its basis; one without a table stands for itself. */
export function textsOfRule(rule: string): RuleTexts {
  const [table, name] = splitRule(rule);
  const row = rule === 'none' ? 'no rule decides' : `rule ${rule}`;
  return TABLES[table]?.(rule, name) ?? { basis: { kind: 'rule', row, source: 'rebound' } };
}

/** `words/mailbox-full` in its two parts. */
export function splitRule(rule: string): [table: string, name: string] {
  const at = rule.indexOf('/');
  return at < 0 ? [rule, ''] : [rule.slice(0, at), rule.slice(at + 1)];
}
