import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Lexicon, phraseMatcher } from '../../src/bounce/phrase-matcher.ts';

/** Phrases found, each with the words it was found in. */
function found(phrases: readonly string[], text: string, lexicon?: Lexicon): [string, string][] {
  return phraseMatcher(phrases, lexicon ? { lexicon } : {})
    .find(text)
    .map(({ phrase, at, end }) => [phrases[phrase]!, text.slice(at, end)]);
}

const LEXICON = { person: ['user', 'mailbox', 'user account'], unknown: ['unknown', 'not found'], '@': ['@'] };

describe('phraseMatcher', () => {
  it('finds phrases wherever they stand, in the order of the text', () => {
    expect(found(['user unknown', 'mailbox full'], 'mailbox full, or user unknown')).toEqual([
      ['mailbox full', 'mailbox full'],
      ['user unknown', 'user unknown'],
    ]);
    expect(found(['user unknown'], 'nothing')).toEqual([]);
  });

  it('finds a phrase inside another, and one that stands twice', () => {
    expect(found(['user unknown', 'unknown'], 'user unknown, unknown')).toEqual([
      ['user unknown', 'user unknown'],
      ['unknown', 'unknown'],
      ['unknown', 'unknown'],
    ]);
  });

  it('wants the beginning of a word', () => {
    expect(found(['spam'], 'nospam')).toEqual([]);
    expect(found(['spam'], 'no-spam')).toHaveLength(1);
    expect(found(['spam'], 'spamming')).toHaveLength(1);
  });

  it('wants the end of a word where a bar stands', () => {
    expect(found(['rbl|'], 'rblx')).toEqual([]);
    expect(found(['rbl|'], 'an rbl.')).toHaveLength(1);
  });

  it('bridges a gap, in order, not too wide, and within a sentence', () => {
    const phrases = ['mailbox * is full'];
    expect(found(phrases, 'mailbox of anna is full')).toEqual([['mailbox * is full', 'mailbox of anna is full']]);
    expect(found(phrases, 'is full mailbox')).toEqual([]);
    expect(found(phrases, `mailbox ${'x'.repeat(80)} is full`)).toEqual([]);
    expect(found(phrases, `mailbox ${'x'.repeat(80)} mailbox anna is full`)).toHaveLength(1);
    expect(found(phrases, 'no mailbox here. the disk is full')).toEqual([]);
    expect(phraseMatcher(phrases, { acrossSentences: true }).find('no mailbox here. the disk is full')).toHaveLength(1);
  });

  it('takes any word of the lexicon for its name, the longest where several begin at one place', () => {
    expect(found(['<person> <unknown>'], 'user unknown; mailbox not found; user account unknown', LEXICON)).toEqual([
      ['<person> <unknown>', 'user unknown'],
      ['<person> <unknown>', 'mailbox not found'],
      ['<person> <unknown>', 'user account unknown'],
    ]);
  });

  it('lets signs stand between neighbours, but no words', () => {
    expect(found(['<person> <unknown>'], 'user <@@@@@@>: unknown', LEXICON)).toHaveLength(1);
    expect(found(['<person> <unknown>'], 'user is unknown', LEXICON)).toEqual([]);
    expect(found(['no <person>'], 'no such user', LEXICON)).toEqual([]);
  });

  it('takes two sides in either order, and tells how far apart they stand', () => {
    const phrases = ['<person> & <unknown>'];
    expect(found(phrases, 'the user here is unknown', LEXICON)).toHaveLength(1);
    expect(found(phrases, 'unknown to us: this mailbox', LEXICON)).toHaveLength(1);
    expect(found(phrases, 'no user. the reason is unknown', LEXICON)).toEqual([]);
    const [near, far] = ['user unknown', 'user here unknown'].map(
      (text) => phraseMatcher(phrases, { lexicon: LEXICON }).find(text)[0]!.spread,
    );
    expect(near).toBe(1);
    expect(far).toBe(6);
  });

  it('tells the sentence; host names and shortenings end none', () => {
    const sentences = (text: string) =>
      phraseMatcher(['user'])
        .find(text)
        .map(({ sentence }) => sentence);
    expect(sentences('user. user; user')).toEqual([0, 1, 2]);
    expect(sentences('user\nuser')).toEqual([0, 1]);
    expect(sentences('user at mx.example.com. user, e.g. user')).toEqual([0, 0, 0]);
    expect(sentences('user。user')).toEqual([0, 1]);
  });

  it('needs no word boundary in scripts without spaces', () => {
    expect(found(['宛先不明'], 'この宛先不明です')).toHaveLength(1);
  });

  it('takes an address, which is blanked, as one', () => {
    expect(found(['@ <unknown>'], '<@@@@@@@@>: unknown', LEXICON)).toHaveLength(1);
  });

  it('refuses phrases that could never match', () => {
    expect(() => phraseMatcher(['User unknown'])).toThrow(/lower case/);
    expect(() => phraseMatcher(['user *'])).toThrow(/empty/);
    expect(() => phraseMatcher(['* user'])).toThrow(/gap/);
    expect(() => phraseMatcher(['<nobody> unknown'], { lexicon: LEXICON })).toThrow(/no entry "nobody"/);
    expect(() => phraseMatcher(['a & b & c'])).toThrow(/more than one/);
  });

  it('tells a bounded number of occurrences, in bounded time', () => {
    const matcher = phraseMatcher(['<person> & <unknown>'], { lexicon: LEXICON });
    expect(matcher.find('user unknown '.repeat(5000)).length).toBeLessThan(50);
  });

  it('agrees with a plain search', () => {
    const letters = fc.string({ unit: fc.constantFrom('a', 'b', 'c', ' '), maxLength: 60 });
    const phrase = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(fc.uniqueArray(phrase, { minLength: 1, maxLength: 8 }), letters, (phrases, text) => {
        const first = new Map<number, number>();
        for (const { phrase: index, at } of phraseMatcher(phrases).find(text)) if (!first.has(index)) first.set(index, at);
        for (const [index, one] of phrases.entries())
          expect(first.get(index) ?? -1).toBe(text.search(new RegExp(`(?<![a-z0-9])${one}`)));
      }),
    );
  });
});
