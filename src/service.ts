import { SHUTDOWN_MS } from './limits.ts';
import type { Logger } from './log.ts';

export interface Service {
  /** Aborted by SIGTERM, SIGINT, or `stop`. */
  readonly signal: AbortSignal;
  /** Registers how to stop what was started; run last first. */
  onStop(stop: () => Promise<void> | void): void;
  /** Ends the service as a signal would. */
  stop(): void;
}

/**
 * Runs `start` and keeps the process until it is told to stop; then stops what was started, last first, each within what is left
 * of the time. If `start` throws, what was started is stopped and the error passed on. A second signal ends the process at once.
 */
export async function runService(log: Logger, start: (service: Service) => Promise<void>): Promise<void> {
  const controller = new AbortController();
  const stops: (() => Promise<void> | void)[] = [];
  let deadline: NodeJS.Timeout | undefined;

  const stop = () => {
    if (controller.signal.aborted) return;
    controller.abort();
    // All state is in Postgres and the mailbox: an end by force costs repeats, never mails.
    deadline = setTimeout(() => {
      log.warn({ event: 'stop_forced' }, `Not stopped after ${SHUTDOWN_MS / 1000} s; ending now.`);
      process.exit(1);
    }, SHUTDOWN_MS).unref();
  };
  const onSignal = (signal: NodeJS.Signals) => {
    if (controller.signal.aborted) process.exit(130);
    log.info({ event: 'stopping', signal }, `${signal}: stopping`);
    stop();
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  try {
    await start({ signal: controller.signal, onStop: (how) => stops.push(how), stop });
    if (!controller.signal.aborted)
      await new Promise<void>((resolve) => controller.signal.addEventListener('abort', () => resolve(), { once: true }));
  } finally {
    stop();
    for (const how of stops.reverse()) await how();
    clearTimeout(deadline);
    process.off('SIGTERM', onSignal);
    process.off('SIGINT', onSignal);
  }
}
