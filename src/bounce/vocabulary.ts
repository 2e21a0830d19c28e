/** The words in which a verdict is given. They are stored, shown and matched by rules, so they never change meaning. */

/** What a message is. `bounce`: a recipient failed for good in this transaction; `delay`: a warning, still being tried. */
export const KINDS = ['bounce', 'delay', 'delivered', 'auto_reply', 'feedback', 'other'] as const;
export type Kind = (typeof KINDS)[number];

/** Whether the same mail to the same address may succeed later. It follows the cause, not merely the digit. */
export const CLASSES = ['permanent', 'temporary', 'undetermined', 'none'] as const;
export type BounceClass = (typeof CLASSES)[number];

export const CATEGORIES = [
  'user_unknown',
  'host_unknown',
  'mailbox_full',
  'suspended',
  'has_moved',
  'filtered',
  'rejected',
  'blocked',
  'bad_reputation',
  'auth_failure',
  'policy_violation',
  'spam_detected',
  'virus_detected',
  'content_error',
  'message_too_big',
  'exceed_limit',
  'rate_limited',
  'too_many_conn',
  'network_error',
  'system_error',
  'system_full',
  'mailer_error',
  'no_relaying',
  'not_accept',
  'not_compliant_rfc',
  'require_ptr',
  'security_error',
  'syntax_error',
  'expired',
  'on_hold',
  'undefined',
  'feedback',
  'vacation',
  'delivered',
  'fail_to_tls',
  'suppressed',
] as const;
export type Category = (typeof CATEGORIES)[number];

/** Where the reason lies, and so who can mend it. */
export const FAULTS = [
  'recipient', // the address: it does not exist, or never will take mail again
  'recipient_temporary', // its mailbox, for now (full)
  'recipient_policy', // its administrator, or its own settings
  'sender_identity', // authentication, DNS, HELO
  'sender_reputation', // IP address or domain blocked
  'sender_account', // quota or ban of the sending account
  'content',
  'network',
  'receiver_system',
  'unknown',
] as const;
export type Fault = (typeof FAULTS)[number];

/** How far the report can be believed to be about mail of ours. */
export const TRUSTS = ['signed', 'correlated', 'unverified'] as const;
export type Trust = (typeof TRUSTS)[number];

export const CONFIDENCES = ['high', 'medium', 'low'] as const;
export type Confidence = (typeof CONFIDENCES)[number];

/** RFC 3464 §2.3.3. */
export const ACTIONS = ['failed', 'delayed', 'delivered', 'relayed', 'expanded'] as const;
export type Action = (typeof ACTIONS)[number];
