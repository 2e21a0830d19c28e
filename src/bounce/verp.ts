import { cleanAddress } from './address.ts';

/** Wrappings within one another that are undone. */
const MAX_WRAPPINGS = 5;

/**
 * What others wrap around a return path, with the original one behind it. Linear: each piece excludes what ends it.
 * BATV: draft-levine-smtp-batv; Barracuda writes `btv1==tag==`, SparkPost `msprvs1=tag=`. SRS: Shevek, "The Sender Rewriting Scheme";
 * Exchange Online puts the forwarding mailbox before it (`office+SRS=`):
 * https://learn.microsoft.com/exchange/reference/sender-rewriting-scheme
 */
const WRAPPINGS: readonly [RegExp, (found: RegExpExecArray, domain: string) => string][] = [
  [/^(?:prvs|msprvs1)=[^=]{1,64}=(.+)$/i, ([, local], domain) => `${local}@${domain}`],
  [/^btv1==[^=]{1,64}==(.+)$/i, ([, local], domain) => `${local}@${domain}`],
  [/^(?:[^@]{0,64}\+)?srs0?[=+-][^=]{1,64}=[^=]{1,16}=([^=]{1,255})=(.+)$/i, ([, host, local]) => `${local}@${host}`],
  [/^srs1[=+-][^=]{1,64}=[^=]{1,255}=[=+-][^=]{1,64}=[^=]{1,16}=([^=]{1,255})=(.+)$/i, ([, host, local]) => `${local}@${host}`],
];

/** A return path without BATV and SRS around it. */
export function unwrapReturnPath(address: string): string {
  let inner = address.slice(-1024);
  for (let i = 0; i < MAX_WRAPPINGS; i++) {
    const at = inner.lastIndexOf('@');
    if (at < 1) return inner;
    const local = inner.slice(0, at);
    const next = WRAPPINGS.map(([pattern, unwrap]) => {
      const found = pattern.exec(local);
      return found === null ? null : unwrap(found, inner.slice(at + 1));
    }).find((one) => one !== null);
    if (next === undefined) return inner;
    inner = next;
  }
  return inner;
}

/** Addresses that one return path may name. */
const MAX_READINGS = 20;

/**
 * The recipient that an unsigned VERP may have in it, in each way it can be read, likeliest first; empty for an address that is none.
 * `bounces+anna=example.net`, `list-bounces+anna=example.net` (Mailman), `bounce-17-anna=example.net`, `anna=example.net`,
 * `bounce+anna==a==example.net==list` (Sympa), `owner-list*anna**example.net` (LISTSERV).
 */
export function readVerp(address: string): string[] {
  const inner = unwrapReturnPath(address);
  const local = inner.slice(0, inner.lastIndexOf('@')).slice(-256);
  // Gmail writes to whom it forwards: `office+caf_=anna=example.net`. That is where the mail went on, not to whom it was sent.
  if (/\+caf_=/i.test(local)) return [];
  const marked = /([^+=]+)==a==([^=]+)/i.exec(local) ?? /\*([^*]+)\*\*([^*]+)/.exec(local);
  if (marked !== null) return addresses([marked[1]!], marked[2]!);
  const equals = local.lastIndexOf('=');
  const left = local.slice(0, equals);
  const domain = local.slice(equals + 1);
  if (equals < 1 || !/^[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)*\.\p{L}[\p{L}\p{N}-]+$/u.test(domain)) return [];
  const starts = [...left.matchAll(/[-+=._]/g)].map((found) => left.slice(found.index + 1));
  return addresses([likeliest(left), ...starts, left], domain);
}

function addresses(locals: readonly string[], domain: string): string[] {
  const read = locals.map((local) => (local === '' ? null : cleanAddress(`${local}@${domain}`)));
  return [...new Set(read.filter((one) => one !== null))].slice(0, MAX_READINGS);
}

/** What follows the name of the mailbox and the numbers of mail and sender: `bounces+17-a0f3-`, `list-return-17-`, `bounce-17.a0-`. */
function likeliest(left: string): string {
  const plus = left.indexOf('+');
  const words = (plus < 0 ? left : left.slice(plus + 1)).split('-');
  if (plus < 0) {
    const name = words.findLastIndex((word) => /^(?:bounces?|returns?|owner|errors?|verp)$/i.test(word));
    words.splice(0, name + 1);
  }
  while (words.length > 1 && /^(?=\D*\d)[0-9a-z.]+$/i.test(words[0]!)) words.shift();
  return words.join('-');
}
