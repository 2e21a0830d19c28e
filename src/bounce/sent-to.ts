import { findAddresses, normalizeAddress } from './address.ts';
import type { Field } from './fields.ts';
import type { Material } from './material.ts';
import type { AnalyzeOptions, Header } from './report.ts';
import { type CheckedReturnPath, type Signature, verifyReturnPath } from './return-path.ts';
import { readVerp } from './verp.ts';

/** Headers of a report that tell to which address it came: those that mail servers write first, then those of its author. */
const SENT_TO = [
  'delivered-to', // qmail, Postfix, Gmail
  'x-original-to', // Postfix, before aliases
  'envelope-to', // Exim
  'x-envelope-to',
  'x-delivered-to', // Fastmail
  'x-rcpt-to',
  'x-forwarded-for', // Gmail: from whom and to whom
  'received',
  'to',
  'cc',
  'resent-to',
  'apparently-to',
];

/** Headers of the returned mail that hold its return path. */
const RETURNED = [
  'return-path',
  'x-return-path',
  'x-envelope-from',
  'errors-to',
  'sender',
  'received',
  'received-spf',
  'authentication-results',
];

/** Fields of a complaint (RFC 5965 §3.2) and of Postfix's report that hold it. */
const FIELDS = ['original-mail-from', 'x-postfix-sender'];

/** In some headers more addresses stand than the one that matters. */
const PLACES: Readonly<Record<string, RegExp>> = {
  received: /\s(?:for\s+|\(?envelope-from\s+)<?([^\s<>;()]{3,400})/gi,
  'received-spf': /envelope-from=["<]?([^\s<>;"()]{3,400})/gi,
  'authentication-results': /smtp\.mail(?:from)?=["<]?([^\s<>;"()]{3,400})/gi,
};

/** Fields, addresses, signatures beyond this are not looked at, nor characters of a value. */
const MAX_FIELDS = 60;
const MAX_ADDRESSES = 60;
const MAX_SIGNED = 8;
const MAX_VALUE = 4000;

/** Addresses that are tried with a signature, and characters of each place where they are sought. */
const MAX_NAMED = 200;
const MAX_TEXT = 16 * 1024;

/**
 * The return paths that the report may have been sent to, surest first: as the servers on its way wrote it, as its author did, and as the
 * returned mail has it. Only values that pass `mayHold` are taken apart.
 */
function* returnPaths(material: Material, mayHold: RegExp): Generator<string> {
  yield* addressesIn(material.mail.root.headers, SENT_TO, mayHold);
  // A report that came as an attachment has a header of its own.
  yield* addressesIn(
    SENT_TO.map((name) => ({ name, value: material.header(name) ?? '' })),
    SENT_TO,
    mayHold,
  );
  yield* addressesIn(material.returned ?? [], RETURNED, mayHold);
  yield* addressesIn([...(material.feedbackReport ?? []), ...material.deliveryStatus.flat()].flat(), FIELDS, mayHold);
}

function* addressesIn(fields: readonly (Header | Field)[], names: readonly string[], mayHold: RegExp): Generator<string> {
  const known = fields
    .filter(({ name }) => names.includes(name))
    .toSorted((a, b) => names.indexOf(a.name) - names.indexOf(b.name))
    .slice(0, MAX_FIELDS);
  for (const { name, value } of known) {
    if (!mayHold.test(value)) continue;
    const text = value.slice(0, MAX_VALUE);
    const place = PLACES[name];
    yield* findAddresses(place === undefined ? text : [...text.matchAll(place)].map((found) => found[1]).join('\n'));
  }
}

function* first<T>(items: Iterable<T>, count: number): Generator<T> {
  let left = count;
  for (const item of items) {
    if (left-- <= 0) return;
    yield item;
  }
}

/** Addresses that the report names anywhere, each once, within bounds; sought when they are first asked for. */
function namedIn(material: Material): Iterable<string> {
  let named: readonly string[] | null = null;
  return {
    [Symbol.iterator]() {
      named ??= [...first(namedAddresses(material), MAX_NAMED)];
      return named[Symbol.iterator]();
    },
  };
}

/** In the fields of the report, in its words, its header, and the returned header. */
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

/** What every signed return path has, and every VERP that is read; far cheaper to look for than addresses. */
const SIGNED = /rb[a-z0-9]{20,23}[-@]/i;
const VERP = /[=*]/;

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
  const candidates = namedIn(material);
  for (const address of first(returnPaths(material, SIGNED), MAX_ADDRESSES)) {
    const checked = verifyReturnPath(address, { keys, date, candidates });
    if (checked.signature !== 'unsigned' && ++signed > MAX_SIGNED) break;
    if (TELLING.indexOf(checked.signature) < TELLING.indexOf(best.signature)) best = checked;
    if (best.signature === 'valid') break;
  }
  return best;
}

/** The recipient that an unsigned VERP names, and whether the report names it elsewhere too. */
export function readSentTo(material: Material): { readonly address: string; readonly confirmed: boolean } | null {
  let named: ReadonlySet<string> | null = null;
  for (const address of first(returnPaths(material, VERP), MAX_ADDRESSES)) {
    const readings = readVerp(address);
    if (readings.length === 0) continue;
    named ??= new Set([...namedIn(material)].map(normalizeAddress));
    const confirmed = readings.find((one) => named?.has(normalizeAddress(one)));
    return { address: confirmed ?? readings[0]!, confirmed: confirmed !== undefined };
  }
  return null;
}
