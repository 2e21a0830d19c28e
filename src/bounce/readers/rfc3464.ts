import { cleanAddress, decodeXtext, findAddresses, normalizeAddress } from '../address.ts';
import { findReply, findStatus } from '../codes.ts';
import { commandIn, remoteHostIn, remoteWords } from '../dialogue.ts';
import { type Field, fieldOf } from '../fields.ts';
import type { Material } from '../material.ts';
import type { RecipientFields } from '../report.ts';
import { shareOf } from '../share.ts';
import { ACTIONS, type Action, type Kind } from '../vocabulary.ts';
import { type Block, readBlocks, reasonOf } from './blocks.ts';
import { isPersonsReply, mayHoldFields } from './gate.ts';
import { type Reader, recipient } from './reader.ts';
import { readTranscript, type Transcript } from './transcript.ts';
import { announcementOf } from './words.ts';

/** Recipients of one report, in whatever number of parts it names them: Postfix and Exchange take no more in one transaction. */
const MAX_RECIPIENTS = 1000;

/** Two groups that agree in these are about one failure of one recipient. */
const IDENTITY = ['final-recipient', 'original-recipient', 'x-actual-recipient', 'action', 'status'];

/** Machine-readable reports: RFC 3464, and RFC 6533 for international addresses, wherever their fields stand. */
export const rfc3464: Reader = {
  name: 'rfc3464',
  read(material) {
    const { deliveryStatus, looseDeliveryStatus } = material;
    const parts = deliveryStatus.length > 0 ? deliveryStatus : looseDeliveryStatus;
    if (parts.length === 0 || isPersonsReply(material)) return null;
    if (parts === looseDeliveryStatus && !mayHoldFields(material)) return null;
    let reportingMta: string | null = null;
    const recipients: RecipientFields[] = [];
    const words = wordsOf(material, parts.flat().length);
    const read = new Set<string>();
    for (const groups of parts) {
      for (const group of groups.flatMap(splitRecipients)) {
        reportingMta ??= mta(fieldOf(group, 'reporting-mta'));
        if (recipients.length >= MAX_RECIPIENTS) break;
        // What is said again is not read again: the first stands for all.
        const key = IDENTITY.map((name) => fieldOf(group, name)).join('\n');
        if (read.has(key)) continue;
        read.add(key);
        const one = readRecipient(group, words);
        if (one !== null) recipients.push(one);
      }
    }
    if (recipients.length === 0) return null;
    const kind = kindOf(recipients, material);
    return {
      kind,
      reportingMta,
      recipients: recipients.map((one) => named(one, recipients, material)),
      textIsShared: recipients.length > 1,
    };
  },
};

/** What the text part adds to the fields: passages about recipients, and the transcript. */
interface Words {
  readonly text: string;
  /** Its beginning in lower case. */
  readonly lower: string;
  readonly blocks: ReadonlyMap<string, Block>;
  readonly transcript: Transcript;
  /** Characters of it that are read for one recipient. */
  readonly share: number;
}

function wordsOf({ text }: Material, recipients: number): Words {
  const blocks = readBlocks(text.split('\n'));
  return {
    text,
    lower: text.slice(0, MAX_SEARCHED).toLowerCase(),
    blocks: new Map(blocks.map((block) => [normalizeAddress(block.address), block])),
    transcript: readTranscript(text),
    share: shareOf(recipients),
  };
}

/**
 * A name by which Exchange knows a mailbox (IMCEAEX, X.500) stands in place of the address: it is outdated, and the address that the
 * mail was sent to may be sound, so nobody is to be blamed in its stead.
 */
function namesInternally({ deliveryStatus }: Material): boolean {
  return deliveryStatus
    .flat(2)
    .some(({ name, value }) => name === 'final-recipient' && /IMCEAEX-|\/o=[^/]{1,200}\/.{0,200}cn=/i.test(value));
}

/** The address where the fields of the only recipient hold none: from elsewhere in the report, at last from the returned mail. */
function named(fields: RecipientFields, all: readonly RecipientFields[], material: Material): RecipientFields {
  if (fields.finalRecipient !== null || fields.originalRecipient !== null || all.length > 1 || namesInternally(material))
    return fields;
  const listed = findAddresses(material.header('x-failed-recipients') ?? '');
  if (listed.length === 1) return { ...fields, finalRecipient: listed[0]! };
  const blocks = readBlocks(material.text.split('\n')).filter(
    ({ address }) => !material.ownAddresses.has(normalizeAddress(address)),
  );
  if (blocks.length === 1) return { ...fields, finalRecipient: blocks[0]!.address, context: blocks[0]!.words };
  const to = findAddresses(material.returned?.find(({ name }) => name === 'to')?.value ?? '');
  return to.length === 1 ? { ...fields, finalRecipient: to[0]!, addressConfidence: 'low' } : fields;
}

/** A group may hold several recipients where the blank line between them was lost. */
function splitRecipients(group: Field[]): Field[][] {
  const starts = group.flatMap((field, i) => (field.name === 'final-recipient' ? [i] : []));
  if (starts.length < 2) return [group];
  // Original-Recipient stands before or after Final-Recipient; the first field of the first recipient tells which.
  const before = starts[0]! > 0 && group[starts[0]! - 1]!.name === 'original-recipient' ? 1 : 0;
  return starts.map((start, i) =>
    group.slice(i === 0 ? 0 : start - before, i + 1 < starts.length ? starts[i + 1]! - before : undefined),
  );
}

