import { cleanAddress } from '../address.ts';
import { commandIn } from '../dialogue.ts';
import type { RecipientFields } from '../report.ts';
import type { Kind } from '../vocabulary.ts';
import { type Reader, type Reading, recipient } from './reader.ts';

/** JSON longer than this is no notification. */
const MAX_JSON = 64 * 1024;
const MAX_RECIPIENTS = 200;

/**
 * Notifications of Amazon SES that SNS sends by mail: one line of JSON, `notificationType` (or `eventType`) Bounce, Complaint or
 * Delivery. https://docs.aws.amazon.com/ses/latest/dg/notification-contents.html
 */
export const amazonSes: Reader = {
  name: 'amazonses',
  read({ text, header }) {
    // Nothing stands before it; a person who quotes one begins with words.
    const json = text.slice(0, MAX_JSON).trimStart();
    if (!json.startsWith('{') || !/"(?:notificationType|eventType)\\?"/.test(json) || header('in-reply-to') !== null) return null;
    return readNotification(unwrapped(parse(json.split('\n', 1)[0]!) ?? parse(json.slice(0, json.lastIndexOf('}') + 1))));
  },
};

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);
const object = (value: unknown): Json => (isObject(value) ? value : {});
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value.slice(0, MAX_RECIPIENTS) : []);
const string = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

function parse(text: string): Json | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** SNS without "raw message delivery" puts the notification as a string into an envelope of its own. */
function unwrapped(json: Json | null): Json | null {
  const inner = json !== null && string(json['Type']) === 'Notification' ? string(json['Message']) : null;
  return inner === null ? json : parse(inner);
}

function readNotification(notification: Json | null): Reading | null {
  if (notification === null) return null;
  switch (string(notification['notificationType'] ?? notification['eventType'])) {
    case 'Bounce': {
      const bounce = object(notification['bounce']);
      return reading('bounce', bounce, list(bounce['bouncedRecipients']).map(object).map(bounced));
    }
    case 'Complaint': {
      const complaint = object(notification['complaint']);
      const type = string(complaint['complaintFeedbackType']) ?? 'abuse';
      // As in ARF: what nobody complained about flags nobody.
      const complained = /^(?:auth-failure|not-spam)/.test(type) ? [] : list(complaint['complainedRecipients']);
      return reading(
        'feedback',
        complaint,
        complained.map((one) => named(object(one)['emailAddress'], { diagnosticCode: `Feedback-Type: ${type}` })),
      );
    }
    case 'Delivery': {
      const delivery = object(notification['delivery']);
      const answer = string(delivery['smtpResponse']);
      return reading(
        'delivered',
        delivery,
        list(delivery['recipients']).map((one) => named(one, { action: 'delivered', diagnosticCode: answer })),
      );
    }
    default:
      return null;
  }
}

function bounced(one: Json): RecipientFields | null {
  const diagnostic = string(one['diagnosticCode'])?.replace(/^\s*smtp\s*;\s*/i, '') ?? null;
  return named(one['emailAddress'], {
    action: 'failed',
    reportStatus: string(one['status']),
    diagnosticCode: diagnostic,
    command: diagnostic === null ? null : commandIn(diagnostic),
  });
}

function named(address: unknown, known: Partial<RecipientFields>): RecipientFields | null {
  const finalRecipient = cleanAddress(string(address) ?? '');
  return finalRecipient === null ? null : recipient({ ...known, finalRecipient });
}

function reading(kind: Kind, details: Json, recipients: readonly (RecipientFields | null)[]): Reading {
  const mta = string(details['reportingMTA'])?.replace(/^\s*(?:dns|dsn)\s*;\s*/i, '');
  return { kind, reportingMta: mta?.toLowerCase() ?? null, recipients: recipients.filter((one) => one !== null) };
}
