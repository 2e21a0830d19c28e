import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { codesDocument } from '../../scripts/codes-document.ts';
import { packageRoot } from '../../src/package-root.ts';

describe('docs/codes.md', () => {
  it('is what the tables give; if not, run npm run docs:codes', () => {
    expect(readFileSync(join(packageRoot, 'docs', 'codes.md'), 'utf8')).toBe(codesDocument());
  });
});
