import { providerRule } from '../src/bounce/causes.ts';
import { CAUSES } from '../src/bounce/tables/causes/index.ts';
import { STATUS_MEANINGS, STATUS_SUBJECTS, type StatusMeaning } from '../src/bounce/tables/enhanced-status.ts';
import { EXCHANGE_MEANINGS, type ExchangeMeaning } from '../src/bounce/tables/exchange.ts';
import { MICROSOFT_MEANINGS, MICROSOFT_SOURCE, type MicrosoftMeaning } from '../src/bounce/tables/microsoft.ts';
import { PROVIDER_ANSWERS } from '../src/bounce/tables/providers/index.ts';
import { REPLY_MEANINGS } from '../src/bounce/tables/smtp-replies.ts';
import { exchangeMeaning, type Meaning, microsoftMeaning, registryMeaning, smtpReplyMeaning } from '../src/explain/meaning.ts';
import type { PresetOutcome } from '../src/explain/outcome.ts';

/** One table of docs/codes.md. A new one is one more entry of SECTIONS. */
interface Section {
  readonly title: string;
  readonly about: string;
  readonly columns: readonly string[];
  readonly rows: () => readonly (readonly string[])[];
}

const VERDICT = ['meaning', 'class', 'category', 'fault', 'who acts', 'standard', 'strict'];

const SECTIONS: readonly Section[] = [
  {
    title: 'Exchange Online',
    about: `The rows of [Microsoft's table](${MICROSOFT_SOURCE}), in its order. Where a code has several rows, or clashes with the registry, words decide; without them nothing does. *Advice* is for the address: take it off at the first report (immediate), after several on different days (repeat), or not for this cause (never); *alert*: it hits all mail of the sender, or all to a domain.`,
    columns: ['code', 'words', ...VERDICT, 'advice'],
    rows: () => (MICROSOFT_MEANINGS as readonly MicrosoftMeaning[]).flatMap(microsoftRows),
  },
  {
    title: 'Exchange, further codes',
    about: 'Codes of Exchange Server and of Exchange Online that its table does not hold.',
    columns: ['code', 'words', ...VERDICT, 'source'],
    rows: () =>
      (EXCHANGE_MEANINGS as readonly ExchangeMeaning[]).map((row) => {
        const codes = row.range ? [...row.range] : [...row.codes];
        const meaning = exchangeMeaning(row, { status: codes.at(-1)!, reply: null });
        return [codes.join(row.range ? ' to ' : ', '), words(row.matchText), ...verdict(meaning), row.source];
      }),
  },
  {
    title: 'Registered enhanced status codes',
    about:
      'The [IANA registry](https://www.iana.org/assignments/smtp-enhanced-status-codes/) (RFC 5248), and codes seen beside it. A row holds for every class; the columns speak of the gravest that the code is meant for. *Vague*: without words the code decides nothing about an address. A code with no row means what its subject means.',
    columns: ['code', 'classes', ...VERDICT, 'source'],
    rows: () => [
      ...(STATUS_MEANINGS as readonly StatusMeaning[]).map((row) => {
        const meaning = registryMeaning(row, { status: `${row.classes.at(-1)}${row.code.slice(1)}`, reply: null });
        const [title, ...rest] = verdict(meaning);
        return [row.code, row.classes.join(', '), row.vague ? `${title} (vague)` : title!, ...rest, row.source];
      }),
    ],
  },
  {
    title: 'Subjects',
    about: 'What the middle number says, for codes without a row (RFC 3463 §3).',
    columns: ['code', 'subject', 'meaning', 'who acts'],
    rows: () =>
      Object.entries(STATUS_SUBJECTS).map(([subject, row]) => [`X.${subject}.*`, row.title, row.meaning, row.owner ?? '']),
  },
  {
    title: 'SMTP replies',
    about:
      'What a reply means that comes without an enhanced code and without telling words. *seen*: in use, and defined nowhere.',
    columns: ['reply', ...VERDICT, 'source'],
    rows: () =>
      REPLY_MEANINGS.map((row) => [row.reply, ...verdict(smtpReplyMeaning(row, { status: null, reply: row.reply })), row.source]),
  },
  {
    title: 'Answers of providers',
    about:
      "Answers that a provider, gateway, sending service or block list explains on pages of its own; of several that fit the first decides, and they go before the words below. The class is the digit's unless one is given.",
    columns: ['rule', 'meaning', 'class', 'category', 'fault', 'example', 'source'],
    rows: () =>
      PROVIDER_ANSWERS.map((row) => [
        `\`${providerRule(row)}\``,
        row.title,
        row.class ?? '',
        row.category,
        row.fault,
        row.example,
        row.source,
      ]),
  },
  {
    title: 'Words',
    about:
      'Causes in the order in which they are asked: of the first sentence that tells one the first decides. A wording may hold names of the lexicon (`<mailbox> & <full>`), each of which stands for words in some thirty languages. The class follows the code beside them. *Weak*: tells a refusal but hardly a cause, so a code that says more goes before.',
    columns: ['rule', 'category', 'fault', 'wordings', 'source'],
    rows: () =>
      CAUSES.map(({ name, category, fault, phrases, weak, source }) => [
        `\`words/${name}\`${weak ? ' (weak)' : ''}`,
        category,
        fault,
        String(phrases.length),
        source,
      ]),
  },
];

/** docs/codes.md, whole. */
export function codesDocument(): string {
  return `# Codes

What rebound knows of codes and words, as its tables hold it. \`npx rebound explain 5.7.1\` says more of each: cause, how to mend it, what else the code may mean.
This page is generated: \`npm run docs:codes\` writes it anew from \`src/bounce/tables/\`. The words are those of the [glossary](glossary.md).

Columns \`standard\` and \`strict\`: what the suppression preset does at the first report, and the rule that says so. *count* flags after bounces on five days over at least fourteen.
The class is that of the code as written; a report may overrule it by its words.
${SECTIONS.map(sectionText).join('')}`;
}

function sectionText({ title, about, columns, rows }: Section): string {
  const table = [columns, columns.map(() => '---'), ...rows()].map((row) => `| ${row.map(cell).join(' | ')} |`);
  return `\n## ${title}\n\n${about}\n\n${table.join('\n')}\n`;
}

const cell = (text: string) => text.replace(/\s+/g, ' ').replaceAll('|', '\\|').replaceAll('<', '&lt;');

/** A row of the table, then its special cases. */
function microsoftRows(row: MicrosoftMeaning): string[][] {
  const name = row.range?.join(' to ') ?? (row.codes.join(', ') || 'no code');
  const status = row.range?.[0] ?? row.codes[0] ?? null;
  const advice = row.alertSender ? `${row.suppression}, alert` : row.suppression;
  const of = (code: string | null, text = '') => [...verdict(microsoftMeaning(row, { status: code, reply: null }, text)), advice];
  return [
    [name, words(row.matchText), ...of(status)],
    ...(row.variants ?? []).map(({ matchText }) => [name, words(matchText), ...of(status, matchText[0]!.toLowerCase())]),
    ...(row.namedCodes ?? []).map(({ code, matchText }) => [code, words(matchText), ...of(code)]),
  ];
}

const words = (matchText: readonly string[] = []) => matchText.map((text) => `“${text}”`).join(', ');

function verdict(meaning: Meaning): string[] {
  const { title, category, fault, actor, presets } = meaning;
  return [title, meaning.class, category, fault, actor ?? '', ...presets.map(outcome)];
}

function outcome({ effect, rule }: PresetOutcome): string {
  return rule === 'none' ? effect : `${effect} (${rule})`;
}
