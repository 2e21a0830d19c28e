import type { SettleMode } from '../config.ts';
import { describeError, MailboxLoginError, QueueUnavailableError } from '../errors.ts';
import { Backoff, pause } from '../wait.ts';
import { Collector } from './collect.ts';
import type { CollectStore, Lease, MailboxPort, QueuePort } from './ports.ts';
import { UnreadableMails } from './unreadable.ts';

/** While mails wait in the queue, Postgres is asked for their rows this often (milliseconds, growing while nothing happens). */
const STEP_MS = { first: 30, most: 400 };
/** The state of the mailbox is saved for the dashboards at least this often while there is work. */
const SAVE_MS = 5000;
/** When told to stop, a command on IMAP may take this long. */
const HANG_MS = 4000;
/** Every so many timed rounds the whole mailbox is compared with Postgres itself, not with memory. */
const THOROUGH_EVERY = 30;

export interface PollDeps {
  readonly mailboxId: number;
  readonly settle: SettleMode;
  readonly highWater: number;
  readonly pollIntervalSeconds: number;
  readonly store: CollectStore & {
    takeLease(mailboxId: number, signal: AbortSignal, onWait?: () => void): Promise<Lease | null>;
  };
  readonly queue: QueuePort;
  /** A new connection; a broken one is never used again. */
  readonly connect: () => MailboxPort;
  readonly signal: AbortSignal;
  /** End when every mail in the mailbox has been dealt with and the queue is empty. */
  readonly drain?: boolean;
  /**
   * Until the mailbox was open once, or another poller was seen at work, trouble is thrown instead of waited out: so a wrong
   * setting ends a start with its message.
   */
  readonly failFast?: boolean;
  readonly events?: PollEvents;
}

export interface PollEvents {
  standingBy?(): void;
  connected?(): void;
  enqueued?(mails: number): void;
  settled?(mails: number, as: 'processed' | 'failed'): void;
  repeated?(mails: number, why: 'lost' | 'failed'): void;
  /** Trouble that is waited out; told once a change, with the waiting time in milliseconds. */
  trouble?(error: Error, waitMs: number): void;
  waiting?(mails: number): void;
  /** The server does not deliver this mail; it is left where it is and tried again later. */
  unreadable?(uid: number): void;
}

/**
 * Polls one mailbox until `signal` aborts (or, with `drain`, until nothing is left). Lost connections are waited out with
 * growing pauses; it never gives up and never spins. Every turn begins from nothing: lease, connection, full comparison.
 */
export async function pollMailbox(deps: PollDeps): Promise<void> {
  const reconnect = new Backoff(500, 10_000);
  // A wrong password does not become right by trying: providers lock accounts that try too often.
  const login = new Backoff(5_000, 300_000);
  const unreadable = new UnreadableMails();
  let inService = false;
  while (!deps.signal.aborted) {
    const began = Date.now();
    try {
      const finished = await pollOnce(deps, unreadable, {
        standingBy() {
          // Another poller is at work, so this is no first try of new settings.
          inService = true;
          deps.events?.standingBy?.();
        },
        connected() {
          inService = true;
          deps.events?.connected?.();
        },
      });
      if (finished) return;
    } catch (error) {
      if (deps.signal.aborted) return;
      if (deps.failFast && !inService) throw error;
      if (Date.now() - began > 60_000) {
        reconnect.reset();
        login.reset();
      }
      // A mail that breaks the connection is searched for at once, not with growing pauses.
      if (unreadable.takeFailed()) reconnect.reset();
      const wait = (error instanceof MailboxLoginError ? login : reconnect).next();
      // Also what nobody foresaw: a process that ends polls no mailbox, and the pauses keep it from spinning.
      deps.events?.trouble?.(error instanceof Error ? error : new Error(String(error)), wait);
      await deps.store.saveRound(deps.mailboxId, { error: describeError(error) }).catch(() => {});
      await pause(wait, deps.signal);
    }
  }
}

