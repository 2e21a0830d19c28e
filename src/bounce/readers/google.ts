import { cleanAddress, normalizeAddress } from '../address.ts';
import { addressesIn } from './blocks.ts';
import { notice, saidOf } from './notice.ts';

/** In front of the answer, in the layout of 2008 to 2016 and in that of today. */
const DETAILS =
  /^[ \t]*(?:technical details of (?:permanent|temporary) failure|the response(?: from the remote server)? was|la réponse (?:du serveur distant )?était|la respuesta(?: del servidor remoto)? fue|die antwort (?:des (?:anderen|remote)-?\s?servers )?lautete|a resposta (?:do servidor remoto )?foi|la risposta(?: dal server remoto)? è stata|リモート サーバーからの応答)\s*[::]/im;

/**
 * Gmail without a machine-readable part (https://support.google.com/mail/answer/6596; also passed on by other servers, which cut it off):
 * the recipients stand alone on a line or in the first sentence, one answer holds for all of them.
 */
export const google = notice({
  name: 'google',
  isWritten: ({ text, from }) => /google(?:mail)?\.com/i.test(from) && DETAILS.test(text.slice(0, 6000)),
  readRecipients(_, { text, ownAddresses }) {
    const details = DETAILS.exec(text)!;
    const announced = text.slice(0, details.index);
    const named = announced.split('\n').flatMap((line) => addressesIn(line));
    const addresses = [...new Set(named.map((one) => cleanAddress(one)).filter((one) => one !== null))].filter(
      (one) => !ownAddresses.has(normalizeAddress(one)),
    );
    const words = text
      .slice(details.index + details[0].length)
      .split(/\n-{3,}/, 1)[0]!
      .trim();
    return addresses.map((address) => saidOf(address, words, { context: text.slice(0, 4000) }));
  },
});
