import { setTimeout as delay } from 'node:timers/promises';

/**
 * Waits until a fact holds: asks every 20 ms until the answer is truthy, and returns it. An asking that throws counts as "not
 * yet"; its error becomes the cause when time runs out.
 */
export async function waitFor<T>(
  fact: () => T | Promise<T>,
  timeoutMs = 10_000,
  what = fact.toString(),
): Promise<NonNullable<T>> {
  const end = performance.now() + timeoutMs;
  let cause: unknown;
  let last: unknown;
  do {
    try {
      last = await fact();
      if (last) return last as NonNullable<T>;
      cause = undefined;
    } catch (error) {
      cause = error;
    }
    await delay(20);
  } while (performance.now() < end);
  const seen = cause instanceof Error ? cause.message : String(last);
  throw new Error(`Not within ${timeoutMs} ms: ${what} (last answer: ${seen})`, { cause });
}
