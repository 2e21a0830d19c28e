import type { BounceReport, OriginalMail } from './report.ts';

/** The result of a mail as `classify --jsonl` prints it and scripts read it: snake_case, stable from release to release. */
export function toRecord(report: BounceReport, file?: string): Record<string, unknown> {
  return {
    ...(file === undefined ? {} : { file }),
    kind: report.kind,
    message_id: report.messageId,
    reporting_mta: report.reportingMta,
    original_message_id: report.original.messageId,
    trust: report.trust,
    return_path_signature: report.returnPathSignature,
    original: toOriginal(report.original),
    events: report.events.map((event) => ({
      recipient: event.recipient,
      original_recipient: event.originalRecipient,
      final_recipient: event.finalRecipient,
      ...(event.otherFinalRecipients === undefined ? {} : { other_final_recipients: event.otherFinalRecipients }),
      action: event.action,
      class: event.class,
      category: event.category,
      fault: event.fault,
      status: event.status,
      reply: event.reply,
      diagnostic_code: event.diagnosticCode,
      remote_mta: event.remoteMta,
      provider: event.provider,
      rule: event.rule,
      evidence: event.evidence,
      confidence: event.confidence,
    })),
    ...(report.limits.length > 0 ? { limits: report.limits } : {}),
  };
}

/** Null where nothing came back. */
function toOriginal(original: OriginalMail): Record<string, unknown> | null {
  if (Object.values(original).every((value) => value === null)) return null;
  return {
    message_id: original.messageId,
    from: original.from,
    to: original.to,
    subject: original.subject,
    date: original.date,
    list_id: original.listId,
    list_unsubscribe: original.listUnsubscribe,
    feedback_id: original.feedbackId,
    campaign: original.campaign,
    return_path: original.returnPath,
    verp_recipient: original.verpRecipient,
    authentication: original.authentication,
  };
}
