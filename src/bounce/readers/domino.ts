import { cleanAddress } from '../address.ts';
import { notice, saidOf } from './notice.ts';

/** `was not delivered to:` and `because:` in the languages of Domino's templates. */
const TO =
  /^\s*(?:(?:was|has) not (?:been )?delivered to|konnte nicht zugestellt werden an|n'a pas été (?:distribué|remis) à|no se entregó a|non è stato recapitato a|não foi entregue a)\s*:\s*$/i;
const BECAUSE = /^\s*(?:because(?: of)?|weil|grund|car|en raison de|porque|perché|a causa di|debido a)\s*:\s*$/i;

/**
 * Lotus Domino (Delivery Failure Report; https://help.hcl-software.com/domino/ "Understanding delivery failures"): subject, recipients
 * and reason each below a line of their own. Names of Notes users (`Anna Berg/Sales/Example`) are no addresses.
 */
export const domino = notice({
  name: 'domino',
  isWritten: ({ text }) => text.split('\n', 60).some((line) => TO.test(line)),
  readRecipients(lines) {
    const to = lines.findIndex((line) => TO.test(line));
    const because = lines.findIndex((line, i) => i > to && BECAUSE.test(line));
    if (because < 0) return [];
    const end = lines.findIndex((line, i) => i > because && /^-{3,}|^\s*(?:what should you do|routing path)/i.test(line));
    const reason = lines
      .slice(because + 1, end < 0 ? because + 12 : end)
      .join('\n')
      .trim();
    return lines
      .slice(to + 1, because)
      .map((line) => (line.includes('@') ? cleanAddress(line) : null))
      .filter((address) => address !== null)
      .map((address) => saidOf(address, reason));
  },
});
