/** UIDs as an IMAP sequence-set (RFC 9051 §9): `1:3,7`. They must be ascending. */
export function toUidSet(uids: readonly number[]): string {
  const ranges: string[] = [];
  for (let i = 0; i < uids.length; ) {
    let end = i;
    while (end + 1 < uids.length && uids[end + 1] === uids[end]! + 1) end++;
    ranges.push(end === i ? `${uids[i]}` : `${uids[i]}:${uids[end]}`);
    i = end + 1;
  }
  return ranges.join(',');
}
