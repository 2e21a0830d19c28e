import { PARTY_NAMES } from '../explain/advice.ts';
import type { Explanation, MailExplanation, Meaning, RecipientExplanation } from '../explain/index.ts';
import { outcomeWords, type PresetOutcome } from '../explain/outcome.ts';
import type { Hop } from '../explain/returned.ts';
import { count } from './output.ts';
import { cleanText, cutText, padText, wrapText } from './terminal-text.ts';

const LABEL = 14;
/** Longer lines are hard to read. */
const RULE = 100;
/** Columns of one text: what mails hold has no end. */
const MAX_FIELD = 800;

/** Text for a terminal of `width` columns. What comes from mails is cleaned, whatever it holds. */
export function explanationText(explanation: Explanation, width: number): string {
  const codes = codesOf(explanation) || 'no code';
  const words = explanation.verdict !== null ? field('Answer', explanation.input, width) : [];
  return [...headLines(codes, explanation, width), ...words, ...body(explanation, width), ...sources(explanation)].join('\n');
}

const codesOf = ({ status, reply }: { readonly status: string | null; readonly reply: string | null }) =>
  [reply, status].filter((code) => code !== null).join(' ');

function headLines(who: string, { decided, meanings }: Explanation, width: number): string[] {
  const title = decided || meanings.length === 1 ? meanings[0]!.title : `undecided, ${meanings.length} meanings`;
  return [...wrapText(cleanText(`${who}: ${title}`), width), '─'.repeat(Math.min(width, RULE))];
}

function body(explanation: Explanation, width: number): string[] {
  const { decided, meanings, elsewhere, verdict, presets } = explanation;
  const code = explanation.status ?? explanation.reply ?? 'this';
  const readings = elsewhere.length > 0 ? field('Elsewhere', elsewhereWords(code, elsewhere), width) : [];
  if (decided) {
    return [
      ...meaningLines(meanings[0]!, width),
      ...presetLines(presets, width),
      ...readings,
      ...basisLines(meanings[0]!, width),
      ...(verdict ? field('Confidence', verdict.confidence, width) : []),
    ];
  }
  const open = `${meanings.length > 1 ? 'nothing here says which it is' : `${code} does not tell the cause`}. No address is to be given up for it; the whole answer, or the report, would tell more.`;
  const several = meanings.length > 1;
  return [
    ...field('Undecided', open, width),
    ...presetLines(presets, width, true),
    ...readings,
    ...meanings.flatMap((meaning, i) =>
      several
        ? ['', ...wrapText(`${i + 1}. ${meaning.title}`, width), ...meaningLines(meaning, width), ...basisLines(meaning, width)]
        : [...meaningLines(meaning, width), ...basisLines(meaning, width)],
    ),
  ];
}

const TABLES = {
  microsoft: "Microsoft's table",
  exchange: 'Exchange',
  registry: 'IANA registry',
  reply: 'SMTP reply',
  words: 'by its words',
  subject: 'its subject',
  class: 'its class',
  rule: 'a rule',
} as const;

function elsewhereWords(code: string, elsewhere: readonly Meaning[]): string {
  const readings = elsewhere.map(({ title, basis }) => `${title} (${TABLES[basis[0]!.kind]})`);
  return `${code} can also mean: ${[...new Set(readings)].join('; ')}`;
}

function meaningLines(meaning: Meaning, width: number): string[] {
  return [
    ...field('Cause', meaning.cause, width),
    ...field('Verdict', `${meaning.class}, ${meaning.category}, fault: ${meaning.fault}`, width),
    ...(meaning.actor ? field('Who must act', PARTY_NAMES[meaning.actor], width) : []),
    ...field('For the user', meaning.forUser, width),
    ...field('For admins', meaning.forAdmin, width),
    ...(meaning.note ? field('Note', meaning.note, width) : []),
    ...(meaning.alertSender
      ? field('Warning', 'It hits all mail of this sender, or all to this domain: mend it before you send more.', width)
      : []),
  ];
}

function presetLines(presets: readonly PresetOutcome[], width: number, withReason = false): string[] {
  return presets.flatMap((outcome) => {
    const rule = outcome.rule === 'none' ? '' : ` (rule ${outcome.rule})`;
    return field(outcome.preset, `${outcomeWords(outcome)}${rule}${withReason ? `. ${outcome.why}` : ''}`, width);
  });
}

const isUrl = (source: string) => source.startsWith('http');

function basisLines({ basis }: Meaning, width: number): string[] {
  return basis.flatMap(({ row, source }, i) =>
    field(i === 0 ? 'Basis' : '', isUrl(source) || source === 'rebound' ? row : `${row}: ${source}`, width),
  );
}

/** Addresses of documents, each once and whole, so that they can be opened. */
function sources({ meanings }: Explanation): string[] {
  const urls = new Set(meanings.flatMap(({ basis }) => basis.map(({ source }) => source).filter(isUrl)));
  return [...urls].map((url, i) => `  ${padText(i === 0 ? 'See' : '', LABEL, 'left')}${cleanText(url)}`);
}

/** A label and its text, the text wrapped beside it. */
function field(label: string, text: string, width: number): string[] {
  const lines = wrapText(cutText(cleanText(text), MAX_FIELD), Math.max(width - LABEL - 2, 20));
  return lines.map((line, i) => `  ${padText(i === 0 ? label : '', LABEL, 'left')}${line}`.trimEnd());
}

