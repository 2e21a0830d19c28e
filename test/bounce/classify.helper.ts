import { type ClassifyContext, classify, type Verdict } from '../../src/bounce/classify.ts';
import type { RecipientFields } from '../../src/bounce/report.ts';

/** The verdict on one failed recipient of whom only the given fields are known. */
export function verdictOn(fields: Partial<RecipientFields>, context: Partial<ClassifyContext> = {}): Verdict {
  return classify(
    {
      finalRecipient: 'anna@example.com',
      originalRecipient: null,
      action: 'failed',
      reportStatus: null,
      diagnosticCode: null,
      diagnosticType: null,
      remoteMta: null,
      command: null,
      context: '',
      addressConfidence: 'high',
      ...fields,
    },
    { kind: 'bounce', reportingMta: null, recipientDomain: 'example.com', text: '', ...context },
  );
}

/** The verdict on a remote answer alone. */
export function verdictOnAnswer(diagnosticCode: string, fields: Partial<RecipientFields> = {}): Verdict {
  return verdictOn({ diagnosticCode, diagnosticType: 'smtp', ...fields });
}
