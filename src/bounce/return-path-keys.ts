/** A key for signed return paths. Never log it. */
export interface ReturnPathKey {
  /** Stands in the address, so that several keys can be in use: 1 to 4 letters and digits, lower case. */
  readonly id: string;
  readonly secret: string;
}

/** Id of a secret that is given without one. */
const BARE_ID = '0';

/** 32 hexadecimal digits hold 128 bits, the least that is asked of an HMAC key (NIST SP 800-131A). */
const MIN_SECRET = 32;

/** Keys in use at once; more is a mistake. */
const MAX_KEYS = 20;

const MEND = '`openssl rand -hex 32` makes a good one';

/**
 * Keys as a setting holds them: one secret, or `id:secret` pairs, parted by blanks or commas. The first signs, all verify. The faults, if
 * any, never show a secret.
 */
export function readReturnPathKeys(text: string): {
  readonly keys: readonly ReturnPathKey[];
  readonly faults: readonly string[];
} {
  const items = text.split(/[\s,]+/).filter((item) => item !== '');
  const keys = items.map(readKey);
  const faults = new Set<string>();
  for (const { id, secret } of keys) {
    if (secret.length < MIN_SECRET)
      faults.add(`holds a secret of ${secret.length} characters (key ${id}); it must have at least ${MIN_SECRET}: ${MEND}`);
  }
  const ids = keys.map((key) => key.id);
  for (const id of new Set(ids.filter((one, i) => ids.indexOf(one) !== i)))
    faults.add(`holds several secrets for key ${id}; write each as id:secret with an id of its own (1 to 4 letters and digits)`);
  if (keys.length > MAX_KEYS) faults.add(`holds ${keys.length} keys; keep at most ${MAX_KEYS}`);
  return { keys, faults: [...faults] };
}

function readKey(item: string): ReturnPathKey {
  const match = /^([a-z0-9]{1,4}):(.*)$/is.exec(item);
  return match === null ? { id: BARE_ID, secret: item } : { id: match[1]!.toLowerCase(), secret: match[2]! };
}
