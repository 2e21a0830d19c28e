// Writes docs/codes.md from the tables; run by `npm run docs:codes`.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { codesDocument } from './codes-document.ts';

writeFileSync(join(import.meta.dirname, '..', 'docs', 'codes.md'), codesDocument());
