/**
 * rebound as a library: the core that understands a mail. Pure and synchronous; needs no server and no settings.
 *
 *     import { analyze, parseMail } from 'rebound';
 *     const report = analyze(parseMail(bytes), { senderDomains: ['example.com'] });
 *
 * And for the sending side, a return path that makes the reports to it trustworthy:
 *
 *     const { keys, faults } = readReturnPathKeys(process.env.RETURN_PATH_SECRET ?? '');
 *     const envelopeFrom = signReturnPath('anna@example.net', { returnPath: 'bounces@example.com', keys, date: new Date() });
 *
 * What a code or an answer means, for people:
 *
 *     const { explanations } = explain('550 5.1.10 RESOLVER.ADR.RecipientNotFound');
 */
export { normalizeAddress } from './bounce/address.ts';
export { analyze } from './bounce/index.ts';
export type { Party } from './bounce/party.ts';
export { toRecord } from './bounce/record.ts';
export type { AnalyzeOptions, BounceEvent, BounceReport, OriginalMail, ParsedMail, Part } from './bounce/report.ts';
export {
  type CheckedReturnPath,
  RETURN_PATH_VALID_DAYS,
  type Signature,
  type SignOptions,
  signReturnPath,
  type VerifyOptions,
  verifyReturnPath,
} from './bounce/return-path.ts';
export { type ReturnPathKey, readReturnPathKeys } from './bounce/return-path-keys.ts';
export type { Action, BounceClass, Category, Confidence, Fault, Kind, Trust } from './bounce/vocabulary.ts';
export {
  type Basis,
  type Explanation,
  explain,
  explainMail,
  type MailExplanation,
  type Meaning,
  type PasteExplanation,
  type RecipientExplanation,
} from './explain/index.ts';
export { explanationRecord, mailRecord } from './explain/record.ts';
export { parseMail } from './mime/index.ts';
