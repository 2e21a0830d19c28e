import { cleanAddress, findAddresses, normalizeAddress } from '../address.ts';
import { RECIPIENT_LABELS, SENDER_LABELS } from '../tables/reports/labels.ts';
import { ASKS_FOR_HELP } from '../tables/reports/signs.ts';
import { signs } from './words.ts';

/** A passage of a report about one recipient: the line that names it, and what follows until the next one is named. */
export interface Block {
  readonly address: string;
  /** The address before an alias was expanded, where the passage tells (Postfix and Sendmail: `expanded from`). */
  readonly expandedFrom: string | null;
  /** All lines about it, those of several passages joined. */
  readonly words: string;
}

const MAX_BLOCKS = 500;
const MAX_BLOCK_LINES = 40;

const ADDR = String.raw`(?:"[^"\n@]{1,64}"|[^\s"<>()\[\],;:@]{1,128})@[^\s"'<>()\[\],;:@]{1,255}`;

/** What may stand behind the address in a line that names a recipient. */
const REST = String.raw`(?:$|\s*[:;,]|\s*<mailto:|\s*\.{3}|\s*[(\[]|\s+on\s+(?:\w{3},|\d)|\s+[-–]\s|\s{2,}\S|\t)`;

const NAMES_RECIPIENT: readonly RegExp[] = [
  new RegExp(String.raw`^(?:[>*•·-]{0,3}\s*|\(?\d{1,3}[.)]\s{1,8})["'“]?<?(?:mailto:)?(${ADDR})>?["'”]?\.?${REST}`, 'iu'),
  new RegExp(
    String.raw`^["'“]?[\p{L}\p{N} .,'’_-]{1,60}["'”]?\s*[<(](?:mailto:)?(${ADDR})[>)](?:<mailto:[^>]{1,300}>)?\s*:?$`,
    'iu',
  ),
  new RegExp(String.raw`^[^<>@:]{1,80}<mailto:(${ADDR})>\s*:?$`, 'iu'),
  // X.400 names of old Exchange carry the address in a domain-defined attribute.
  new RegExp(String.raw`^c=[^@]{0,120}\bSMTP=(${ADDR})`, 'iu'),
];

/** The recipient that a line names, or null: an address and little else, not one inside a sentence. */
export function recipientNamedBy(line: string): string | null {
  const trimmed = line.trim();
  if (!trimmed.includes('@') || trimmed.length > 1000 || asksForHelp(trimmed)) return null;
  for (const pattern of NAMES_RECIPIENT) {
    const found = pattern.exec(trimmed)?.[1];
    if (found !== undefined) return cleanAddress(found);
  }
  return labelled(trimmed);
}

