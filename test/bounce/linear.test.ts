import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { attackOn } from './linear-check.ts';
import { MODULES, patternsBuiltBy, patternsWrittenIn } from './linear-patterns.ts';

const written = MODULES.map((file) => ({ file, ...patternsWrittenIn(file) }));
// Patterns made of texts are seen when they are made: at the start of a module, or at its first use.
const built = await patternsBuiltBy(async () => {
  for (const file of MODULES) await import(join('..', '..', file));
  const { FIXTURES, mailsBelow } = await import('../fuzz/run.ts');
  const { analyze } = await import('../../src/bounce/index.ts');
  const { parseMail } = await import('../../src/mime/index.ts');
  for (const mail of mailsBelow(FIXTURES)) analyze(parseMail(mail));
});

const all = new Map(
  [...written.flatMap(({ patterns }) => patterns), ...built].map((pattern) => [
    `${pattern.file} /${pattern.source}/${pattern.flags}`,
    pattern,
  ]),
);

describe('patterns cost no more than the length of what they are tried on', () => {
  it.each([...all.values()])('$file: /$source/$flags', ({ source, flags }) => {
    expect(attackOn(source, flags)).toBeNull();
  });

  it('finds every pattern there is', () => {
    expect(
      patternsWrittenIn('x.ts', "const a: RegExp = /b+/gi; // no /c/\nconst d = '/e/'; f(new RegExp(d), RegExp('g'));"),
    ).toEqual({
      patterns: [{ file: 'x.ts', source: 'b+', flags: 'gi' }],
      built: 2,
    });
    for (const { file, built: count } of written)
      expect(built.filter((pattern) => pattern.file === file).length, file).toBeGreaterThanOrEqual(count);
    expect(all.size).toBeGreaterThan(100);
  });

  it.each<[string, string]>([
    ['(a+)+$', ''],
    ['(?:a|a)*b', ''],
    ['(?:\\w+\\s?)*$', ''],
    ['\\s+$', ''],
    ['^\\s*\\s*x', ''],
    ['a.*b', ''],
    ['<.*?>', ''],
    ['^.*<|>.*$', 'g'],
    ['x[^y]*(?=z)', 'i'],
    ['[\\p{L}\\p{N}]+@', 'u'],
    ['(?:a{1,100}){1,100}b', ''],
  ])('finds /%s/%s dear', (source, flags) => {
    expect(attackOn(source, flags)).not.toBeNull();
  });

  it.each<[string, string]>([
    ['^\\s+', ''],
    ['a+', 'g'],
    ['[^@]{1,64}@', ''],
    ['(?<![a-z])[a-z]+@', ''],
    ['\\b\\d{1,3}(?:\\.\\d{1,3}){3}\\b', 'g'],
    ['^(?:a|b)*$', ''],
    ['"[^"]*"@', ''],
    ['(?:user|mailbox).{0,40}(?:unknown|full)', 'i'],
  ])('finds /%s/%s sound', (source, flags) => {
    expect(attackOn(source, flags)).toBeNull();
  });
});
