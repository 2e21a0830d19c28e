import { ENGLISH } from './english.ts';
import { LANGUAGES } from './languages.ts';
import { LURES } from './lures.ts';
import type { ReportWords } from './row.ts';

/** The words by which reports for people tell what they are, in every language in which servers are known to write. */
export const REPORT_WORDS: readonly ReportWords[] = [...ENGLISH, ...LANGUAGES, ...LURES];