/** A whole report. */
export function mailText(name: string, mail: MailExplanation, width: number): string {
  const { report, recipients } = mail;
  const about = recipients.length > 0 ? `${report.kind}, ${count(recipients.length, 'recipient')}` : report.kind;
  return [
    ...wrapText(`${cleanText(name)}: ${about}`, width),
    '═'.repeat(Math.min(width, RULE)),
    ...(recipients.length === 0 ? field('', emptyWords(mail), width) : []),
    ...(report.reportingMta ? field('Written by', report.reportingMta, width) : []),
    ...(report.kind === 'other' ? [] : originalLines(mail, width)),
    ...recipients.flatMap((recipient) => ['', ...recipientLines(recipient, mail, width), ...sources(recipient.explanation)]),
  ].join('\n');
}

function emptyWords({ report, internalNames }: MailExplanation): string {
  if (internalNames.length > 0) return 'The report names no mail address that failed, only internal names; see below.';
  return report.kind === 'other' ? 'This mail is no report: nothing failed.' : 'The report names no recipient.';
}

function originalLines(mail: MailExplanation, width: number): string[] {
  const { report, returned, internalNames, fixItOwner, ours } = mail;
  const { original, trust } = report;
  const came = [original.from, original.subject, original.messageId].filter((value) => value !== null);
  const trusted =
    ours === null
      ? 'whether this is about mail of yours cannot be told (SENDER_DOMAINS)'
      : ours
        ? 'about mail of yours'
        : 'not about mail of yours: what came back names none of SENDER_DOMAINS. Somebody may have used your address.';
  return [
    ...(came.length > 0 ? field('Original', came.join(' · '), width) : field('Original', 'did not come back', width)),
    ...field('Trust', `${trust}: ${trusted}`, width),
    ...(returned.hops.length > 0 ? field('Way', wayWords(returned.hops), width) : []),
    ...(returned.lastHop ? field('Last hop', `${returned.lastHop}, before the failure`, width) : []),
    ...(returned.spf && returned.spf.result !== 'pass'
      ? field('SPF', `${returned.spf.result}, not pass: ${returned.spf.line}`, width)
      : []),
    ...(fixItOwner
      ? field(
          'Report says',
          `the side of ${SIDES[fixItOwner.side]} must act${fixItOwner.label ? `: ${fixItOwner.label}` : ''}`,
          width,
        )
      : []),
    ...internalNames.flatMap((name) =>
      field(
        'Internal',
        `${name} is a name inside Exchange, no mail address: the address on your list may be alive, suppress none for it.`,
        width,
      ),
    ),
  ];
}

const SIDES = { sender: 'the sender', microsoft: 'Microsoft', recipient: 'the recipient' } as const;

function wayWords(hops: readonly Hop[]): string {
  return hops
    .map(({ from, by, delaySeconds }, i) => {
      const host = i === 0 && from !== null && by !== null ? `${from} → ${by}` : (by ?? from ?? 'unknown host');
      return delaySeconds === null ? host : `${host} (${delayWords(delaySeconds)})`;
    })
    .join(' → ');
}

function delayWords(seconds: number): string {
  if (seconds < 0) return `${seconds} s, a clock is wrong`;
  if (seconds < 120) return `+${seconds} s`;
  return seconds < 7200 ? `+${Math.round(seconds / 60)} min` : `+${Math.round(seconds / 3600)} h`;
}

function recipientLines(
  recipient: RecipientExplanation,
  { fixItOwner, returned, report }: MailExplanation,
  width: number,
): string[] {
  const { event, explanation, refusedBy, differsFromTo, spfIsCause, ownerDiffers } = recipient;
  const actor = explanation.decided ? explanation.meanings[0]!.actor : null;
  return [
    ...headLines([event.recipient, codesOf(event)].filter(Boolean).join(', '), explanation, width),
    ...(event.diagnosticCode ? field('Answer', event.diagnosticCode, width) : []),
    ...(refusedBy ? field('Refused by', refusedBy, width) : []),
    ...(report.kind === 'delay'
      ? field('Delay', 'A warning: the mail is still being tried. Nothing has to be done yet.', width)
      : []),
    ...body(explanation, width),
    ...field('Rule', isSaid(event.evidence, event.diagnosticCode) ? event.rule : `${event.rule}, by: ${event.evidence}`, width),
    ...(differsFromTo
      ? field(
          'Differs',
          `The mail was written to ${returned.addressees.slice(0, 5).join(', ')}: forwarded, sent as a blind copy, or mistyped?`,
          width,
        )
      : []),
    ...(spfIsCause
      ? field('SPF', `gave ${returned.spf!.result}: that is the cause. Mend the SPF record of the sender domain.`, width)
      : []),
    ...(ownerDiffers && fixItOwner && actor
      ? field(
          'Who acts',
          `by the report the side of ${SIDES[fixItOwner.side]}, by the table ${PARTY_NAMES[actor]}: look at both`,
          width,
        )
      : []),
  ];
}

/** Whether the evidence stands in the answer, which is shown anyway. */
function isSaid(evidence: string, answer: string | null): boolean {
  return evidence === '' || (answer !== null && cleanText(answer).includes(cleanText(evidence)));
}
