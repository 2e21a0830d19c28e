/** The longest normalised reply that is kept. */
const KEPT = 240;
const READ = 2000;

// What differs from one answer to the next though the cause is one; order matters: an address holds a host name. The third says what a
// text must hold for the pattern to be tried.
const PARTS: readonly (readonly [pattern: RegExp, name: string, holds?: string])[] = [
  [/https?:\/\/\S{1,500}/gi, 'URL', '://'],
  [/[<("']?(?:[^\s<>"'(),;:@]{1,64}|"[^"\n]{1,64}")@\[?[a-z0-9.:-]{1,253}\]?[>)"']?/gi, 'ADDRESS', '@'],
  [/\[?\b\d{1,3}(?:\.\d{1,3}){3}\b\]?/g, 'IP'],
  [/\[?(?:ipv6:)?\b[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){2,7}\b\]?/gi, 'IP', ':'],
  [/\b(?:[a-z0-9_](?:[a-z0-9_-]{0,62})\.){1,8}[a-z][a-z0-9-]{1,62}\b\.?/gi, 'HOST', '.'],
  [/\b\d{4}-\d\d-\d\d(?:[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?)?/g, 'TIME'],
  [/\b(?:mon|tue|wed|thu|fri|sat|sun),? \d{1,2} [a-z]{3} \d{4}(?: \d\d:\d\d(?::\d\d)?)?(?: [+-]\d{4})?/gi, 'TIME'],
  // A queue id or a reference: letters and figures mixed, or a long row of hexadecimal figures.
  [/\b(?=[a-z_-]{0,60}\d)(?=[\d_-]{0,60}[a-z])[a-z0-9_-]{8,61}\b/gi, 'ID'],
  [/(?<![\d.])\d{4,}(?![\d.])/g, 'N'],
];

// The reply and the code in front are kept: two causes are not one because their words agree.
const CODES = /^\s*(?:smtp;\s*)?([2-5]\d\d)?[-\s]*#?([245]\.\d{1,3}\.\d{1,3})?/i;

/**
 * A remote answer without what differs between two mails of one cause (addresses, hosts, ids, times, long numbers), at most 240
 * characters, so that equal ones can be counted together. Null for an answer without words.
 */
export function normalizeReply(answer: string | null): string | null {
  if (!answer) return null;
  const read = answer.slice(0, READ);
  const codes = CODES.exec(read);
  let words = read.slice(codes?.[0].length ?? 0);
  for (const [pattern, name, holds] of PARTS) {
    if (holds === undefined || words.includes(holds)) words = words.replace(pattern, name);
  }
  words = words
    // The lines after the first of a reply begin with its codes again.
    .replace(/[\r\n]{1,4}[ \t]{0,40}[2-5]\d\d[- ](?:[245]\.\d{1,3}\.\d{1,3})?/g, ' ')
    .replace(/[\x00-\x1f\x7f\s]+/g, ' ')
    .trim();
  const text = [codes?.[1], codes?.[2], words].filter(Boolean).join(' ').slice(0, KEPT).trim();
  return text === '' ? null : text;
}
