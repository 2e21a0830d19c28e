import { cleanAddress, domainOf } from './address.ts';
import type { AnalyzeOptions, OriginalMail } from './report.ts';
import type { Signature } from './return-path.ts';
import type { Trust } from './vocabulary.ts';

/**
 * How far the report can be believed to be about mail of ours: `signed` where it came to a return path that we signed; `correlated` where
 * the returned mail names one of our domains in its From, Message-ID or List-Id. What comes back in a report can be forged by whoever
 * knows one of our mails, so the second is no proof. With a signature that is false or old it is not even that.
 */
export function judgeTrust(original: OriginalMail, signature: Signature, options: AnalyzeOptions): Trust {
  if (signature === 'valid') return 'signed';
  const ours = signature === 'wrong' || signature === 'expired' ? [] : (options.senderDomains ?? []);
  if (ours.length === 0) return 'unverified';
  const from = original.from === null ? null : cleanAddress(original.from);
  const domains = [
    from === null ? null : domainOf(from),
    idDomain(original.messageId),
    original.listId === null ? null : (/<([^<>]{1,255})>/.exec(original.listId)?.[1] ?? original.listId).toLowerCase(),
  ];
  const isOurs = (domain: string | null) => domain !== null && ours.some((own) => domain === own || domain.endsWith(`.${own}`));
  return domains.some(isOurs) ? 'correlated' : 'unverified';
}

function idDomain(messageId: string | null): string | null {
  return messageId === null ? null : domainOf(messageId.replace(/[<>\s]/g, ''));
}
