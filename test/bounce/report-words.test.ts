import { expect, it } from 'vitest';
import { phraseMatcher } from '../../src/bounce/phrase-matcher.ts';
import { REPORT_WORDS } from '../../src/bounce/tables/reports/index.ts';

const rows = REPORT_WORDS.map((row) => [`${row.language} ${row.says}: ${row.phrases[0]}`, row] as const);

it.each(rows)('%s … has a source, and phrases that are found in what they say', (_, { phrases, source }) => {
  expect(source).not.toBe('');
  const matcher = phraseMatcher(phrases);
  for (const [i, phrase] of phrases.entries()) {
    const words = phrase.replaceAll('*', 'any other words').replaceAll('|', '').replace(/ {2,}/g, ' ');
    expect(matcher.find(words).map((found) => found.phrase)).toContain(i);
  }
});

it('holds no phrase twice for the same', () => {
  const all = REPORT_WORDS.flatMap(({ says, phrases }) => phrases.map((phrase) => `${says}: ${phrase}`));
  expect(all.filter((phrase, i) => all.indexOf(phrase) !== i)).toEqual([]);
});
