import type { Material } from '../material.ts';
import type { RecipientFields } from '../report.ts';
import type { Kind } from '../vocabulary.ts';

/** What a reader found: the kind of the report, who wrote it, and its recipients. */
export interface Reading {
  readonly kind: Kind;
  readonly reportingMta: string | null;
  readonly recipients: readonly RecipientFields[];
  /** The report's text speaks of more recipients than these, so it decides nothing about one of them. */
  readonly textIsShared?: boolean;
}

/** Reads one format or dialect. Null hands the mail to the next reader. Never throws. */
export interface Reader {
  readonly name: string;
  read(material: Material): Reading | null;
}

const NOTHING: RecipientFields = {
  finalRecipient: null,
  originalRecipient: null,
  action: null,
  reportStatus: null,
  diagnosticCode: null,
  diagnosticType: null,
  remoteMta: null,
  command: null,
  context: '',
  addressConfidence: 'high',
};

/** Characters that are kept of the remote words: an answer is a few lines. */
const MAX_DIAGNOSTIC = 4096;
/** A host name has at most 253 characters (RFC 1035 §2.3.4). */
const MAX_HOST = 255;

/** A recipient of which only these fields are known. */
export const recipient = (known: Partial<RecipientFields>): RecipientFields => ({
  ...NOTHING,
  ...known,
  diagnosticCode: known.diagnosticCode?.slice(0, MAX_DIAGNOSTIC) ?? null,
  remoteMta: known.remoteMta?.slice(0, MAX_HOST) ?? null,
});
