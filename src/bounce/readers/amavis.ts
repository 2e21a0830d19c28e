import { cleanAddress } from '../address.ts';
import { notice, saidOf } from './notice.ts';

const FOUND = /^\s{0,8}our content checker found/i;
const HEADING = /^\s{0,8}to the following recipients?:/i;
const RECIPIENT = /^\s{0,8}-> {0,4}<?([^\s<>@]{1,128}@[^\s<>]{1,255})>?\s{0,4}$/;

/**
 * amavisd's notice to the sender (README.customize, template notify_virus_sender): what was found stands first, then those it was for;
 * that delivery was stopped, only below.
 */
export const amavis = notice({
  name: 'amavis',
  isWritten: ({ text }) => /our content checker found/i.test(text.slice(0, 2000)),
  readRecipients: (lines) => {
    const found = lines.findIndex((line) => FOUND.test(line));
    const heading = lines.findIndex((line, i) => i > found && HEADING.test(line));
    if (found < 0 || heading < 0) return [];
    const words = lines
      .slice(found, heading)
      .join('\n')
      .split(/\n\s{0,8}in email\b/i, 1)[0]!;
    const recipients = [];
    for (const line of lines.slice(heading + 1)) {
      const named = RECIPIENT.exec(line)?.[1];
      if (named === undefined) break;
      const address = cleanAddress(named);
      if (address !== null) recipients.push(saidOf(address, words));
    }
    return recipients;
  },
});
