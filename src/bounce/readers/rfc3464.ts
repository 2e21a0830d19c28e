import { cleanAddress, decodeXtext } from '../address.ts';
import { type Field, fieldOf } from '../fields.ts';
import type { Material } from '../material.ts';
import type { RecipientFields } from '../report.ts';
import { ACTIONS, type Action, type Kind } from '../vocabulary.ts';
import { neighbourhood } from './neighbourhood.ts';
import { type Reader, recipient } from './reader.ts';
import { commandOf, kindOfWords, remoteMtaOf } from './words.ts';

/** Machine-readable reports: RFC 3464, and RFC 6533 for international addresses, wherever their fields stand. */
export const rfc3464: Reader = {
  name: 'rfc3464',
  read(material) {
    let reportingMta: string | null = null;
    const recipients: RecipientFields[] = [];
    for (const groups of material.deliveryStatus) {
      for (const group of groups.flatMap(splitRecipients)) {
        reportingMta ??= mta(fieldOf(group, 'reporting-mta'));
        const read = readRecipient(group, material);
        if (read !== null) recipients.push(read);
      }
    }
    if (recipients.length === 0) return null;
    return { kind: kindOf(recipients, material), reportingMta, recipients };
  },
};

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

function readRecipient(group: readonly Field[], material: Material): RecipientFields | null {
  const final = addressOf(fieldOf(group, 'final-recipient')) ?? addressOf(fieldOf(group, 'x-actual-recipient'));
  const original = addressOf(fieldOf(group, 'original-recipient'));
  const status = fieldOf(group, 'status');
  const actionField = fieldOf(group, 'action');
  const isRecipient = ['final-recipient', 'original-recipient', 'x-actual-recipient'].some(
    (name) => fieldOf(group, name) !== null,
  );
  if (!isRecipient || (final === null && original === null && status === null)) return null;

  const { type, text } = typed(diagnosticOf(group));
  const address = final ?? original;
  const context = address === null ? '' : neighbourhood(material.text, address);
  const words = `${text ?? ''}\n${context}`;
  return recipient({
    finalRecipient: final,
    originalRecipient: original,
    action: action(actionField) ?? byStatus(status),
    reportStatus: status,
    diagnosticCode: text,
    diagnosticType: type,
    remoteMta: mta(fieldOf(group, 'remote-mta')) ?? remoteMtaOf(words),
    command: commandOf(words),
    context,
  });
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
      .text?.replace(/\s*\(.*$/, '')
      .split(/\s/)[0] ?? '';
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
  return kindOfWords(material.subject, material.text);
}
