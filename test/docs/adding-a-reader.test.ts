import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '..', '..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const quoted = [...read('docs/adding-a-reader.md').matchAll(/<!-- (\S+) -->\n```\w+\n([\s\S]*?)\n```/g)].map(
  ([, path, code]) => [path!, code!] as const,
);

it('shows the three places', () => {
  expect(quoted.map(([path]) => path.split('/').slice(0, 3).join('/'))).toEqual([
    'src/bounce/readers',
    'src/bounce/readers',
    'test/fixtures/imail',
  ]);
});

it.each(quoted)('quotes %s as it stands', (path, code) => {
  expect(read(path)).toContain(code);
});
