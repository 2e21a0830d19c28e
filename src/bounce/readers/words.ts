import type { Material } from '../material.ts';
import { type PhraseMatcher, phraseMatcher } from '../phrase-matcher.ts';
import { REPORT_WORDS } from '../tables/reports/index.ts';
import type { ReportSays } from '../tables/reports/row.ts';
import type { Kind } from '../vocabulary.ts';

/** Characters of a text that are searched: what a report is stands at its beginning. */
const MAX_WORDS = 16_384;

const SAYS: readonly ReportSays[] = REPORT_WORDS.flatMap(({ says, phrases }) => phrases.map(() => says));
const matcher = phraseMatcher(
  REPORT_WORDS.flatMap(({ phrases }) => phrases),
  { acrossSentences: true },
);

/** Characters at the beginning of a mail by which it is judged whether it is a report. */
export const MAX_OPENING = 3000;

/** An enhanced code behind a reply says that something failed in any language. */
const CODED = /\b5\d\d[ -]\d\.\d\.\d/;

/** Where each of the things that reports say is said first, in a text made even by `evenOut`. */
function told(even: string): Told {
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

/** What the words for people of a report say, looked up once a mail. */
export interface Announcement {
  /** The subject announces a failure or a delay. */
  readonly inSubject: boolean;
  /** Where the text does so first, in its even writing; infinite where it does not. */
  readonly at: number;
  /** Subject or first words are those of phishing. */
  readonly isLure: boolean;
  /** Kind of the report by its words alone. */
  readonly kind: Kind;
}

const announcements = new WeakMap<Material, Announcement>();

export function announcementOf(material: Material): Announcement {
  const known = announcements.get(material);
  if (known !== undefined) return known;
  const bySubject = told(evenOut(material.subject));
  const even = evenOut(material.text);
  const byText = told(even);
  const found = {
    inSubject: announces(bySubject) < Number.POSITIVE_INFINITY,
    at: announces(byText),
    isLure: bySubject.has('lure') || (byText.get('lure') ?? MAX_OPENING) < MAX_OPENING,
    kind: kindOf(material.subject, bySubject, byText, CODED.test(even)),
  };
  announcements.set(material, found);
  return found;
}

type Told = ReadonlyMap<ReportSays, number>;

const announces = (first: Told): number =>
  Math.min(first.get('failed') ?? Number.POSITIVE_INFINITY, first.get('delayed') ?? Number.POSITIVE_INFINITY);

function kindOf(subject: string, bySubject: Told, byText: Told, isCoded: boolean): Kind {
  const says = (what: ReportSays) => bySubject.has(what) || byText.has(what);
  if (says('delayed') && !(says('given-up') && !bySubject.has('delayed') && !/\bwarning\b/i.test(subject))) return 'delay';
  return says('delivered') && !byText.has('failed') && !byText.has('reason') && !isCoded ? 'delivered' : 'bounce';
}

/** A line, or two, announce a failure or a delay, or give the reason of one. */
export function tellsFailure(text: string): boolean {
  const even = evenOut(text);
  const first = told(even);
  return first.has('failed') || first.has('delayed') || first.has('reason') || CODED.test(even);
}

/** The line with which the first announcement of a failure or a delay begins; the first of all where none does. */
export function announcingLine(lines: readonly string[], material: Material): number {
  const { at } = announcementOf(material);
  if (at === Number.POSITIVE_INFINITY) return 0;
  let end = /^\s/.test(material.text) ? 1 : 0;
  for (const [i, line] of lines.entries()) {
    const length = evenOut(line).trim().length;
    if (length > 0) end += length + 1;
    if (end > at) return i;
  }
  return 0;
}

/** A matcher of signs, to be asked only whether any of them is there, and how early. */
export function signs({ phrases }: { readonly phrases: readonly string[] }): (text: string, within?: number) => boolean {
  const all: PhraseMatcher = phraseMatcher([...new Set(phrases)], { acrossSentences: true });
  return (text, within = MAX_WORDS) => all.find(evenOut(text)).some(({ at }) => at <= within);
}
