import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { causeFinder } from '../../src/bounce/causes.ts';
import { ANSWER_ALONE } from '../../src/bounce/classify.ts';
import { readAnswer } from '../../src/bounce/codes.ts';
import type { Case } from '../../src/bounce/finding.ts';
import { flatten } from '../../src/bounce/flat-text.ts';
import { recipient } from '../../src/bounce/readers/reader.ts';
import type { SmtpCommand } from '../../src/bounce/report.ts';
import { CAUSE_RANKS, CAUSES } from '../../src/bounce/tables/causes/index.ts';
import { LEXICON } from '../../src/bounce/tables/lexicon/index.ts';
import { verdictOnAnswer } from './classify.helper.ts';

/**
 * Answers and sentences of reports, each with the verdict that a reader of it would give: written from the texts of servers and from
 * vendors' documents, before the program had seen them. Several verdicts are right where the words allow of several.
 */
interface Row {
  readonly reply: string;
  readonly command: SmtpCommand | null;
  readonly categories: readonly string[];
  readonly outcome: string;
  readonly faults: readonly string[];
}

const ROOT = join(import.meta.dirname, '..', 'fixtures', 'replies');

function rowsOf(file: string): Row[] {
  const [, ...lines] = readFileSync(join(ROOT, file), 'utf8').trimEnd().split('\n');
  return lines.map((line) => {
    const [reply = '', command, categories = '', outcome = '', faults = ''] = line.split('\t');
    return {
      reply: reply.replaceAll('\\n', '\n'),
      command: (command || null) as SmtpCommand | null,
      categories: categories.split('|'),
      outcome,
      faults: faults.split('|'),
    };
  });
}

function caseOf({ reply, command }: Row): Case {
  return {
    fields: recipient({ diagnosticCode: reply, command }),
    context: ANSWER_ALONE,
    answer: readAnswer(reply, null),
    answered: flatten(reply),
    provider: 'other',
  };
}

const verdictOf = ({ reply, command }: Row) => verdictOnAnswer(reply, { command, diagnosticType: null });
const files = readdirSync(ROOT).filter((file) => file.endsWith('.tsv'));
const all = files.flatMap(rowsOf);

describe.each(files)('%s', (file) => {
  const rows = rowsOf(file);
  const share = (right: (row: Row) => boolean) => rows.filter(right).length / rows.length;

  it('has its category told for nine in ten, and its class', () => {
    expect(share((row) => row.categories.includes(verdictOf(row).category))).toBeGreaterThan(0.9);
    expect(share((row) => row.outcome === verdictOf(row).class)).toBeGreaterThan(0.95);
  });

  it('holds no live address for dead', () => {
    const dead = rows.filter((row) => verdictOf(row).class === 'permanent' && verdictOf(row).fault === 'recipient');
    expect(dead.filter((row) => !row.faults.includes('recipient')).map(({ reply }) => reply)).toEqual([]);
  });

  it('lets hardly a dead address pass', () => {
    const dead = rows.filter((row) => row.outcome === 'permanent' && row.faults.join() === 'recipient');
    expect(dead.filter((row) => verdictOf(row).fault !== 'recipient').length).toBeLessThanOrEqual(dead.length * 0.1);
  });
});

describe('causes', () => {
  const deciding = new Map<string, Row[]>();
  for (const row of all) {
    const { rule } = verdictOf(row);
    deciding.set(rule, [...(deciding.get(rule) ?? []), row]);
  }

  // Those of one provider are tested with its answers; a connection that failed is told as given up.
  const told = CAUSES.filter((cause) => !cause.providers && cause.name !== 'no-connection');

  it.each(told.map((cause) => [cause.name, cause] as const))(
    '%s decides an answer that is told otherwise without it',
    (name, cause) => {
      const without = causeFinder(
        CAUSE_RANKS.map((rank) => rank.filter((other) => other !== cause)),
        [],
      );
      const isNeeded = (row: Row) => {
        const given = caseOf(row);
        const found = without.cause(given.answered, given, 'strong') ?? without.cause(given.answered, given, 'weak');
        return found?.category !== cause.category || found.fault !== cause.fault;
      };
      expect((deciding.get(`words/${name}`) ?? []).filter(isNeeded).length).toBeGreaterThan(0);
    },
  );

  it('call no word that nothing uses', () => {
    const used = new Set([
      // Asked for by the judge itself (causes.ts).
      'passing',
      'greeting',
      ...CAUSES.flatMap((cause) => [...cause.phrases, ...(cause.unless ?? []), ...(cause.unlessAnywhere ?? [])]).flatMap(
        (phrase) => [...phrase.matchAll(/<([a-z-]+)>/g)].map(([, name]) => name),
      ),
    ]);
    expect(Object.keys(LEXICON).filter((name) => name !== '@' && !used.has(name))).toEqual([]);
  });

  it('stand in one rank only, and say a phrase once', () => {
    expect(CAUSES.map(({ name }) => name)).toEqual([...new Set(CAUSES.map(({ name }) => name))]);
    for (const { phrases } of CAUSES) expect(phrases).toEqual([...new Set(phrases)]);
  });
});
