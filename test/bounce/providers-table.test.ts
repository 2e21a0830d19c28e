import { describe, expect, it } from 'vitest';
import { providerRule } from '../../src/bounce/causes.ts';
import { findReply, findStatus } from '../../src/bounce/codes.ts';
import { flatten } from '../../src/bounce/flat-text.ts';
import { phraseMatcher } from '../../src/bounce/phrase-matcher.ts';
import { isProvider } from '../../src/bounce/provider.ts';
import type { SmtpCommand } from '../../src/bounce/report.ts';
import { PROVIDER_ANSWERS, type ProviderAnswer } from '../../src/bounce/tables/providers/index.ts';
import { CATEGORIES, FAULTS } from '../../src/bounce/vocabulary.ts';

const PHRASES = PROVIDER_ANSWERS.flatMap((row) => row.match.map((phrase) => ({ row, phrase })));
const matcher = phraseMatcher(PHRASES.map(({ phrase }) => phrase));

/** The rows that hold for a reply of this provider, in the order of the table. */
function rowsFor(provider: string, reply: string, command: SmtpCommand | undefined): readonly ProviderAnswer[] {
  const codes = [findStatus(reply), findReply(reply)];
  const found = matcher
    .find(flatten(reply).lower)
    .map(({ phrase }) => phrase)
    .sort((a, b) => a - b)
    .map((phrase) => PHRASES[phrase]!.row);
  const holds = (row: ProviderAnswer) =>
    (row.anywhere || row.provider === provider) &&
    (!row.commands || (command !== undefined && row.commands.includes(command))) &&
    (!row.codes || row.codes.some((code) => codes.includes(code)));
  return [...new Set(found.filter(holds))];
}

const meaning = ({ category, fault, class: passes }: ProviderAnswer) => ({ category, fault, class: passes });

describe('answers of providers', () => {
  it.each(PROVIDER_ANSWERS.map((row) => [row.provider, row.example, row] as const))('%s: %s', (provider, example, row) => {
    expect(isProvider(provider)).toBe(true);
    expect(CATEGORIES).toContain(row.category);
    expect(FAULTS).toContain(row.fault);
    expect(row.title).toMatch(/^\S.{5,150}$/);
    expect(row.fix ?? 'A fix that is long enough').toMatch(/^\S.{5,150}$/);
    expect(row.source).not.toBe('');
    for (const code of row.codes ?? []) expect(code).toMatch(/^[245](\d\d|\.\d\.\d{1,3})$/);
    // What a service did not send at all has no answer, so no code.
    if (row.category !== 'suppressed') expect(findReply(example) ?? findStatus(example)).not.toBeNull();

    const rows = rowsFor(provider, example, row.commands?.[0]);
    expect(rows).toContain(row);
    // The first row in the order of the table decides, so no other may tell the example otherwise before it.
    expect({ ...meaning(rows[0]!), by: rows[0]!.title }).toEqual({ ...meaning(row), by: rows[0]!.title });
  });

  it.each(PHRASES.filter(({ row }) => !row.codes).map(({ row, phrase }) => [row.provider, phrase, row] as const))(
    '%s: "%s" leads to its row',
    (provider, phrase, row) => {
      const words = phrase.replaceAll('*', 'x').replaceAll('|', '');
      const rows = rowsFor(provider, words, row.commands?.[0]);
      expect(rows).toContain(row);
      expect({ ...meaning(rows[0]!), by: rows[0]!.title }).toEqual({ ...meaning(row), by: rows[0]!.title });
    },
  );

  it('names no address of a living person or network', () => {
    for (const { example } of PROVIDER_ANSWERS) {
      for (const [address] of example.matchAll(/[\w.+-]+@[\w.-]+[a-z]/g))
        expect(address).toMatch(/@(.*\.)?example(\.(com|net|org))?$/);
      for (const [ip] of example.matchAll(/(?<![\d.]|- )\d{1,3}(?:\.\d{1,3}){3}(?![\d.])/g)) {
        expect(ip).toMatch(/^(192\.0\.2|198\.51\.100|203\.0\.113)\./);
      }
    }
  });

  it('says one thing once', () => {
    const keys = PHRASES.map(({ row, phrase }) =>
      [row.provider, phrase, ...(row.codes ?? []), ...(row.commands ?? [])].join(' '),
    );
    expect(keys).toEqual([...new Set(keys)]);
    const rules = PROVIDER_ANSWERS.map((row) => [providerRule(row), ...(row.codes ?? []), ...(row.commands ?? [])].join(' '));
    expect(rules).toEqual([...new Set(rules)]);
    const examples = PROVIDER_ANSWERS.map((row) => row.example);
    expect(examples).toEqual([...new Set(examples)]);
  });

  it('calls an address dead only where the words name the address or the user', () => {
    const dead = PROVIDER_ANSWERS.filter((row) => row.fault === 'recipient');
    for (const row of dead) expect(['user_unknown', 'host_unknown', 'suspended', 'has_moved']).toContain(row.category);
  });

  it('knows at least the large ones', () => {
    const known = new Set(PROVIDER_ANSWERS.map((row) => row.provider));
    for (const provider of [
      'google',
      'microsoft',
      'yahoo',
      'apple',
      'comcast',
      'gmx',
      'orange',
      'tencent',
      'mailru',
      'mimecast',
    ]) {
      expect(known).toContain(provider);
    }
  });
});
