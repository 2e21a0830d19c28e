import type { Cause } from './cause.ts';
import { FORM, SPAM, TOO_BIG, VIRUS } from './content.ts';
import {
  EXPIRY,
  GREYLISTING,
  LIMITS,
  POLICY,
  REFUSED,
  RELAY,
  RESTRICTED,
  SUPPRESSED,
  SYSTEM,
  SYSTEM_FULL,
  TAKES_NO_MAIL,
  TLS,
  TRANSPORT,
} from './delivery.ts';
import {
  ADDRESS_IN_DOUBT,
  ADDRESS_NOT_FOUND,
  GONE,
  MAILBOX_FULL,
  MOVED,
  NOT_FOUND,
  SUSPENDED,
  USER_UNKNOWN,
} from './recipient.ts';
import { BLOCKED, SENDER_ACCOUNT, SENDER_IDENTITY, SENDER_REFUSED, SENDER_REPUTATION } from './sender.ts';

const weak = (cause: Cause) => cause.weak === true;
const strong = (cause: Cause) => !weak(cause);
const system: readonly Cause[] = SYSTEM;

/**
 * All causes by rank: where words of several ranks stand in one sentence, the first decides; of one rank the words that stand closest
 * together do, since a verb speaks of the noun beside it.
 */
export const CAUSE_RANKS: readonly (readonly Cause[])[] = [
  SENDER_ACCOUNT,
  SUPPRESSED,
  GREYLISTING,
  SENDER_IDENTITY,
  RESTRICTED,
  SYSTEM_FULL,
  MAILBOX_FULL,
  USER_UNKNOWN,
  GONE,
  SUSPENDED,
  VIRUS,
  TOO_BIG,
  LIMITS,
  TLS,
  SENDER_REPUTATION.slice(0, 1),
  FORM.slice(0, 1),
  SENDER_REFUSED,
  RELAY,
  NOT_FOUND,
  ADDRESS_NOT_FOUND,
  SENDER_REPUTATION.slice(1),
  SPAM,
  MOVED,
  TAKES_NO_MAIL.slice(0, 1),
  TAKES_NO_MAIL.slice(1),
  POLICY,
  BLOCKED,
  TRANSPORT.slice(0, 3),
  ADDRESS_IN_DOUBT,
  FORM.slice(1),
  EXPIRY,
  TRANSPORT.slice(3),
  system.filter(strong),
  ...system.filter(weak).map((cause) => [cause]),
  ...REFUSED.map((cause) => [cause]),
];

export const CAUSES: readonly Cause[] = CAUSE_RANKS.flat();
