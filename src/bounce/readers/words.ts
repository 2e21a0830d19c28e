import { type PhraseMatcher, phraseMatcher } from '../phrase-matcher.ts';
import { REPORT_WORDS } from '../tables/reports/index.ts';
import type { ReportSays } from '../tables/reports/row.ts';
import type { Kind } from '../vocabulary.ts';

/** Characters of a text that are searched: what a report is stands at its beginning. */
const MAX_WORDS = 16_384;

const SAYS: readonly ReportSays[] = REPORT_WORDS.flatMap(({ says, phrases }) => phrases.map(() => says));
const matcher = phraseMatcher(REPORT_WORDS.flatMap(({ phrases }) => phrases));

/** An enhanced code behind a reply says that something failed in any language. */
const CODED = /\b5\d\d[ -]\d\.\d\.\d/;

/** Where each of the things that reports say is said first, in a text made even by `evenOut`. */
function told(even: string): ReadonlyMap<ReportSays, number> {
  const first = new Map<ReportSays, number>();
  for (const { phrase, at } of matcher.find(even)) {
    const says = SAYS[phrase]!;
    if (at < (first.get(says) ?? Number.POSITIVE_INFINITY)) first.set(says, at);
  }
  return first;
}

/** Lower case, one kind of apostrophe, and one blank for every run of white space. */
export function evenOut(text: string): string {
  return text
    .slice(0, MAX_WORDS)
    .replace(/[’‘´`]/g, "'")
    .replace(/\s+/g, ' ')
    .toLowerCase();
}

/** The words announce that a message failed or is late. */
export function announcesFailure(text: string): boolean {
  const first = told(evenOut(text));
  return first.has('failed') || first.has('delayed');
}

/** The same, or only a reason is given. */
export function tellsFailure(text: string): boolean {
  const even = evenOut(text);
  const first = told(even);
  return first.has('failed') || first.has('delayed') || first.has('reason') || CODED.test(even);
}

/** The line with which the first announcement of a failure or a delay begins; the first of all where none does. */
export function announcement(lines: readonly string[]): number {
  const starts: number[] = [];
  let even = '';
  for (const line of lines) {
    if (even.length > MAX_WORDS) break;
    starts.push(even.length);
    const words = evenOut(line).trim();
    if (words !== '') even += `${words} `;
  }
  const first = told(even);
  const at = Math.min(first.get('failed') ?? Number.POSITIVE_INFINITY, first.get('delayed') ?? Number.POSITIVE_INFINITY);
  return at === Number.POSITIVE_INFINITY ? 0 : starts.findLastIndex((start) => start <= at);
}

/** Kind by the words for people alone. */
export function kindOfWords(subject: string, text: string): Kind {
  const bySubject = told(evenOut(subject));
  const byText = told(evenOut(text));
  const says = (what: ReportSays) => bySubject.has(what) || byText.has(what);
  if (says('delayed') && !(says('given-up') && !bySubject.has('delayed') && !/\bwarning\b/i.test(subject))) return 'delay';
  return says('delivered') && !byText.has('failed') && !byText.has('reason') && !CODED.test(text) ? 'delivered' : 'bounce';
}

/** A matcher of signs, to be asked only whether any of them is there, and how early. */
export function signs({ phrases }: { readonly phrases: readonly string[] }): (text: string, within?: number) => boolean {
  const all: PhraseMatcher = phraseMatcher([...new Set(phrases)]);
  return (text, within = MAX_WORDS) => all.find(evenOut(text)).some(({ at }) => at <= within);
}
