import type { SettleMode } from '../config.ts';
import { QueueUnavailableError } from '../errors.ts';
import { BYTES_PER_JOB, MAILS_PER_JOB, MAX_QUEUED_BYTES, UIDS_PER_COMMAND } from '../limits.ts';
import type { CollectStore, CommittedMail, FetchedMail, Lease, MailBatch, MailboxPort, QueuePort } from './ports.ts';
import type { UnreadableMails } from './unreadable.ts';

/** A job is looked for in the queue when its mails are not committed after this, and then every so often. */
const LOOK_AFTER_MS = 2000;
/** Jobs looked for at a time. */
const LOOK_AFTER_JOBS = 200;
/** Settled mails are gathered up to this, or for SETTLE_WAIT_MS, while there is more to fetch: a command a mail is ruinous. */
const SETTLE_BATCH = UIDS_PER_COMMAND;
const SETTLE_WAIT_MS = 1000;

/** A mail that waits in the queue, as far as this poller knows. */
interface Flight {
  readonly jobId: string;
  readonly bytes: number;
  readonly receivedAt: Date;
  readonly since: number;
}

export interface CollectorDeps {
  readonly mailboxId: number;
  readonly uidValidity: bigint;
  readonly settle: SettleMode;
  /** Mails that may wait in the queue. */
  readonly highWater: number;
  readonly mailbox: MailboxPort;
  readonly store: CollectStore;
  readonly queue: QueuePort;
  readonly lease: Lease;
  /** Kept over connections. */
  readonly unreadable: UnreadableMails;
  /** A mail that the server does not deliver is left out for now. */
  readonly onUnreadable?: (uid: number) => void;
  readonly onEnqueued?: (mails: number) => void;
  readonly onSettled?: (mails: number, as: 'processed' | 'failed') => void;
  /** Mails whose jobs were lost or failed and that are given to the queue again. */
  readonly onRepeated?: (mails: number, why: 'lost' | 'failed') => void;
}

/**
 * Carries the mails of one open mailbox to the queue and settles what is committed. It holds no truth: the mailbox and Postgres
 * do. What it keeps in memory (which mails wait in the queue, which are done) only saves asking; all of it may be forgotten at
 * any moment, at the cost of a mail being processed twice, which changes nothing.
 *
 * The order is the promise: a mail is settled only after its row was seen in Postgres.
 */
export class Collector {
  readonly #deps: CollectorDeps;
  /** Settled, or left for good. */
  readonly #done = new Set<number>();
  readonly #inFlight = new Map<number, Flight>();
  /** Neither committed nor in the queue. */
  readonly #open = new Set<number>();
  /** Mails whose job failed, with how often: first they go alone, then they are given up. */
  readonly #suspects = new Map<number, number>();
  /** Committed, to be settled with the next batch. */
  readonly #toSettle = new Map<number, 'processed' | 'failed'>();
  #settleSince = 0;
  #queuedBytes = 0;
  /** Running mean of a mail's bytes, to ask for no more than may wait. */
  #meanBytes = 16 * 1024;
  #highest = 0;
  #lookedAfter = 0;
  #arrivals = new Map<number, Date>();

  constructor(deps: CollectorDeps) {
    this.#deps = deps;
  }

  /** Mails without a committed row. */
  get waiting(): number {
    return this.#open.size + this.#inFlight.size;
  }

