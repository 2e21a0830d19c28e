import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { phraseMatcher } from '../../src/bounce/phrase-matcher.ts';

/** The first phrase in the order given. */
const first = (phrases: string[], text: string) => phraseMatcher(phrases).find(text)[0] ?? null;

describe('phraseMatcher', () => {
  it('gives the phrases in the order given, wherever they stand', () => {
    const matcher = phraseMatcher(['user unknown', 'mailbox full']);
    expect(matcher.find('mailbox full, or user unknown')).toEqual([
      { phrase: 0, at: 17 },
      { phrase: 1, at: 0 },
    ]);
    expect(matcher.find('mailbox full')).toEqual([{ phrase: 1, at: 0 }]);
    expect(matcher.find('nothing')).toEqual([]);
  });

  it('finds a phrase inside another', () => {
    expect(phraseMatcher(['user unknown', 'unknown']).find('user unknown')).toEqual([
      { phrase: 0, at: 0 },
      { phrase: 1, at: 5 },
    ]);
  });

  it('wants the beginning of a word', () => {
    expect(first(['spam'], 'nospam')).toBeNull();
    expect(first(['spam'], 'no-spam')).not.toBeNull();
    expect(first(['spam'], 'spamming')).not.toBeNull();
  });

  it('wants the end of a word where a bar stands', () => {
    expect(first(['rbl|'], 'rblx')).toBeNull();
    expect(first(['rbl|'], 'an rbl.')).not.toBeNull();
  });

  it('bridges a gap, in order and not too wide', () => {
    const phrases = ['mailbox * is full'];
    expect(first(phrases, 'mailbox of anna is full')).toEqual({ phrase: 0, at: 0 });
    expect(first(phrases, 'is full mailbox')).toBeNull();
    expect(first(phrases, `mailbox ${'x'.repeat(80)} is full`)).toBeNull();
    expect(first(phrases, `mailbox ${'x'.repeat(80)} mailbox anna is full`)).toEqual({ phrase: 0, at: 89 });
  });

  it('needs no word boundary in scripts without spaces', () => {
    expect(first(['宛先不明'], 'この宛先不明です')).not.toBeNull();
  });

  it('refuses phrases that could never match', () => {
    expect(() => phraseMatcher(['User unknown'])).toThrow(/lower case/);
    expect(() => phraseMatcher(['user *'])).toThrow(/empty/);
  });

  it('agrees with a plain search', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), maxLength: 60 });
    const phrase = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.uniqueArray(phrase, { minLength: 1, maxLength: 8 }), letters, (phrases, text) => {
        const plain = phrases.flatMap((one, index) => {
          const at = text.search(new RegExp(`(?<![a-z0-9])${one}`));
          return at < 0 ? [] : [{ phrase: index, at }];
        });
        expect(phraseMatcher(phrases).find(text)).toEqual(plain);
      }),
    );
  });
});
