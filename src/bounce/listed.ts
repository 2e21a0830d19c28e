import { normalizeAddress } from './address.ts';
import { fieldOf } from './fields.ts';
import type { Material } from './material.ts';
import { type Reading, recipient } from './readers/reader.ts';
import type { BounceEvent, RecipientFields } from './report.ts';
import type { CheckedReturnPath } from './return-path.ts';
import { readSentTo } from './sent-to.ts';
import type { BounceClass } from './vocabulary.ts';

// Which address of a report is the one on the sender's list.

/**
 * The recipients of a report. Where it names none, or one that was merely inferred, the return path to which it came knows better: a
 * signed one (also an old one), or else an unsigned VERP, whose address counts as guessed unless the report names it, too.
 */
export function recipientsOf(reading: Reading, checked: CheckedReturnPath, material: Material): readonly RecipientFields[] {
  const { recipients } = reading;
  if (recipients.some(isNamed) || !isAboutSomebody(reading, material)) return recipients;
  const known = recipients[0] ?? recipient({ context: material.text });
  if (checked.recipient !== null)
    return [
      {
        ...known,
        finalRecipient: checked.recipient,
        addressConfidence: checked.signature === 'valid' ? 'high' : 'medium',
      },
    ];
  const hint = readSentTo(material);
  if (hint === null) return recipients;
  return [{ ...known, finalRecipient: hint.address, addressConfidence: hint.confirmed ? 'medium' : 'low' }];
}

/** A field may hold what is no address: a file, a pipe, an internal name of Exchange. */
function isNamed({ finalRecipient, originalRecipient, addressConfidence }: RecipientFields): boolean {
  return addressConfidence !== 'low' && (finalRecipient ?? originalRecipient) !== null;
}

/** Reports on authentication (RFC 6591) and "not spam" (RFC 6430) name nobody because nobody complained. */
function isAboutSomebody({ kind, recipients }: Reading, { feedbackReport }: Material): boolean {
  if (recipients.length > 0) return true;
  if (kind === 'bounce' || kind === 'delay' || kind === 'auto_reply') return true;
  const type = fieldOf(feedbackReport?.flat() ?? [], 'feedback-type') ?? '';
  return kind === 'feedback' && /^\s*(?:abuse|complaint|fraud|virus|other|opt-out)\b/i.test(type);
}

/**
 * Look-up keys of original recipients of which several final ones came: lists and aliases. Their members have failed, not the address
 * that leads to them all, so each member stands for itself.
 */
export function sharedOriginals(recipients: readonly RecipientFields[]): ReadonlySet<string> {
  const finals = new Map<string, string>();
  const shared = new Set<string>();
  for (const { originalRecipient, finalRecipient } of recipients) {
    if (originalRecipient === null || finalRecipient === null) continue;
    const key = normalizeAddress(originalRecipient);
    const final = normalizeAddress(finalRecipient);
    if ((finals.get(key) ?? final) !== final) shared.add(key);
    finals.set(key, final);
  }
  return shared;
}

/** The address on the sender's list as far as the report tells (see above for the exception). */
export function listedAddress(
  { originalRecipient, finalRecipient }: RecipientFields,
  shared: ReadonlySet<string>,
): string | null {
  if (originalRecipient === null) return finalRecipient;
  return finalRecipient !== null && shared.has(normalizeAddress(originalRecipient)) ? finalRecipient : originalRecipient;
}

/**
 * The one event of a report that came to the return path signed for `signed`: that address is on the list, whatever the report claims.
 * Where it names others as well, they are what became of the address on its way (an alias, a forwarding): as long as one of them may
 * still get mail, the address is not dead, so the mildest verdict stands.
 */
export function signedEvent(events: readonly BounceEvent[], signed: string): BounceEvent[] {
  const key = normalizeAddress(signed);
  const own = events.filter((event) =>
    [event.recipient, event.originalRecipient, event.finalRecipient].some((one) => one !== null && normalizeAddress(one) === key),
  );
  const about = own.length > 0 ? own : events;
  const [mildest, ...others] = about.toSorted((a, b) => gravity(a) - gravity(b));
  if (mildest === undefined) return [];
  const finalRecipient = mildest.finalRecipient ?? mildest.recipient;
  const otherFinals = new Map(
    others.map((event) => event.finalRecipient ?? event.recipient).map((one) => [normalizeAddress(one), one]),
  );
  otherFinals.delete(normalizeAddress(finalRecipient));
  return [
    {
      ...mildest,
      recipient: signed,
      finalRecipient,
      ...(otherFinals.size > 0 ? { otherFinalRecipients: [...otherFinals.values()] } : {}),
    },
  ];
}

const BY_GRAVITY: readonly BounceClass[] = ['none', 'temporary', 'undetermined', 'permanent'];

/** Of two permanent failures the one that blames the address is the graver. */
function gravity({ class: outcome, fault }: BounceEvent): number {
  return 2 * BY_GRAVITY.indexOf(outcome) + (fault === 'recipient' ? 1 : 0);
}
