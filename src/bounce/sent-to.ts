import { findAddresses, normalizeAddress } from './address.ts';
import type { Field } from './fields.ts';
import type { Material } from './material.ts';
import type { AnalyzeOptions, Header } from './report.ts';
import { type CheckedReturnPath, type Signature, verifyReturnPath } from './return-path.ts';
import { readVerp } from './verp.ts';

/** Headers of a report in which mail servers write the envelope recipient, then those that its author wrote. */
const ENVELOPE = [
  'delivered-to', // qmail, Postfix, Gmail
  'x-original-to', // Postfix, before aliases
  'envelope-to', // Exim
  'x-envelope-to',
  'x-delivered-to', // Fastmail
  'x-rcpt-to',
  'x-forwarded-for', // Gmail: from whom and to whom
];
const ADDRESSEE = ['to', 'cc', 'resent-to', 'apparently-to'];

/** Headers of the returned mail, fields of a complaint (RFC 5965 §3.2) and of Postfix's report that hold the return path of what was sent. */
const RETURNED = ['return-path', 'x-return-path', 'x-envelope-from', 'errors-to', 'sender'];
const FIELDS = ['original-mail-from', 'x-postfix-sender'];

/** Addresses beyond this are not looked at. */
const MAX_ADDRESSES = 60;
const MAX_SIGNED = 8;
const MAX_NAMED = 200;
const MAX_TEXT = 64 * 1024;

/**
 * The return paths that the report may have been sent to, surest first: as the servers on its way wrote it, as its author did, and as the
 * returned mail has it.
 */
function* returnPaths(material: Material): Generator<string> {
  const headers = material.mail.root.headers;
  // A report that came as an attachment has its own header, too.
  for (const name of ENVELOPE) yield* addressesIn([material.header(name), ...valuesOf(headers, name)]);
  yield* addressesIn(valuesOf(headers, 'received').map((value) => /\sfor\s+<?([^\s<>;]{3,400})/i.exec(value)?.[1] ?? ''));
  for (const name of ADDRESSEE) yield* addressesIn([material.header(name), ...valuesOf(headers, name)]);
  const returned = material.returned ?? [];
  for (const name of RETURNED) yield* addressesIn(valuesOf(returned, name));
  const envelopeFrom = /(?:envelope-from|smtp\.mailfrom=|smtp\.mail=)[\s<="]*([^\s<>;"()]{3,400})/i;
  for (const name of ['received', 'received-spf', 'authentication-results'])
    yield* addressesIn(valuesOf(returned, name).map((value) => envelopeFrom.exec(value)?.[1] ?? ''));
  const fields = [...(material.feedbackReport ?? []), ...material.deliveryStatus.flat()].flat();
  for (const name of FIELDS) yield* addressesIn(valuesOf(fields, name));
}

function valuesOf(fields: readonly (Header | Field)[], name: string): string[] {
  return fields.filter((field) => field.name === name).map((field) => field.value);
}

function addressesIn(values: readonly (string | null)[]): string[] {
  return values.flatMap((value) => (value?.includes('@') ? findAddresses(value.slice(0, 4000)) : []));
}

function* first<T>(items: Iterable<T>, count: number): Generator<T> {
  let left = count;
  for (const item of items) {
    if (left-- <= 0) return;
    yield item;
  }
}

/** Addresses that the report names anywhere, each once: in its fields, its words, its header, the returned header. */
function* namedAddresses(material: Material): Generator<string> {
  const fields = [...material.deliveryStatus.flat(), ...material.looseDeliveryStatus.flat(), ...(material.feedbackReport ?? [])];
  const texts = [
    fields.flat().map((field) => field.value),
    [material.text],
    material.mail.root.headers.map((header) => header.value),
    (material.returned ?? []).map((header) => header.value),
  ];
  const seen = new Set<string>();
  for (const values of texts) {
    for (const address of findAddresses(
      values
        .filter((value) => value.includes('@'))
        .join('\n')
        .slice(0, MAX_TEXT),
    )) {
      const key = normalizeAddress(address);
      if (seen.has(key)) continue;
      seen.add(key);
      yield address;
    }
  }
}

const UNSIGNED: CheckedReturnPath = { signature: 'unsigned', recipient: null, day: null, keyId: null };

/** Of several return paths that are not valid, the one that says most is told. */
const TELLING: readonly Signature[] = ['valid', 'expired', 'wrong', 'unmatched', 'unknown_key', 'unsigned'];

/** The signed return path to which the report was sent; `unsigned` where there is none, or nothing to check it with. */
export function checkSentTo(
  material: Material,
  { returnPathKeys: keys = [], arrivedAt: date }: AnalyzeOptions,
): CheckedReturnPath {
  if (keys.length === 0 || date === undefined) return UNSIGNED;
  let best = UNSIGNED;
  let signed = 0;
  for (const address of first(returnPaths(material), MAX_ADDRESSES)) {
    const checked = verifyReturnPath(address, { keys, date, candidates: first(namedAddresses(material), MAX_NAMED) });
    if (checked.signature !== 'unsigned' && ++signed > MAX_SIGNED) break;
    if (TELLING.indexOf(checked.signature) < TELLING.indexOf(best.signature)) best = checked;
    if (best.signature === 'valid') break;
  }
  return best;
}

/** The recipient that an unsigned VERP names, and whether the report names it elsewhere too. */
export function readSentTo(material: Material): { readonly address: string; readonly confirmed: boolean } | null {
  let named: ReadonlySet<string> | null = null;
  for (const address of first(returnPaths(material), MAX_ADDRESSES)) {
    const readings = readVerp(address);
    if (readings.length === 0) continue;
    named ??= new Set([...first(namedAddresses(material), MAX_NAMED)].map(normalizeAddress));
    const confirmed = readings.find((one) => named?.has(normalizeAddress(one)));
    return { address: confirmed ?? readings[0]!, confirmed: confirmed !== undefined };
  }
  return null;
}
