import type { Kind } from '../bounce/vocabulary.ts';
import { type Column, formatTable, terminalWidth } from '../cli/table.ts';
import { cleanText, cutText, wrapText } from '../cli/terminal-text.ts';
import type { Rule } from '../suppression/rules.ts';
import type { Outcome, Verdict } from './outcomes.ts';

/** Below this width the table leaves some columns out. */
const WIDE_TERMINAL = 150;
/** Characters of the reason in the table: enough for a status code and the words after it. */
const MAX_REASON = 100;

const KIND_WORDS: Readonly<Record<Kind, readonly [one: string, many: string]>> = {
  bounce: ['bounce', 'bounces'],
  delay: ['delay', 'delays'],
  delivered: ['delivery', 'deliveries'],
  auto_reply: ['automatic answer', 'automatic answers'],
  feedback: ['complaint', 'complaints'],
  other: ['other mail', 'other mails'],
};

/** A row of the table: one recipient of one sample, however often the sample arrived. */
export interface SampleOutcome {
  /** Name of the sample. */
  readonly sample: string;
  readonly outcome: Outcome;
  readonly times: number;
}

/** Tells a person what the demo does. Text from mails is made harmless before it is written. */
export class Narrator {
  readonly #write: (text: string) => void;
  readonly #width: number | null;
  readonly #began = performance.now();

  constructor(write: (text: string) => void, width: number | null = terminalWidth()) {
    this.#write = write;
    this.#width = width;
  }

  line(text = ''): void {
    this.#write(`${text}\n`);
  }

