import { expect, it } from 'vitest';
import { jsonText } from '../../src/cli/output.ts';

it('writes JSON that steers no terminal and reads as before', () => {
  const words = { said: 'a\x1b[31mb\x9b31mc\x7fd\u202ee\u2066f\u200bg\u2028h', ü: '収件人 😀' };
  const text = jsonText(words);
  expect(text).not.toMatch(/[\x00-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2066]/);
  expect(text).toContain('収件人 😀');
  expect(JSON.parse(text)).toEqual(words);
});

it('writes times in ISO form and large numbers as numbers', () => {
  expect(jsonText({ at: new Date(0), n: 5n }, 1)).toBe('{\n "at": "1970-01-01T00:00:00.000Z",\n "n": 5\n}');
});
