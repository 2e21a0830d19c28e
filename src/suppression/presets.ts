import type { Rule } from './rules.ts';

// Ordered; the first rule that matches decides. Delays, automatic answers and deliveries are stored, and never cost a recipient.

const complaint: Rule = {
  name: 'complaint',
  match: { kind: ['feedback'] },
  effect: 'flag',
  why: 'The recipient complained about the mail.',
};

const notAFailure: Rule = {
  name: 'not-a-failure',
  match: { kind: ['delay', 'delivered', 'auto_reply', 'other'] },
  effect: 'ignore',
  why: 'Nothing has failed for good.',
};

const passing: Rule = {
  name: 'passing-trouble',
  match: { kind: ['bounce'], class: ['temporary'] },
  after: { bounces: 5, overDays: 14 },
  effect: 'flag',
  why: 'Trouble that passes by itself has not passed: bounces on 5 days over at least 14 days, and no delivery in between.',
};

const deadAddress: Rule = {
  name: 'dead-address',
  match: { kind: ['bounce'], status: ['5.x.x'], fault: ['recipient'] },
  effect: 'flag',
  why: 'The address does not exist or takes no mail any more.',
};

/** A server that gives no enhanced status code says the same with its words. */
const deadAddressWithoutCode: Rule = {
  name: 'dead-address-without-code',
  match: { kind: ['bounce'], class: ['permanent'], fault: ['recipient'] },
  effect: 'flag',
  why: 'The server said in words, without a status code, that the address does not exist.',
};

const otherPermanent: Rule = {
  name: 'other-5xx',
  match: { kind: ['bounce'], status: ['5.x.x'] },
  effect: 'hold',
  why: 'Refused for good, but nothing says that the address is dead: a person decides.',
};

const otherPermanentWithoutCode: Rule = {
  name: 'other-permanent-without-code',
  match: { kind: ['bounce'], class: ['permanent'] },
  effect: 'hold',
  why: 'Refused for good without a status code, and nothing says that the address is dead: a person decides.',
};

const undecided: Rule = {
  name: 'undecided',
  match: { kind: ['bounce'] },
  effect: 'count',
  why: 'Nothing in the report decides about the address.',
};

const every5xx: Rule = {
  name: 'every-5xx',
  match: { kind: ['bounce'], status: ['5.x.x'] },
  effect: 'flag',
  why: 'Every status code 5.x.x, whatever the cause.',
};

/** The built-in rules, by the value of SUPPRESSION_PRESET. */
export const presets: Readonly<Record<'standard' | 'strict', readonly Rule[]>> = {
  standard: [
    complaint,
    notAFailure,
    passing,
    deadAddress,
    deadAddressWithoutCode,
    otherPermanent,
    otherPermanentWithoutCode,
    undecided,
  ],
  strict: [complaint, notAFailure, every5xx, passing, deadAddressWithoutCode, otherPermanentWithoutCode, undecided],
};
