import type { SmtpCommand } from '../../report.ts';
import type { Category, Fault } from '../../vocabulary.ts';

/** Wordings that servers use for one cause. */
export interface PhraseGroup {
  /** Name of the rule, shown as `phrase/<name>`. */
  readonly name: string;
  readonly category: Category;
  readonly fault: Fault;
  /** Lower case; `*` stands for up to 60 characters, `|` for the end of a word (see phrase-matcher.ts). */
  readonly phrases: readonly string[];
  /** Holds only for an answer to one of these commands, without a code that names the address. */
  readonly commands?: readonly SmtpCommand[];
  /** Holds only for answers of these providers. */
  readonly providers?: readonly string[];
  /** The words alone prove nothing about the address: without a code or command that speaks of the recipient, the fault is `unknown`. */
  readonly corroborated?: true;
  /** Where the wordings come from: products, services, documents. */
  readonly source: string;
}