/** What stands behind a label: `Recipient: <anna@example.net>`, `수신자<tab>anna@example.net`. */
const LABEL = /^([^:：=\t<>@]{1,60})[:：=\t]\s*["'“]?[<[]?(?:mailto:|smtp:)?/iu;
const ADDRESS_FIRST = new RegExp(`^(${ADDR})`, 'iu');

/** Names that programs give to fields: `rcpt[1].addr`, `failed_recipient`, `recipientEmail`. */
const CODED_LABEL =
  /^(?!.{0,40}(?:sender|from|status|count))(?:[a-z]{1,20}[._-])?(?:rcpt|recipient)s?(?:\[\d{1,4}\]|\d{1,4})?(?:[._-]?(?:addr|address|email|mail|to))?$/;
const CODED_SENDER = /(?:^|[._-])(?:sender|from|mailfrom)$/;

/** The label of a line in even writing, and what stands behind it. */
function labelOf(line: string): { label: string; value: string } | null {
  const match = LABEL.exec(line);
  if (match === null) return null;
  const label = match[1]!.replace(/^[\s>*•·-]+|\(s\)|(?<![\s.])[\s.]+$/g, '').toLowerCase();
  return { label, value: line.slice(match[0].length) };
}

function labelled(line: string): string | null {
  const found = labelOf(line);
  if (found === null || !(RECIPIENT_LABELS.has(found.label) || CODED_LABEL.test(found.label))) return null;
  const address = ADDRESS_FIRST.exec(found.value)?.[1] ?? /<([^<>\s]{3,320}@[^<>\s]{1,255})>/.exec(found.value)?.[1];
  return address === undefined ? null : cleanAddress(address);
}

const helps = signs(ASKS_FOR_HELP);
/** Header fields of the returned mail that name its sender. */
const SENDER_FIELD = /^\s*(?:from|sender|reply-to|return-path|subject|date|message-id|mail from|x-[\w-]{1,60})\s*:/i;

/** Whether a line tells whom to ask, or who sent the mail. The addresses themselves do not count: `contact@` may have failed. */
export function asksForHelp(line: string): boolean {
  const label = labelOf(line.trim())?.label;
  if (label !== undefined && (SENDER_LABELS.has(label) || CODED_SENDER.test(label))) return true;
  return SENDER_FIELD.test(line) || helps(line.replace(/(?<![^\s<>"'])[^\s<>"']+@(?=[^\s<>"']{3})/g, '@'));
}

/** A line behind which nothing is about the recipient before it any more. */
const SECTION =
  /^\s*(?:[-=_*~#]{4,}|-{3}\s|-{1,} .{1,60} -{2,}|\*{2,20} .*\*\*$|for further assistance|if your message was also sent|please note that this|no action is required|below is a copy|the original message follows|additional information\s*$)/i;

/** A heading under which those stand who got the mail. */
const DELIVERED_LIST =
  /^(?!.{0,300}\bnot\b).{0,80}\b(?:was|were|has been|have been) (?:successfully )?(?:delivered|relayed|sent) to\b.{0,60}:\s*$/i;

/**
 * The passages of a report's text, from line `start`. A line deeper in than the one that named the recipient, without a blank line
 * between, belongs to it even if it names an address: it is the quoted answer of the server. Recipients who got the mail are named only
 * where nobody failed.
 */
export function readBlocks(lines: readonly string[], start = 0): Block[] {
  if (!lines.some((line) => line.includes('@'))) return [];
  const isHeaded = lines.some(headsDelivered);
  const failed = blocksOf(lines, start, isHeaded);
  return failed.length > 0 || !isHeaded ? failed : blocksOf(lines, start, false);
}

const headsDelivered = (line: string): boolean => line.trimEnd().endsWith(':') && DELIVERED_LIST.test(line);

/** With `failedOnly` those under a heading of recipients who got the mail are passed over. */
function blocksOf(lines: readonly string[], start: number, failedOnly: boolean): Block[] {
  const blocks = new Map<string, { address: string; expandedFrom: string | null; words: string[] }>();
  let open: { address: string; expandedFrom: string | null; words: string[] } | null = null;
  let depth = 0;
  let afterBlank = true;
  let delivered = false;
  for (const line of lines.slice(start)) {
    if (line.trim() === '') {
      afterBlank = true;
      continue;
    }
    const isLeftOut = failedOnly && headsDelivered(line);
    if (isLeftOut) {
      delivered = true;
      open = null;
    }
    const indent = indentOf(line);
    const named: string | null = open !== null && !afterBlank && indent > depth ? null : recipientNamedBy(line);
    if (delivered && named !== null) continue;
    if (named !== null) {
      const key = normalizeAddress(named);
      open = blocks.get(key) ?? { address: named, expandedFrom: null, words: [] };
      blocks.set(key, open);
      depth = indent;
      if (blocks.size >= MAX_BLOCKS) break;
    } else {
      delivered &&= isLeftOut;
      if (SECTION.test(line)) open = null;
    }
    if (open !== null && open.words.length < MAX_BLOCK_LINES) {
      if (afterBlank && open.words.length > 0) open.words.push('');
      open.words.push(line);
      const from = /\((?:expanded|ultimately generated|generated) from:?\s+<?([^\s<>()]{3,320})>?\)/i.exec(line)?.[1];
      if (from !== undefined) open.expandedFrom ??= cleanAddress(from);
    }
    afterBlank = false;
  }
  return [...blocks.values()].map((block) => ({ ...block, words: block.words.join('\n') }));
}

/** The words of a passage without the address that opens it. */
export function reasonOf(block: Block): string {
  const at = block.words.toLowerCase().indexOf(block.address.toLowerCase());
  // `550 5.1.1 unknown user <anna@example.net>` names and answers in one.
  const answers = /^\s*[45](?:\d\d|\.\d\.\d{1,3})[ -]/.test(block.words.slice(0, Math.max(at, 0)));
  const rest = at < 0 || answers ? block.words : block.words.slice(at + block.address.length);
  return rest.replace(/^["'>)\]”\s]*(?:<mailto:[^>]{1,300}>)?["'>)\]”]*\s*:?/i, '').replace(/^\s*\n/, '');
}

/** Addresses inside sentences, for reports that name nobody in a line of his own. */
export function addressesIn(line: string): string[] {
  return line.includes('@') ? findAddresses(line.slice(0, 2000)) : [];
}

function indentOf(line: string): number {
  let indent = 0;
  for (const char of line) {
    if (char === ' ') indent++;
    else if (char === '\t') indent += 8;
    else break;
  }
  return indent;
}
