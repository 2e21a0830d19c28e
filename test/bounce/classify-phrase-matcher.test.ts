import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { phraseMatcher } from '../../src/bounce/phrase-matcher.ts';

const always = () => true;

describe('phraseMatcher', () => {
  it('gives the first phrase in the order given, wherever it stands', () => {
    const matcher = phraseMatcher(['user unknown', 'mailbox full']);
    expect(matcher.first('mailbox full, or user unknown', always)).toEqual({ phrase: 0, at: 17 });
    expect(matcher.first('mailbox full', always)).toEqual({ phrase: 1, at: 0 });
    expect(matcher.first('nothing', always)).toBeNull();
  });

  it('passes over phrases that are not wanted', () => {
    const matcher = phraseMatcher(['user unknown', 'unknown']);
    expect(matcher.first('user unknown', (phrase) => phrase !== 0)).toEqual({ phrase: 1, at: 5 });
  });

  it('wants the beginning of a word', () => {
    const matcher = phraseMatcher(['spam']);
    expect(matcher.first('nospam', always)).toBeNull();
    expect(matcher.first('no-spam', always)).not.toBeNull();
    expect(matcher.first('spamming', always)).not.toBeNull();
  });

  it('wants the end of a word where a bar stands', () => {
    const matcher = phraseMatcher(['rbl|']);
    expect(matcher.first('rblx', always)).toBeNull();
    expect(matcher.first('an rbl.', always)).not.toBeNull();
  });

  it('bridges a gap, in order and not too wide', () => {
    const matcher = phraseMatcher(['mailbox * is full']);
    expect(matcher.first('mailbox of anna is full', always)).toEqual({ phrase: 0, at: 0 });
    expect(matcher.first('is full mailbox', always)).toBeNull();
    expect(matcher.first(`mailbox ${'x'.repeat(80)} is full`, always)).toBeNull();
    expect(matcher.first(`mailbox ${'x'.repeat(80)} mailbox anna is full`, always)).toEqual({ phrase: 0, at: 89 });
  });

  it('needs no word boundary in scripts without spaces', () => {
    expect(phraseMatcher(['宛先不明']).first('この宛先不明です', always)).not.toBeNull();
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
        const plain = phrases.findIndex((one) => new RegExp(`(?<![a-z0-9])${one}`).test(text));
        expect(phraseMatcher(phrases).first(text, always)?.phrase ?? -1).toBe(plain);
      }),
    );
  });
});
