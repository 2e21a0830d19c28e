import type { Lexicon } from '../../phrase-matcher.ts';
import { NOUNS } from './nouns.ts';
import { PREDICATES } from './predicates.ts';

/** The words by whose names the phrases call them. */
export const LEXICON: Lexicon = {
  ...NOUNS,
  ...PREDICATES,
  /** An address itself, as flat-text.ts leaves it. */
  '@': ['@'],
  /** The recipient, however he is spoken of. */
  person: [...NOUNS.recipient, ...NOUNS.mailbox, ...NOUNS.address],
  /** Him or his mailbox, not merely his address. */
  owner: [...NOUNS.recipient, ...NOUNS.mailbox],
};