function readRecipient(group: readonly Field[], { text, lower, blocks, transcript, share }: Words): RecipientFields | null {
  const isRecipient = ['final-recipient', 'original-recipient', 'x-actual-recipient'].some(
    (name) => fieldOf(group, name) !== null,
  );
  const status = fieldOf(group, 'status');
  if (!isRecipient && (status === null || fieldOf(group, 'action') === null)) return null;
  const final = addressOf(fieldOf(group, 'final-recipient')) ?? addressOf(fieldOf(group, 'x-actual-recipient'));
  const original = addressOf(fieldOf(group, 'original-recipient'));

  const block = [final, original].map((one) => (one === null ? undefined : blocks.get(normalizeAddress(one)))).find((one) => one);
  const refusal = final === null ? null : transcript.about(final);
  const said = (refusal?.said ?? '').slice(0, share);
  const about = (block?.words ?? passage(text, lower, final ?? original)).slice(0, share);
  const context = [about, said].filter((words) => words !== '').join('\n');

  const diagnostic = typed(diagnosticOf(group));
  const words = diagnostic.text ?? coded(refusal?.answer) ?? coded(block && remoteWords(reasonOf(block)));
  return recipient({
    finalRecipient: final,
    originalRecipient: original,
    action: action(fieldOf(group, 'action')) ?? byStatus(status),
    reportStatus: status,
    diagnosticCode: words,
    diagnosticType: diagnostic.type,
    remoteMta: mta(fieldOf(group, 'remote-mta')) ?? remoteHostIn(`${words ?? ''}\n${context}`) ?? refusal?.host ?? null,
    command: commandIn(said) ?? commandIn(`${words ?? ''}\n${context}`),
    context,
  });
}

/** Words of the text part stand for a missing Diagnostic-Code only where they hold an answer. */
function coded(words: string | null | undefined): string | null {
  return words && (findReply(words) !== null || findStatus(words) !== null) ? words : null;
}

/** Characters of the text in which addresses are looked for, and of a paragraph. */
const MAX_SEARCHED = 16_384;
const MAX_PASSAGE = 2000;

/** The paragraph that names an address in a sentence. */
function passage(text: string, lower: string, address: string | null): string {
  const at = address === null ? -1 : lower.indexOf(address.toLowerCase());
  if (at < 0) return '';
  const near = text.slice(Math.max(0, at - MAX_PASSAGE), at + MAX_PASSAGE);
  const here = Math.min(at, MAX_PASSAGE);
  const end = near.indexOf('\n\n', here);
  return near
    .slice(near.lastIndexOf('\n\n', here) + 1, end < 0 ? undefined : end)
    .slice(0, MAX_PASSAGE)
    .trim();
}

/** Some servers give the remote words several times, or in a field of their own: the one that holds a reply says most. */
function diagnosticOf(group: readonly Field[]): string | null {
  const all = group
    .filter((field) => field.name === 'diagnostic-code' || field.name === 'x-supplementary-info')
    .map((field) => field.value);
  return all.find((value) => /\b[245]\d\d\b/.test(value)) ?? all.find((value) => value !== '') ?? null;
}

// RFC 3464 §2.1.2 wants "type; text". Some hosts send the text alone: keep it, with no type.
function typed(value: string | null): { type: string | null; text: string | null } {
  if (value === null) return { type: null, text: null };
  const match = /^\s*([A-Za-z0-9-]{1,30})\s*;\s*([\s\S]*)$/.exec(value);
  return match === null
    ? { type: null, text: value.trim() || null }
    : { type: match[1]!.toLowerCase(), text: match[2]!.trim() || null };
}

function addressOf(value: string | null): string | null {
  if (value === null) return null;
  const { type, text } = typed(value);
  return cleanAddress(type === 'utf-8' || /\\x\{|\+[0-9A-F]{2}/.test(text ?? '') ? tryXtext(text ?? '') : (text ?? value));
}

/** xtext only where it gives an address: `a+2B@b` may be plus-addressing. */
function tryXtext(text: string): string {
  const decoded = decodeXtext(text);
  return !text.includes('@') || /\\x\{/.test(text) ? decoded : text;
}

function mta(value: string | null): string | null {
  const host =
    typed(value)
      // A comment may follow, with or without a blank.
      .text?.split(/[\s(]/, 1)[0]
      ?.replace(/\.$/, '') ?? '';
  return host === '' || /^(?:unknown|none|localhost)$/i.test(host) ? null : host.toLowerCase();
}

function action(value: string | null): Action | null {
  const word = /[a-z]+/.exec(value?.toLowerCase() ?? '')?.[0] ?? '';
  const known = ACTIONS.find((candidate) => candidate === word);
  if (known !== undefined) return known;
  return /^fail|^bounc|^undeliver/.test(word)
    ? 'failed'
    : /^delay|^defer/.test(word)
      ? 'delayed'
      : /^deliver/.test(word)
        ? 'delivered'
        : null;
}

function byStatus(status: string | null): Action | null {
  const digit = /[245]/.exec(status ?? '')?.[0];
  return digit === undefined ? null : digit === '2' ? 'delivered' : 'failed';
}

/** A report with one failed recipient is a bounce, whatever became of the others. */
function kindOf(recipients: readonly RecipientFields[], material: Material): Kind {
  const actions = new Set(recipients.map((one) => one.action));
  if (actions.has('failed')) return 'bounce';
  if (actions.has('delayed')) return 'delay';
  if (actions.has('delivered') || actions.has('relayed') || actions.has('expanded')) return 'delivered';
  return announcementOf(material).kind;
}
