import { cleanAddress, domainOf } from './address.ts';
import type { AnalyzeOptions, OriginalMail } from './report.ts';
import type { Trust } from './vocabulary.ts';

/**
 * How far the report can be believed to be about mail of ours: `correlated` where the returned mail names one of our domains in its
 * From, Message-ID or List-Id. What comes back in a report can be forged by whoever knows one of our mails, so this is no proof.
 */
export function judgeTrust(original: OriginalMail, options: AnalyzeOptions): Trust {
  const ours = options.senderDomains ?? [];
  if (ours.length === 0) return 'unverified';
  const from = original.from === null ? null : cleanAddress(original.from);
  const domains = [
    from === null ? null : domainOf(from),
    idDomain(original.messageId),
    original.listId?.replace(/^.*<|>.*$/g, '').toLowerCase() ?? null,
  ];
  const isOurs = (domain: string | null) => domain !== null && ours.some((own) => domain === own || domain.endsWith(`.${own}`));
  return domains.some(isOurs) ? 'correlated' : 'unverified';
}

function idDomain(messageId: string | null): string | null {
  return messageId === null ? null : domainOf(messageId.replace(/[<>\s]/g, ''));
}
