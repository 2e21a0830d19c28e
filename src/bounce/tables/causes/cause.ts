import type { SmtpCommand } from '../../report.ts';
import type { BounceClass, Category, Fault } from '../../vocabulary.ts';

/** What one cause is called in the words of servers. */
export interface Cause {
  /** Name of the rule, shown as `words/<name>`. */
  readonly name: string;
  readonly category: Category;
  readonly fault: Fault;
  /** In the syntax of phrase-matcher.ts; `<name>` is an entry of the lexicon. */
  readonly phrases: readonly string[];
  /** Phrases that take a hit back where they stand in the same sentence: it speaks of somebody or something else. */
  readonly unless?: readonly string[];
  /** The same, wherever in the text they stand. */
  readonly unlessAnywhere?: readonly string[];
  /** Holds only for an answer to one of these commands, without a code that names the address. */
  readonly commands?: readonly SmtpCommand[];
  /** Holds only for what a server says of its own about another domain than its own. */
  readonly ownWords?: true;
  /** Holds only for answers of these providers. */
  readonly providers?: readonly string[];
  /** The words alone prove nothing about the address: without a code or command that speaks of the recipient, the fault is `unknown`. */
  readonly corroborated?: true;
  /** Words so common in the prose of reports that they count only in what is said of the recipient. */
  readonly near?: true;
  /** Tells a refusal but hardly a cause: a code that says more goes before it. */
  readonly weak?: true;
  /** Set where the words tell whether it passes, whatever the digit. */
  readonly class?: BounceClass;
  /** Where the wordings come from: products, services, documents. */
  readonly source: string;
}
