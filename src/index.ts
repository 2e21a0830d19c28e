/**
 * rebound as a library: the core that understands a mail. Pure and synchronous; needs no server and no settings.
 *
 *     import { analyze, parseMail } from 'rebound';
 *     const report = analyze(parseMail(bytes), { senderDomains: ['example.com'] });
 */
export { normalizeAddress } from './bounce/address.ts';
export { analyze } from './bounce/index.ts';
export { toRecord } from './bounce/record.ts';
export type { AnalyzeOptions, BounceEvent, BounceReport, OriginalMail, ParsedMail, Part } from './bounce/report.ts';
export type { Action, BounceClass, Category, Confidence, Fault, Kind, Trust } from './bounce/vocabulary.ts';
export { parseMail } from './mime/index.ts';
