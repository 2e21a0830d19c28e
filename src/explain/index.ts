import { type Explanation, explainAnswer, explainCode } from './answer.ts';
import { readPaste } from './paste.ts';

/** What became of a pasted text. */
export interface PasteExplanation {
  readonly explanations: readonly Explanation[];
  /** What cannot be explained, with the reason. */
  readonly unknown: readonly { readonly input: string; readonly why: string }[];
}

/**
 * Explains a paste: a code, a reply, an answer of a server, several of them. Pure: no network, no settings. Each is explained once, in
 * order; at most 50.
 *
 *     explain('550 5.1.10 RESOLVER.ADR.RecipientNotFound').explanations[0].meanings[0].title
 */
export function explain(text: string): PasteExplanation {
  const explanations: Explanation[] = [];
  const unknown: { input: string; why: string }[] = [];
  for (const piece of readPaste(text)) {
    if (piece.kind === 'impossible') {
      unknown.push({ input: piece.input, why: piece.why });
      continue;
    }
    const explanation = piece.kind === 'code' ? explainCode(piece.input, piece) : explainAnswer(piece.input);
    if (explanation) explanations.push(explanation);
    else unknown.push({ input: piece.input, why: 'it holds no code, and no words that are known' });
  }
  return { explanations: oncePerMeaning(explanations), unknown };
}

/** The two ends of a range have one row: it is explained once. */
function oncePerMeaning(explanations: readonly Explanation[]): Explanation[] {
  return explanations.filter((one, i) => {
    const before = explanations[i - 1];
    const row = (of: Explanation) => of.meanings[0]!.basis[0]!.row;
    return !(before && one.verdict === null && before.verdict === null && / to /.test(row(one)) && row(one) === row(before));
  });
}

export type { Explanation } from './answer.ts';
export { explainAnswer, explainCode } from './answer.ts';
export { explainMail, isMail, type MailExplanation, type RecipientExplanation } from './mail.ts';
export type { Basis, Meaning } from './meaning.ts';
