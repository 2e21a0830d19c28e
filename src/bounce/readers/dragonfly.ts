import { cleanAddress } from '../address.ts';
import { notice, saidOf } from './notice.ts';

const NAMED = /error delivering your mail to <([^<>\n]{1,400})>/i;

/** DragonFly Mail Agent (bounce() in mail.c, https://github.com/corecode/dma): one recipient in a sentence, the answer below it. */
export const dragonfly = notice({
  name: 'dragonfly',
  isWritten: ({ text }) => text.slice(0, 200).includes('This is the DragonFly Mail Agent'),
  reportingMta: /dragonfly mail agent \S{1,20} at ([A-Za-z0-9][\w.-]{1,250})/i,
  readRecipients(_, { text }) {
    const named = NAMED.exec(text);
    const address = named === null ? null : cleanAddress(named[1]!);
    if (named === null || address === null) return [];
    const rest = text.slice(named.index + named[0].length).replace(/^\.?\s+/, '');
    const end = /^message headers follow|^original message follows/im.exec(rest);
    return [saidOf(address, (end === null ? rest : rest.slice(0, end.index)).trim())];
  },
});
