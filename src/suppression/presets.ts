import type { Rule } from './rules.ts';

const COMPLAINT: Rule = {
  name: 'complaint',
  match: { kind: ['feedback'] },
  effect: 'flag',
  why: 'The recipient reported the mail as unwanted.',
};

const PASSING_TROUBLE: Rule = {
  name: 'passing-trouble',
  match: { kind: ['bounce'], class: ['temporary'] },
  after: { bounces: 5, overDays: 14 },
  effect: 'flag',
  why: 'What should have passed by itself did not: bounces on five days over at least fourteen, and no delivery between.',
};

/**
 * Passing refusals that the sender brought about: they say nothing about the address, however often they come. Before
 * PASSING_TROUBLE, which would flag living recipients of a sender that is throttled for two weeks.
 */
const SENDER_HELD_BACK: Rule = {
  name: 'sender-held-back',
  match: {
    kind: ['bounce'],
    class: ['temporary'],
    fault: ['sender_identity', 'sender_reputation', 'sender_account', 'content'],
  },
  effect: 'ignore',
  why: 'The sender is held back, not the address: mend the cause and send again; nothing is counted against the recipient.',
};

/** Limits of Exchange on what one mailbox takes in an hour or at a time: the sender is too fast, the mailbox is alive. */
const MAILBOX_BUSY: Rule = {
  name: 'mailbox-busy',
  match: { kind: ['bounce'], class: ['temporary'], category: ['rate_limited'], status: ['4.3.2', '5.2.121-122'] },
  effect: 'ignore',
  why: 'The mailbox gets more mail at a time than it takes: send slower; nothing is counted against the recipient.',
};

const NO_FAILURE: Rule = {
  name: 'no-failure',
  match: { kind: ['delay', 'delivered', 'auto_reply', 'other'] },
  effect: 'ignore',
  why: 'The mail was delivered, is still being tried, or was answered.',
};

/** Flags dead addresses at once and asks a person about every other permanent failure. */
const STANDARD: readonly Rule[] = [
  COMPLAINT,
  SENDER_HELD_BACK,
  MAILBOX_BUSY,
  PASSING_TROUBLE,
  {
    name: 'dead-address',
    match: { kind: ['bounce'], status: ['5.x.x'], fault: ['recipient'] },
    effect: 'flag',
    why: 'The answer says that the address does not exist or takes no mail any more.',
  },
  {
    name: 'dead-address-by-words',
    match: { kind: ['bounce'], class: ['permanent'], fault: ['recipient'] },
    effect: 'flag',
    why: 'The answer says in words, without an enhanced status code, that the address does not exist or takes no mail any more.',
  },
  {
    name: 'other-permanent',
    match: { kind: ['bounce'], status: ['5.x.x'] },
    effect: 'hold',
    why: 'The attempt failed for good, but nothing says that the address is dead: a person decides, once for the whole cause.',
  },
  {
    name: 'other-permanent-by-words',
    match: { kind: ['bounce'], class: ['permanent'] },
    effect: 'hold',
    why: 'The attempt failed for good without an enhanced status code, and nothing says that the address is dead.',
  },
  NO_FAILURE,
];

/** Flags every permanent failure at once, whatever the cause. */
const STRICT: readonly Rule[] = [
  COMPLAINT,
  {
    name: 'every-5xx',
    match: { kind: ['bounce'], status: ['5.x.x'] },
    effect: 'flag',
    why: 'Every status of class 5 takes the address off the list.',
  },
  {
    name: 'every-permanent',
    match: { kind: ['bounce'], class: ['permanent'] },
    effect: 'flag',
    why: 'The attempt failed for good without an enhanced status code.',
  },
  SENDER_HELD_BACK,
  MAILBOX_BUSY,
  PASSING_TROUBLE,
  NO_FAILURE,
];

export const presets = { standard: STANDARD, strict: STRICT } as const satisfies Record<string, readonly Rule[]>;
export type PresetName = keyof typeof presets;
