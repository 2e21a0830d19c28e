import type { BounceEvent, BounceReport } from '../../src/bounce/report.ts';
import { CATEGORIES, CLASSES, CONFIDENCES, FAULTS, KINDS, TRUSTS } from '../../src/bounce/vocabulary.ts';

/** Characters of any string of a record: that of the longest header field which is read. */
const MAX_STRING = 16 * 1024;
const MAX_EVENTS = 2000;
/** Characters of a record as JSON. */
const MAX_RECORD = 4_000_000;

const ACTIONS = [null, 'failed', 'delayed', 'delivered', 'relayed', 'expanded'];

/** What is wrong with a report, in words; empty if it is as every report must be, whatever the mail was. */
export function faultsOf(report: BounceReport): string[] {
  const faults: string[] = [];
  const oneOf = (name: string, value: unknown, words: readonly unknown[]) => {
    if (!words.includes(value)) faults.push(`${name} is ${JSON.stringify(value)}`);
  };
  oneOf('kind', report.kind, KINDS);
  oneOf('trust', report.trust, TRUSTS);
  if (report.kind === 'other' && report.events.length > 0) faults.push('kind other has events');
  if (report.events.length > MAX_EVENTS) faults.push(`${report.events.length} events`);
  for (const event of report.events) {
    oneOf('class', event.class, CLASSES);
    oneOf('category', event.category, CATEGORIES);
    oneOf('fault', event.fault, FAULTS);
    oneOf('confidence', event.confidence, CONFIDENCES);
    oneOf('action', event.action, ACTIONS);
    faults.push(...faultsOfCodes(event));
    for (const name of ['recipient', 'originalRecipient', 'finalRecipient'] as const)
      faults.push(...faultsOfAddress(name, event[name]));
  }
  faults.push(...faultsOfStrings('', report));
  const length = JSON.stringify(report).length;
  if (length > MAX_RECORD) faults.push(`the record has ${length} characters`);
  return [...new Set(faults)];
}

function faultsOfCodes({ status, reply, rule, provider }: BounceEvent): string[] {
  const faults: string[] = [];
  if (status !== null && !/^[245]\.\d{1,3}\.\d{1,3}$/.test(status)) faults.push(`status is ${JSON.stringify(status)}`);
  if (reply !== null && !/^[2-5]\d\d$/.test(reply)) faults.push(`reply is ${JSON.stringify(reply)}`);
  if (!/^[\x21-\x7e]+(?: [\x21-\x7e]+)*$/.test(rule)) faults.push(`rule is ${JSON.stringify(rule)}`);
  if (!/^[a-z0-9_.-]+$/.test(provider)) faults.push(`provider is ${JSON.stringify(provider)}`);
  return faults;
}

/** An address can be shown, stored and compared: it has both halves, and nothing in it that is invisible or ends it early. */
function faultsOfAddress(name: string, address: string | null): string[] {
  if (address === null) return [];
  if (!/^.+@[^@]+$/s.test(address)) return [`${name} is no address: ${JSON.stringify(address.slice(0, 100))}`];
  // A plain blank may stand in a quoted string (RFC 5321 §4.1.2).
  if (/[\s<>\p{Cc}\p{Cs}]/u.test(address.replace(/^"[^"]*"(?=@)/, (quoted) => quoted.replaceAll(' ', ''))))
    return [`${name} holds what it must not: ${JSON.stringify(address.slice(0, 100))}`];
  return address.length > 320 ? [`${name} has ${address.length} characters`] : [];
}

function faultsOfStrings(path: string, value: unknown): string[] {
  if (typeof value === 'string') return value.length > MAX_STRING ? [`${path} has ${value.length} characters`] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    faultsOfStrings(Array.isArray(value) ? `${path}[]` : `${path}.${key}`, inner),
  );
}