/** From lease to the end of the connection. Gives back true when it is done for good. */
async function pollOnce(
  deps: PollDeps,
  unreadable: UnreadableMails,
  on: { standingBy(): void; connected(): void },
): Promise<boolean> {
  const lease = await deps.store.takeLease(deps.mailboxId, deps.signal, on.standingBy);
  if (lease === null) return true;
  try {
    const mailbox = deps.connect();
    // A server that does not answer must not hold up the end: closing the connection ends the command that waits.
    const onAbort = () => void setTimeout(() => mailbox.close(), HANG_MS).unref();
    deps.signal.addEventListener('abort', onAbort, { once: true });
    try {
      const { uidValidity } = await mailbox.open();
      on.connected();
      return await work(deps, lease, mailbox, uidValidity, unreadable);
    } finally {
      deps.signal.removeEventListener('abort', onAbort);
      await mailbox.close();
    }
  } finally {
    await lease.release();
  }
}

async function work(
  deps: PollDeps,
  lease: Lease,
  mailbox: MailboxPort,
  uidValidity: bigint,
  unreadable: UnreadableMails,
): Promise<boolean> {
  const { events, signal, store, queue, mailboxId } = deps;
  const collector = new Collector({
    mailboxId,
    uidValidity,
    settle: deps.settle,
    highWater: deps.highWater,
    mailbox,
    store,
    queue,
    lease,
    unreadable,
    onUnreadable: (uid) => events?.unreadable?.(uid),
    onEnqueued: (mails) => events?.enqueued?.(mails),
    onSettled: (mails, as) => events?.settled?.(mails, as),
    onRepeated: (mails, why) => events?.repeated?.(mails, why),
  });
  const pollMs = deps.pollIntervalSeconds * 1000;
  const queueAway = new Backoff(500, 5000);
  const steps = new Backoff(STEP_MS.first, STEP_MS.most);
  let rounds = 0;
  let comparedAt = 0;
  let savedAt = 0;

  const save = async () => {
    savedAt = Date.now();
    await store.saveRound(mailboxId, {
      uidValidity,
      waiting: collector.waiting,
      oldestUnsettledAt: await collector.oldestWaiting(),
      error: null,
    });
    const { left } = unreadable;
    if (left.length > 0) {
      const error = `The server does not deliver ${left.length} of the mails (UID ${left.slice(0, 10).join(', ')}): fetching them ends the connection. They are left where they are and tried again later.`;
      await store.saveRound(mailboxId, { error });
    }
    events?.waiting?.(collector.waiting);
  };

  while (!signal.aborted) {
    if (Date.now() - comparedAt >= pollMs || comparedAt === 0) {
      comparedAt = Date.now();
      const thorough = rounds++ % THOROUGH_EVERY === 0;
      if (thorough && rounds > 1) unreadable.forget();
      await collector.compare(thorough);
    } else if (mailbox.arrived) await collector.update();

    try {
      const busy = await collector.step();
      queueAway.reset();
      if (busy) steps.reset();
    } catch (error) {
      // The mailbox keeps everything; its connection is still good.
      if (!(error instanceof QueueUnavailableError)) throw error;
      const wait = queueAway.next();
      events?.trouble?.(error, wait);
      await store.saveRound(mailboxId, { error: describeError(error) });
      await mailbox.waitForMail(wait, signal);
      continue;
    }

    if (collector.idle) {
      await save();
      if (deps.drain && (await queue.backlog()) === 0) return true;
      const untilNext = Math.max(0, comparedAt + pollMs - Date.now());
      await mailbox.waitForMail(deps.drain ? Math.min(200, untilNext) : untilNext, signal);
    } else {
      if (Date.now() - savedAt > SAVE_MS) await save();
      await mailbox.waitForMail(steps.next(), signal);
    }
  }
  await save().catch(() => {});
  return true;
}
