import type { SmtpCommand } from '../../report.ts';
import type { BounceClass, Category, Fault } from '../../vocabulary.ts';

/** What one answer of a large provider, gateway, sending service or block list means, by its own document. */
export interface ProviderAnswer {
  /** Name as in src/bounce/provider.ts. */
  readonly provider: string;
  /**
   * Words of the answer in phrase syntax: lower case, `*` = up to 60 characters, `|` = end of a word; begins at the beginning
   * of a word. Any of them tells the row. E-mail addresses are blanked before the search, so that no phrase holds one.
   */
  readonly match: readonly string[];
  /** Holds whoever is known to have refused, since nobody else writes these words. Else only for answers of this provider. */
  readonly anywhere?: true;
  /** The enhanced status codes or SMTP replies this row is limited to, where the words mean something else with another code. */
  readonly codes?: readonly string[];
  /** Holds only for an answer to one of these commands. */
  readonly commands?: readonly SmtpCommand[];
  readonly category: Category;
  readonly fault: Fault;
  /** Only where the document says that it passes (temporary) or does not (permanent), against the digit. */
  readonly class?: BounceClass;
  /** What it means, in our own words, one sentence. */
  readonly title: string;
  /** What the sender should do, in our own words, one sentence. */
  readonly fix?: string;
  /** The document: URL or title of the provider's page. */
  readonly source: string;
  /** A whole reply as the server writes it, with code and example addresses: the fixture of the row. */
  readonly example: string;
}
