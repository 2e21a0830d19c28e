import { exchangeMeanings, microsoftMeanings } from './meanings.ts';
import type { BounceClass, Category, Fault } from './vocabulary.ts';

/** What Microsoft's tables say of an answer. */
export interface MicrosoftFinding {
  readonly category: Category;
  readonly fault: Fault;
  /** Only where the table says that the condition passes by itself although the code begins with 5. */
  readonly class: BounceClass | null;
  readonly rule: string;
  /** The words that told the row; null where the code alone did. */
  readonly words: string | null;
}

/** Codes that mean so many things, or so different ones elsewhere, that without the words of a row they decide nothing. */
const NEEDS_WORDS: ReadonlySet<string> = new Set(['4.3.2', '5.0.350', '5.1.0', '5.2.2', '5.4.1', '5.7.1']);

/** Words that only Exchange and Microsoft's services write, lower case. */
const MARKS = [
  'resolver.',
  'storedrv',
  '.prod.outlook.com',
  '.protection.outlook.com',
  'as(2018',
  'smtpsend.',
  "remote server returned '",
  'msexch',
  '#smtp#',
];

/** Whether the words of an answer (lower case) are Exchange's own. */
export function isExchangeAnswer(text: string): boolean {
  return MARKS.some((mark) => text.includes(mark));
}

/** The row that both code and words (lower case) point to, whoever sent them; null if there is none. */
export function byCodeAndWords(status: string, text: string): MicrosoftFinding | null {
  const found = (words: readonly string[]) => words.find((word) => text.includes(word.toLowerCase())) ?? null;
  for (const row of microsoftMeanings(status)) {
    for (const variant of row.variants ?? []) {
      const words = found(variant.matchText);
      if (words) return finding(status, variant, null, words);
    }
    for (const named of row.namedCodes ?? []) {
      if (named.code === status)
        return finding(status, { category: named.category, fault: row.fault }, null, found(named.matchText));
    }
    const words = found(row.matchText);
    if (words) return finding(status, row, row.class, words);
  }
  for (const row of exchangeMeanings(status)) {
    const words = found(row.matchText ?? []);
    if (words) return finding(status, row, row.class ?? null, words);
  }
  return null;
}

/** The row of a code that Microsoft's servers sent, where the code alone decides; null if it does not. */
export function byCode(status: string): MicrosoftFinding | null {
  if (NEEDS_WORDS.has(status)) return null;
  const row = microsoftMeanings(status)[0];
  const further = exchangeMeanings(status).find(({ matchText, alone }) => !matchText || alone);
  // A row that names the code goes before a range that holds it.
  if (row && !(row.range && further && !further.range)) return finding(status, row, row.class, null);
  return further ? finding(status, further, further.class ?? null, null) : null;
}

function finding(
  status: string,
  row: { readonly category: Category; readonly fault: Fault },
  rowClass: BounceClass | null,
  words: string | null,
): MicrosoftFinding {
  const passing = rowClass === 'temporary' && status.startsWith('5') ? 'temporary' : null;
  return { category: row.category, fault: row.fault, class: passing, rule: `microsoft/${status}`, words };
}
