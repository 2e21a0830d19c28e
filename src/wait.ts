/** Resolves after `ms` milliseconds, or at once when `signal` aborts. Never rejects. */
export function pause(ms: number, signal?: AbortSignal): Promise<void> {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal?.addEventListener('abort', done, { once: true });
  });
}

/** Waiting times that grow from `first` to `most` milliseconds, each with up to half of it taken off by chance. */
export class Backoff {
  readonly #first: number;
  readonly #most: number;
  #next: number;

  constructor(first: number, most: number) {
    this.#first = first;
    this.#most = most;
    this.#next = first;
  }

  /** The next waiting time. Jitter keeps many processes from coming back at the same moment. */
  next(): number {
    const ms = this.#next;
    this.#next = Math.min(this.#most, ms * 2);
    return Math.round(ms * (1 - Math.random() / 2));
  }

  reset(): void {
    this.#next = this.#first;
  }
}
