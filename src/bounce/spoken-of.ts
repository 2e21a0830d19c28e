import { cleanAddress, domainOf, findAddresses, normalizeAddress } from './address.ts';
import { causes, speaksOfSender } from './causes.ts';
import type { Case, Finding } from './finding.ts';

/**
 * Whether an answer that calls an address dead speaks of the recipient at all. Servers look up senders, relays and the targets of
 * aliases too, and answer with the same codes and words; and some say of a living mailbox that it is not there for now. Such a finding
 * is kept for what it tells, but the recipient is not blamed.
 */
export function ofTheRecipient(found: Finding, given: Case): Finding {
  // That a domain takes no mail (null MX), or that a mailbox has moved, is said of the recipient alone.
  if (found.fault !== 'recipient' || found.category === 'not_accept' || found.category === 'has_moved') return found;
  if (isAboutSender(given))
    return { ...found, category: 'rejected', fault: 'sender_identity', rule: 'answer-about-sender', confidence: 'medium' };
  if (isAboutAnother(given)) return { ...found, fault: 'unknown', rule: `${found.rule}+of-another` };
  if (found.category === 'host_unknown' && isAboutAnotherHost(given))
    return { ...found, fault: 'network', rule: `${found.rule}+of-another-host` };
  // The code alone decided: the words say nothing that is known, but of whom they say it.
  if (found.rule.startsWith('iana/') && (causes.says(given.answered, 'sender') || causes.says(given.answered, 'greeting')))
    return { ...found, fault: 'unknown', rule: `${found.rule}+of-sender` };
  if (given.answer.digit !== '4' && causes.says(given.answered, 'passing'))
    return { ...found, fault: 'unknown', rule: `${found.rule}+passing` };
  return found;
}

/** By the code or the command, or because of all addresses it names only the sender's. */
function isAboutSender(given: Case): boolean {
  if (speaksOfSender(given.fields, given.answer)) return true;
  return othersNamed(given).some((address) => given.context.senders.has(address));
}

/** `550 5.1.1 <carol@example.org>: user unknown`, an address that begins the answer and has nothing in common with the recipient's. */
function isAboutAnother(given: Case): boolean {
  const own = ownAddresses(given);
  const subject = /^[\d\s.#:;-]{0,40}<([^<>\s]{3,320})>/.exec(given.answered.text)?.[1];
  const address = subject ? cleanAddress(subject) : null;
  if (address === null || own.length === 0 || othersNamed(given).length === 0) return false;
  const [local, domain] = partsOf(normalizeAddress(address));
  return own.every((one) => partsOf(one)[0] !== local && partsOf(one)[1] !== domain);
}

/** What the resolver was asked for, as Postfix and Sendmail say it. */
const LOOKED_UP = /\bname=([\w.-]{1,255})|\bname server: ([\w.-]{1,255})/gi;

/** The name that was not found is none of the recipient's domain: a relay's or an exchanger's, mistyped or gone for now. */
function isAboutAnotherHost(given: Case): boolean {
  const domains = ownAddresses(given).map((address) => partsOf(address)[1]);
  // A lone dot is the null MX of the domain itself.
  const names = [...given.answered.text.matchAll(LOOKED_UP)]
    .map(([, one, other]) => (one ?? other)!.replace(/\.$/, '').toLowerCase())
    .filter((name) => name !== '');
  return (
    domains.length > 0 &&
    names.length > 0 &&
    !names.some((name) => domains.some((domain) => name === domain || name.endsWith(`.${domain}`)))
  );
}

/** The addresses that an answer names in place of the recipient's; none where it names that, too. */
function othersNamed(given: Case): string[] {
  const { text } = given.answered;
  if (!text.includes('@')) return [];
  const own = ownAddresses(given);
  const lower = text.toLowerCase();
  // Most answers name the recipient as the report does.
  if (own.some((address) => lower.includes(address))) return [];
  const named = findAddresses(text).map(normalizeAddress);
  return named.some((address) => own.includes(address)) ? [] : named;
}

function ownAddresses({ fields, context }: Case): string[] {
  const own = [fields.finalRecipient, fields.originalRecipient, context.recipient];
  return own.filter((address) => address !== null).map(normalizeAddress);
}

function partsOf(address: string): readonly [local: string, domain: string] {
  const domain = domainOf(address) ?? '';
  return [address.slice(0, address.length - domain.length - 1), domain];
}
