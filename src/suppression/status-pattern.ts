/**
 * A pattern of enhanced status codes: `5.x.x` (any code of class 5), `5.1.*` (`*` and `x` are the same), `5.7.606-649` (both
 * ends included, compared as numbers), `5.1.1`.
 */
export type StatusPattern = string;

const PART = /^(?:[x*]|(\d{1,3})(?:-(\d{1,3}))?)$/i;

/** Turns a pattern into a test of codes. Throws RangeError, with the pattern, when it is none. */
export function statusMatcher(pattern: StatusPattern): (status: string) => boolean {
  const parts = pattern.split('.');
  if (parts.length !== 3) throw badPattern(pattern);
  const ranges = parts.map((part) => {
    const read = PART.exec(part);
    if (!read) throw badPattern(pattern);
    if (read[1] === undefined) return null;
    const from = Number(read[1]);
    const to = read[2] === undefined ? from : Number(read[2]);
    if (to < from) throw badPattern(pattern);
    return { from, to };
  });
  return (status) => {
    const numbers = status.split('.').map(Number);
    if (numbers.length !== 3) return false;
    return ranges.every((range, i) => range === null || (numbers[i]! >= range.from && numbers[i]! <= range.to));
  };
}

function badPattern(pattern: string): RangeError {
  return new RangeError(`"${pattern}" is no status pattern; write 5.1.1, 5.1.*, 5.x.x or 5.7.606-649`);
}
