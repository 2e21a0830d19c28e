import { cleanAddress } from '../address.ts';
import { fieldOf } from '../fields.ts';
import type { Material } from '../material.ts';
import { type Reader, type Reading, recipient } from './reader.ts';

/** Complaints in the Abuse Reporting Format (RFC 5965): the recipient pressed "spam", or an authority reports for it. */
export const rfc5965: Reader = {
  name: 'rfc5965',
  read(material) {
    const group = material.feedbackReport?.[0];
    if (group === undefined && material.reportType !== 'feedback-report') return readJmrp(material);
    const type = group === undefined ? null : fieldOf(group, 'feedback-type')?.toLowerCase();
    // auth-failure (RFC 6591) and dmarc reports tell of our set-up, not-spam (RFC 6430) of the opposite: nobody complained.
    if (/^(?:auth-failure|dmarc|not-spam|opt-in)/.test(type ?? ''))
      return { kind: 'feedback', reportingMta: reporter(material), recipients: [] };
    const named = (material.feedbackReport ?? [])
      .flat()
      .filter((field) => field.name === 'original-rcpt-to' || field.name === 'removal-recipient')
      .map((field) => cleanAddress(field.value))
      .filter((address) => address !== null);
    const addresses = named.length > 0 ? [...new Set(named)] : inferred(material);
    return {
      kind: 'feedback',
      reportingMta: reporter(material),
      recipients: addresses.map((address) =>
        recipient({
          finalRecipient: address,
          diagnosticCode: type === null || type === undefined ? null : `Feedback-Type: ${type}`,
          addressConfidence: named.length > 0 ? 'high' : 'low',
        }),
      ),
    };
  },
};

/** Microsoft's Junk Mail Reporting Program wraps the mail without an ARF part and writes the recipient into its header. */
function readJmrp({ subject, returned }: Material): Reading | null {
  if (!/^complaint about message from /i.test(subject)) return null;
  const named = returned?.find(({ name }) => name === 'x-hmxmroriginalrecipient')?.value ?? null;
  const address = named === null ? null : cleanAddress(named);
  if (address === null) return null;
  return {
    kind: 'feedback',
    reportingMta: null,
    recipients: [recipient({ finalRecipient: address, diagnosticCode: 'Feedback-Type: abuse' })],
  };
}

/** Many providers leave Original-Rcpt-To out; then the returned mail's To is all there is, if it names one person. */
function inferred({ returned }: Material): string[] {
  const to =
    returned?.filter((header) => header.name === 'to' || header.name === 'x-original-to' || header.name === 'delivered-to') ?? [];
  const addresses = [...new Set(to.map((header) => cleanAddress(header.value)).filter((address) => address !== null))];
  // AOL and others blacken the address: `redacted@aol.com` is nobody.
  return addresses.slice(0, 1).filter((address) => !/^(?:redacted|undisclosed|hidden)[\w-]{0,20}@/i.test(address));
}

function reporter(material: Material): string | null {
  const fields = material.feedbackReport?.flat() ?? [];
  const value = fieldOf(fields, 'reporting-mta');
  return value === null ? null : value.replace(/^\s*dns\s*;\s*/i, '').toLowerCase();
}