  /** One thing that has happened, with the seconds since the start. */
  step(who: string, what: string): void {
    const seconds = ((performance.now() - this.#began) / 1000).toFixed(1).padStart(6);
    this.line(`${seconds} s  ${who.padEnd(8)}  ${what}`);
  }

  pulled(mails: number): void {
    this.step('poller', `pulled ${count(mails, 'mail', 'mails')} from the INBOX into the queue`);
  }

  classified(kinds: readonly Kind[], flagged: number, held: number): void {
    const what = kindCounts(kinds).map(([kind, n]) => count(n, ...KIND_WORDS[kind]));
    this.step('worker', `classified ${count(kinds.length, 'mail', 'mails')}: ${what.join(', ')}`);
    if (flagged + held > 0) this.step('rules', `flagged ${count(flagged, 'recipient', 'recipients')}, held ${held}`);
  }

  settled(mails: number, folder: string): void {
    this.step('poller', `settled ${count(mails, 'mail', 'mails')}: committed, so moved to ${folder}`);
  }

  /**
   * The table of all samples (flagged first, then held, then those without a state, each in the order of arrival) and under it
   * the rules that decided.
   */
  results(rows: readonly SampleOutcome[], rules: readonly Rule[]): void {
    const order = ['flagged', 'held', undefined];
    const sorted = [...rows].sort(
      (a, b) => order.indexOf(a.outcome.verdict?.state ?? undefined) - order.indexOf(b.outcome.verdict?.state ?? undefined),
    );
    const columns = this.#width === null || this.#width >= WIDE_TERMINAL ? COLUMNS : COLUMNS.filter(({ narrow }) => narrow);
    this.line();
    this.line(
      formatTable(
        columns.map(({ column }) => column),
        sorted.map((row) => columns.map(({ cell }) => cell(row))),
        this.#width,
      ),
    );
    this.line();
    const decided = new Set(rows.map(({ outcome }) => outcome.verdict?.decidedBy));
    const used = rules.filter(({ name }) => decided.has(name));
    const legend = [{ title: 'rule' }, { title: 'does' }, { title: 'because', narrow: 'wrap' }] as const;
    this.line(
      formatTable(
        legend,
        used.map(({ name, effect, why }) => [name, effect, why]),
        this.#width,
      ),
    );
  }

  /** The closing line: what the database holds. */
  total(outcomes: readonly Outcome[]): void {
    const mails = new Map(outcomes.map((outcome) => [outcome.mail, outcome]));
    const states = new Map(outcomes.flatMap(({ verdict }) => (verdict === null ? [] : [[verdict.recipient, verdict.state]])));
    const inState = (state: string) => [...states.values()].filter((s) => s === state).length;
    const ofKind = (kind: Kind) => [...mails.values()].filter((mail) => mail.kind === kind).length;
    const settled = [...mails.values()].filter((mail) => mail.settled).length;
    const bounces = outcomes.filter(({ kind, verdict }) => kind === 'bounce' && verdict !== null).length;
    this.line();
    this.line(
      `mails ${mails.size}  bounces ${bounces}  flagged ${inState('flagged')}  held ${inState('held')}  other ${ofKind('other')}  settled ${settled}` +
        `  (besides: complaints ${ofKind('feedback')}, delays ${ofKind('delay')}, deliveries ${ofKind('delivered')}, automatic answers ${ofKind('auto_reply')})`,
    );
  }

  /** The verdict on a mail that arrived while the demo runs. */
  arrived(outcomes: readonly Outcome[]): void {
    const first = outcomes[0];
    if (first === undefined) return;
    this.step('worker', `new mail "${cleanText(first.subject ?? '(no subject)').slice(0, 100)}": ${KIND_WORDS[first.kind][0]}`);
    if (outcomes.some(({ duplicate }) => duplicate)) this.#detail('the same bytes as a mail before: nothing is counted twice');
    else if (first.error !== null) this.#detail(`could not be processed: ${first.error}`);
    else if (first.kind === 'other') this.#detail('no bounce: it stays in the INBOX');
    for (const { verdict } of outcomes) if (verdict !== null) this.#verdict(verdict);
  }

  #verdict(verdict: Verdict): void {
    const { recipient, status, category, fault, state, decidedBy, reason, rule, evidence } = verdict;
    this.#detail(`${recipient}: ${verdict.class}, ${category}, fault ${fault}${status === null ? '' : `, status ${status}`}`);
    this.#detail(`  decided by ${rule}: ${evidence}`);
    this.#detail(`  ${state ?? 'no state'} by ${decidedBy}: ${reason}`);
  }

  #detail(text: string): void {
    const indent = ' '.repeat(20);
    const lead = text.startsWith('  ') ? '  ' : '';
    const width = (this.#width ?? 120) - indent.length - lead.length;
    for (const line of wrapText(cleanText(text), width)) this.line(indent + lead + line);
  }
}

interface TableColumn {
  readonly column: Column;
  readonly cell: (row: SampleOutcome) => string;
  /** Shown in a narrow terminal too. */
  readonly narrow?: boolean;
}

const verdictCell =
  (cell: (verdict: Verdict) => string) =>
  ({ outcome }: SampleOutcome): string =>
    outcome.verdict === null ? '—' : cell(outcome.verdict);

const COLUMNS: readonly TableColumn[] = [
  {
    column: { title: 'sample', narrow: 'cut', min: 20 },
    cell: ({ sample, times }) => (times === 1 ? sample : `${sample} ×${times}`),
  },
  { column: { title: 'kind' }, cell: ({ outcome }) => outcome.kind },
  { column: { title: 'recipient', narrow: 'cut', min: 16 }, cell: verdictCell(({ recipient }) => recipient), narrow: true },
  { column: { title: 'class', narrow: 'cut', min: 9 }, cell: verdictCell((verdict) => verdict.class), narrow: true },
  { column: { title: 'category', narrow: 'cut' }, cell: verdictCell(({ category }) => category), narrow: true },
  { column: { title: 'fault', narrow: 'cut', min: 9 }, cell: verdictCell(({ fault }) => fault), narrow: true },
  { column: { title: 'state' }, cell: verdictCell(({ state }) => state ?? '—'), narrow: true },
  { column: { title: 'rule' }, cell: verdictCell(({ decidedBy }) => decidedBy) },
  {
    column: { title: 'reason', narrow: 'cut', min: 16 },
    cell: ({ outcome }) => cutText(cleanText(reasonOf(outcome)), MAX_REASON),
    narrow: true,
  },
];

/** What decided about this one; what the rules have in common stands under the table. */
function reasonOf({ error, kind, verdict }: Outcome): string {
  if (error !== null) return `could not be processed: ${error}`;
  if (verdict !== null) return verdict.reason.startsWith('counted') ? verdict.reason : verdict.evidence;
  if (kind === 'other') return 'no bounce: stays in the INBOX';
  return kind === 'bounce' ? 'names no address that could be flagged' : 'an automatic answer: nothing has failed';
}

function kindCounts(kinds: readonly Kind[]): [Kind, number][] {
  const counts = new Map<Kind, number>();
  for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  return [...counts].sort((a, b) => b[1] - a[1]);
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`;
}
