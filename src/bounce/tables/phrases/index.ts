import { CONTENT } from './content.ts';
import { EXPIRY, LIMITS, POLICY, SYSTEM, TRANSPORT } from './delivery.ts';
import type { PhraseGroup } from './phrase.ts';
import { PROVIDER_CODES } from './providers.ts';
import { GONE, MAILBOX_FULL, MOVED, SUSPENDED, USER_UNKNOWN } from './recipient.ts';
import { SENDER_ACCOUNT, SENDER_IDENTITY, SENDER_REPUTATION } from './sender.ts';

const rest = (groups: readonly PhraseGroup[], ...names: string[]): readonly PhraseGroup[] =>
  groups.filter((group) => !names.includes(group.name));
const only = (groups: readonly PhraseGroup[], ...names: string[]): readonly PhraseGroup[] =>
  names.map((name) => groups.find((group) => group.name === name)!);

/** All groups; where several fit a text, the first decides. */
export const PHRASE_GROUPS: readonly PhraseGroup[] = [
  ...PROVIDER_CODES,
  ...SENDER_ACCOUNT,
  ...only(POLICY, 'suppression-list'),
  ...only(LIMITS, 'greylisting'),
  ...SENDER_IDENTITY,
  ...only(SYSTEM, 'disk-full'),
  ...MAILBOX_FULL,
  ...GONE,
  ...SUSPENDED,
  ...only(CONTENT, 'virus', 'message-too-big', 'recipient-size-limit'),
  ...only(POLICY, 'tls-required', 'certificate', 'recipient-restricts-senders'),
  ...only(LIMITS, 'too-many-recipients', 'too-many-connections', 'rate-limited'),
  ...SENDER_REPUTATION,
  ...only(CONTENT, 'not-compliant', 'spam-content'),
  ...only(POLICY, 'relaying-denied', 'authentication-required'),
  ...rest(USER_UNKNOWN, 'address-in-doubt'),
  ...MOVED,
  ...only(POLICY, 'null-mx', 'host-takes-no-mail', 'named-policy'),
  ...only(TRANSPORT, 'domain-nonexistent', 'dns-trouble', 'domain-unknown', 'domain-in-doubt', 'loop'),
  ...only(USER_UNKNOWN, 'address-in-doubt'),
  ...only(CONTENT, 'content-refused'),
  ...EXPIRY,
  ...only(TRANSPORT, 'no-connection'),
  ...only(SYSTEM, 'delivery-program', 'system-trouble', 'protocol', 'on-hold'),
  ...only(POLICY, 'policy', 'recipient-filter', 'refused'),
];
