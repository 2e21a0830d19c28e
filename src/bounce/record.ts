import type { BounceReport } from './report.ts';

/** The result of a mail as `classify --jsonl` prints it and scripts read it: snake_case, stable from release to release. */
export function toRecord(report: BounceReport, file?: string): Record<string, unknown> {
  return {
    ...(file === undefined ? {} : { file }),
    kind: report.kind,
    message_id: report.messageId,
    reporting_mta: report.reportingMta,
    original_message_id: report.original.messageId,
    trust: report.trust,
    events: report.events.map((event) => ({
      recipient: event.recipient,
      original_recipient: event.originalRecipient,
      final_recipient: event.finalRecipient,
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
