import { UIDS_PER_COMMAND } from '../limits.ts';

/** A mail that breaks the connection so often when fetched alone is left out. */
const TRIES = 3;

/**
 * Mails that the server does not deliver: fetching them ends the connection. Kept over connections, so that one such mail does not hold up
 * all behind it: after a failure fewer are asked for at a time, down to one, and one that fails alone again and again is left where
 * it is, without a row, until it is tried again later.
 */
export class UnreadableMails {
  readonly #failures = new Map<number, number>();
  readonly #left = new Set<number>();
  #atOnce = UIDS_PER_COMMAND;
  #failed = false;

  /** How many to fetch at once. */
  get atOnce(): number {
    return this.#atOnce;
  }

  /** UIDs left out, ascending. */
  get left(): number[] {
    return [...this.#left].sort((a, b) => a - b);
  }

  has(uid: number): boolean {
    return this.#left.has(uid);
  }

  delivered(): void {
    this.#atOnce = Math.min(UIDS_PER_COMMAND, this.#atOnce * 2);
  }

  /** The connection broke before these came. Gives back a UID that is left out from now on, or null. */
  missed(uids: readonly number[]): number | null {
    this.#failed = true;
    this.#atOnce = Math.max(1, Math.floor(uids.length / 8));
    if (uids.length !== 1) return null;
    const uid = uids[0]!;
    const failures = (this.#failures.get(uid) ?? 0) + 1;
    this.#failures.set(uid, failures);
    if (failures < TRIES) return null;
    this.#left.add(uid);
    this.#atOnce = UIDS_PER_COMMAND;
    return uid;
  }

  /** Whether a fetch has failed since this was asked last. */
  takeFailed(): boolean {
    const failed = this.#failed;
    this.#failed = false;
    return failed;
  }

  /** Tries all of them anew; a new UIDVALIDITY gives new UIDs anyway. */
  forget(): void {
    this.#failures.clear();
    this.#left.clear();
  }
}
