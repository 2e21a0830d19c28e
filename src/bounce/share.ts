/** Characters of all answers in a report that are weighed, and of each at least: a reason stands at its beginning. */
const OF_A_REPORT = 64 * 1024;
const AT_LEAST = 150;

/** Characters of each of so many recipients' words that are weighed: a report on a thousand costs no more than one with long answers. */
export function shareOf(recipients: number): number {
  return Math.max(AT_LEAST, Math.floor(OF_A_REPORT / Math.max(recipients, 1)));
}
