import { toRecord } from '../bounce/record.ts';
import type { Explanation } from './answer.ts';
import type { MailExplanation, RecipientExplanation } from './mail.ts';
import type { Meaning } from './meaning.ts';
import type { PresetOutcome } from './outcome.ts';

/** An explanation as `explain --json` prints it: snake_case, stable from release to release. */
export function explanationRecord(explanation: Explanation): Record<string, unknown> {
  const { input, status, reply, decided, meanings, elsewhere, verdict, presets } = explanation;
  return {
    input,
    status,
    reply,
    decided,
    ...(verdict ?? { rule: null, evidence: null, confidence: null }),
    presets: presetRecords(presets),
    meanings: meanings.map(meaningRecord),
    elsewhere: elsewhere.map(meaningRecord),
  };
}

function meaningRecord(meaning: Meaning): Record<string, unknown> {
  const { title, cause, category, fault, actor, note, advice, basis } = meaning;
  return {
    title,
    cause,
    class: meaning.class,
    category,
    fault,
    who_acts: actor,
    for_user: meaning.forUser,
    for_admin: meaning.forAdmin,
    note,
    alert_sender: meaning.alertSender,
    advice,
    presets: presetRecords(meaning.presets),
    basis,
  };
}

function presetRecords(presets: readonly PresetOutcome[]): Record<string, unknown> {
  return Object.fromEntries(
    presets.map(({ preset, effect, rule, why, after }) => [
      preset,
      { effect, rule, why, after: after && { bounces: after.bounces, over_days: after.overDays } },
    ]),
  );
}

/** A whole report: its record as `classify` gives it, and what follows. */
export function mailRecord(file: string, mail: MailExplanation): Record<string, unknown> {
  const { report, recipients, returned, fixItOwner, ours, internalNames } = mail;
  return {
    ...toRecord(report, file),
    ours,
    fix_it_owner: fixItOwner,
    internal_names: internalNames,
    original_to: returned.addressees,
    received_spf: returned.spf,
    last_hop: returned.lastHop,
    hops: returned.hops.map(({ from, by, time, delaySeconds }) => ({
      from,
      by,
      time: time?.toISOString() ?? null,
      delay_seconds: delaySeconds,
    })),
    recipients: recipients.map(recipientRecord),
  };
}

function recipientRecord(recipient: RecipientExplanation): Record<string, unknown> {
  return {
    recipient: recipient.event.recipient,
    refused_by: recipient.refusedBy,
    differs_from_to: recipient.differsFromTo,
    spf_is_cause: recipient.spfIsCause,
    owner_differs: recipient.ownerDiffers,
    ...explanationRecord(recipient.explanation),
  };
}