  /** Nothing to fetch but what the server does not deliver, nothing in the queue, nothing to settle. */
  get idle(): boolean {
    if (this.#inFlight.size > 0 || this.#toSettle.size > 0) return false;
    for (const uid of this.#open) if (!this.#deps.unreadable.has(uid)) return false;
    return true;
  }

  /**
   * Compares the whole mailbox with what is known; with `thorough`, with Postgres itself. This is what finds a mail again whose
   * job a lost Redis forgot, or whose row a restored database lacks.
   */
  async compare(thorough: boolean): Promise<void> {
    const { mailbox } = this.#deps;
    if (thorough) this.#done.clear();
    const listed = await mailbox.list();
    const there = new Set(listed);
    for (const known of [this.#done, this.#open, this.#suspects, this.#toSettle]) {
      for (const uid of known.keys()) if (!there.has(uid)) known.delete(uid);
    }
    for (const uid of this.#inFlight.keys()) if (!there.has(uid)) this.#land(uid);
    await this.#take(listed);
    const { store, mailboxId, uidValidity, settle } = this.#deps;
    if (thorough && (settle === 'move' || settle === 'delete'))
      await store.markGone(mailboxId, uidValidity, listed, this.#highest);
  }

  /** Takes up what has arrived since the last list. */
  async update(): Promise<void> {
    await this.#take(await this.#deps.mailbox.list(this.#highest));
  }

  /** One step: see what is committed, settle it, look after jobs, fetch and enqueue more. Gives back whether there was anything to do. */
  async step(): Promise<boolean> {
    await this.#deps.lease.check();
    const committed = await this.#seeCommitted();
    const settled = await this.#settle();
    const fetched = await this.#fill();
    await this.#lookAfterJobs();
    return committed + settled + fetched > 0;
  }

  /** Arrival of the oldest mail without a committed row; null when none waits. */
  async oldestWaiting(): Promise<Date | null> {
    let oldest: Date | null = null;
    for (const { receivedAt } of this.#inFlight.values()) if (oldest === null || receivedAt < oldest) oldest = receivedAt;
    const first = this.#open.values().next();
    if (first.done) return oldest;
    // UIDs grow with arrival, so one look at the first is enough.
    const arrival = this.#arrivals.get(first.value) ?? (await this.#deps.mailbox.arrival(first.value));
    if (arrival === null) return oldest;
    this.#arrivals = new Map([[first.value, arrival]]);
    return oldest === null || arrival < oldest ? arrival : oldest;
  }

  async #take(listed: readonly number[]): Promise<void> {
    const fresh: number[] = [];
    for (const uid of listed) {
      if (uid > this.#highest) this.#highest = uid;
      if (!this.#done.has(uid) && !this.#inFlight.has(uid) && !this.#open.has(uid) && !this.#toSettle.has(uid)) fresh.push(uid);
    }
    if (fresh.length === 0) return;
    const rows = await this.#committed(fresh);
    const found = new Set(rows.map((row) => row.uid));
    for (const row of rows) this.#dealWith(row);
    for (const uid of fresh) if (!found.has(uid)) this.#open.add(uid);
  }

  /** Decides what becomes of a committed mail in the mailbox. */
  #dealWith(row: CommittedMail): void {
    const { settle } = this.#deps;
    const failed = row.outcome === 'failed';
    // A mail that is no bounce may be a person's answer: it stays as it is. What is marked already needs no second mark;
    // what should have been moved or deleted but is still there does.
    if (settle === 'keep' || (row.kind === 'other' && !failed) || (settle === 'mark' && row.settled)) this.#done.add(row.uid);
    else {
      if (this.#toSettle.size === 0) this.#settleSince = Date.now();
      this.#toSettle.set(row.uid, failed ? 'failed' : 'processed');
    }
  }

  async #seeCommitted(): Promise<number> {
    if (this.#inFlight.size === 0) return 0;
    const rows = await this.#committed([...this.#inFlight.keys()]);
    for (const row of rows) {
      this.#land(row.uid);
      this.#suspects.delete(row.uid);
      this.#dealWith(row);
    }
    return rows.length;
  }

  async #settle(): Promise<number> {
    const { mailbox, store, mailboxId, uidValidity, lease } = this.#deps;
    if (this.#toSettle.size === 0) return 0;
    const patient = this.#open.size > 0 && this.#toSettle.size < SETTLE_BATCH && Date.now() - this.#settleSince < SETTLE_WAIT_MS;
    if (patient) return 0;
    let count = 0;
    for (const as of ['processed', 'failed'] as const) {
      const uids = [...this.#toSettle].filter(([, how]) => how === as).map(([uid]) => uid);
      if (uids.length === 0) continue;
      await lease.check();
      await mailbox.settle(uids, as);
      await store.markSettled(mailboxId, uidValidity, uids);
      for (const uid of uids) {
        this.#toSettle.delete(uid);
        this.#done.add(uid);
      }
      count += uids.length;
      this.#deps.onSettled?.(uids.length, as);
    }
    return count;
  }

  /** Fetches and enqueues, as much as the queue may hold. */
  async #fill(): Promise<number> {
    const room = await this.#room();
    if (room <= 0) return 0;
    const byBytes = Math.ceil((MAX_QUEUED_BYTES - this.#queuedBytes) / (2 * this.#meanBytes));
    const { unreadable } = this.#deps;
    const uids = firstOf(this.#open, Math.min(room, byBytes, unreadable.atOnce), (uid) => !unreadable.has(uid)).sort(
      (a, b) => a - b,
    );
    if (uids.length === 0) return 0;
    const alone = uids.filter((uid) => this.#suspects.has(uid));
    const together = alone.length === 0 ? uids : uids.filter((uid) => !this.#suspects.has(uid));

    let count = 0;
    let batch: FetchedMail[] = [];
    let bytes = 0;
    const flush = async () => {
      if (batch.length === 0) return;
      await this.#enqueue([this.#batchOf(batch)]);
      count += batch.length;
      batch = [];
      bytes = 0;
    };
    const missing = new Set(uids);
    try {
      for await (const mail of this.#deps.mailbox.fetch(together)) {
        if (batch.length > 0 && (batch.length >= MAILS_PER_JOB || bytes + mail.raw.length > BYTES_PER_JOB)) await flush();
        missing.delete(mail.uid);
        batch.push(mail);
        bytes += mail.raw.length;
        this.#meanBytes += (mail.raw.length - this.#meanBytes) / 64;
        if (this.#queuedBytes + bytes >= MAX_QUEUED_BYTES) break;
      }
      await flush();
      for await (const mail of this.#deps.mailbox.fetch(alone)) {
        missing.delete(mail.uid);
        await this.#enqueue([this.#batchOf([mail])]);
        count++;
      }
    } catch (error) {
      if (error instanceof QueueUnavailableError) throw error;
      await flush(); // what came before the connection broke need not come again
      const left = unreadable.missed([...missing]);
      if (left !== null) this.#deps.onUnreadable?.(left);
      throw error;
    }
    unreadable.delivered();
    return count;
  }

  /** How many more mails the queue may take: own ones are known exactly, those of others are guessed by their jobs. */
  async #room(): Promise<number> {
    if (this.#open.size === 0 || this.#queuedBytes >= MAX_QUEUED_BYTES) return 0;
    const own = this.#deps.highWater - this.#inFlight.size;
    if (own <= 0) return 0;
    const jobs = new Set([...this.#inFlight.values()].map((flight) => flight.jobId)).size;
    const others = Math.max(0, (await this.#deps.queue.backlog()) - jobs);
    return own - others * MAILS_PER_JOB;
  }

  #batchOf(mails: readonly FetchedMail[]): MailBatch {
    const { mailboxId, uidValidity } = this.#deps;
    const giveUp = mails.length === 1 && (this.#suspects.get(mails[0]!.uid) ?? 0) > 1;
    return {
      mailboxId,
      uidValidity,
      mails,
      ...(giveUp ? { giveUp: 'It brought workers down again and again, so it was not read.' } : {}),
    };
  }

  async #enqueue(batches: readonly MailBatch[]): Promise<void> {
    const ids = await this.#deps.queue.add(batches);
    const since = Date.now();
    let count = 0;
    for (const [i, batch] of batches.entries()) {
      for (const mail of batch.mails) {
        this.#open.delete(mail.uid);
        this.#inFlight.set(mail.uid, { jobId: ids[i]!, bytes: mail.raw.length, receivedAt: mail.receivedAt, since });
        this.#queuedBytes += mail.raw.length;
        count++;
      }
    }
    this.#deps.onEnqueued?.(count);
  }

  /** Finds mails whose job is gone although they are not committed, and takes failed jobs apart. */
  async #lookAfterJobs(): Promise<void> {
    const now = Date.now();
    if (now - this.#lookedAfter < LOOK_AFTER_MS) return;
    this.#lookedAfter = now;
    const old = new Set<string>();
    for (const flight of this.#inFlight.values()) {
      if (now - flight.since >= LOOK_AFTER_MS) old.add(flight.jobId);
      if (old.size >= LOOK_AFTER_JOBS) break;
    }
    if (old.size === 0) return;
    const states = await this.#deps.queue.states([...old]);
    // A job may have been done between our two looks: only what has no row now was lost.
    await this.#seeCommitted();
    for (const [jobId, state] of states) {
      if (state === 'live') continue;
      const uids = [...this.#inFlight].filter(([, flight]) => flight.jobId === jobId).map(([uid]) => uid);
      if (uids.length === 0) continue;
      if (state === 'failed') {
        await this.#deps.queue.discard(jobId);
        for (const uid of uids) this.#suspects.set(uid, uids.length > 1 ? 1 : (this.#suspects.get(uid) ?? 0) + 1);
      }
      for (const uid of uids) {
        this.#land(uid);
        this.#open.add(uid);
      }
      this.#deps.onRepeated?.(uids.length, state === 'failed' ? 'failed' : 'lost');
    }
  }

  #land(uid: number): void {
    const flight = this.#inFlight.get(uid);
    if (flight === undefined) return;
    this.#inFlight.delete(uid);
    this.#queuedBytes -= flight.bytes;
  }

  #committed(uids: readonly number[]): Promise<CommittedMail[]> {
    return this.#deps.store.committed(this.#deps.mailboxId, this.#deps.uidValidity, uids);
  }
}

function firstOf(uids: Iterable<number>, count: number, wanted: (uid: number) => boolean): number[] {
  const first: number[] = [];
  for (const uid of uids) {
    if (first.length >= count) break;
    if (wanted(uid)) first.push(uid);
  }
  return first;
}
