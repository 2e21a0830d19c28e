/** What words of a report say about the whole of it. */
export type ReportSays =
  /** A message did not reach somebody, or came back: the words with which failed recipients are announced. */
  | 'failed'
  /** Why one recipient failed; in a sentence with an address it announces as well. */
  | 'reason'
  /** Still being tried. */
  | 'delayed'
  /** Given up for good, even where the words of a delay stand beside it. */
  | 'given-up'
  /** Arrived. */
  | 'delivered'
  /** Mails *to* the reader are said to wait, which phishing likes to say; what comes back was sent *by* the reader. */
  | 'lure';

/** Phrases of one language, in the notation of `phrase-matcher.ts`: lower case, `*` for up to 60 characters, `|` ends a word. */
export interface ReportWords {
  readonly says: ReportSays;
  /** BCP 47. */
  readonly language: string;
  readonly phrases: readonly string[];
  /** Whose templates say so. */
  readonly source: string;
}
