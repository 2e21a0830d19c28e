import type { Answer } from './codes.ts';
import type { Flat } from './flat-text.ts';
import type { RecipientFields } from './report.ts';
import type { BounceClass, Category, Confidence, Fault, Kind } from './vocabulary.ts';

/** What the report says beyond one recipient. */
export interface ClassifyContext {
  readonly kind: Kind;
  readonly reportingMta: string | null;
  readonly recipientDomain: string | null;
  /** As the sender's list has it; null where only an answer is known. */
  readonly recipient: string | null;
  /** Look-up keys of the addresses of whoever sent the mail, the report's addressee among them. */
  readonly senders: ReadonlySet<string>;
  /** Text of the report, without the returned mail. */
  readonly text: string;
}

/** All that is known of one failed recipient when it is judged. */
export interface Case {
  readonly fields: RecipientFields;
  readonly context: ClassifyContext;
  readonly answer: Answer;
  /** The remote words. */
  readonly answered: Flat;
  readonly provider: string;
}

/** What one piece of evidence says. */
export interface Finding {
  readonly category: Category;
  readonly fault: Fault;
  /** Set where the rule knows better than the digit. */
  readonly class: BounceClass | null;
  /** The words say that it will pass; a digit knows better. */
  readonly saysTemporary?: boolean;
  readonly rule: string;
  readonly evidence: string;
  readonly confidence: Confidence;
}
