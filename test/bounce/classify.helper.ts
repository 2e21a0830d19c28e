import { ANSWER_ALONE, type ClassifyContext, classify, type Verdict } from '../../src/bounce/classify.ts';
import { recipient } from '../../src/bounce/readers/reader.ts';
import type { RecipientFields } from '../../src/bounce/report.ts';

/** The verdict on one failed recipient of whom only the given fields are known. */
export function verdictOn(fields: Partial<RecipientFields>, context: Partial<ClassifyContext> = {}): Verdict {
  return classify(recipient({ finalRecipient: 'anna@example.com', action: 'failed', ...fields }), {
    ...ANSWER_ALONE,
    recipientDomain: 'example.com',
    ...context,
  });
}

/** The verdict on a remote answer alone. */
export function verdictOnAnswer(diagnosticCode: string, fields: Partial<RecipientFields> = {}): Verdict {
  return verdictOn({ diagnosticCode, diagnosticType: 'smtp', ...fields });
}
