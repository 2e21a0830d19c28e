import type { Config, MailboxConfig } from '../src/config.ts';
import { describeError } from '../src/errors.ts';
import type { Logger } from '../src/log.ts';
import { ImapMailbox } from '../src/mailbox/imap.ts';
import { type PollEvents, pollMailbox } from '../src/pipeline/poll.ts';
import type { CommitResult, ProcessedMail } from '../src/pipeline/ports.ts';
import { processBatch } from '../src/pipeline/process.ts';
import { backendName } from '../src/queue/backend.ts';
import { consume } from '../src/queue/consumer.ts';
import { openProducer } from '../src/queue/producer.ts';
import type { Service } from '../src/service.ts';
import { openStore, type Store } from '../src/store/index.ts';
import { migrate } from '../src/store/migrate.ts';
import { presets } from '../src/suppression/presets.ts';

/** Old raw mail is dropped this often. */
const RETENTION_MS = 3_600_000;

/** What onlookers (the demo, the bench) may want to hear beside the log. */
export interface Hooks {
  readonly onCommitted?: (result: CommitResult, mails: readonly ProcessedMail[]) => void;
  readonly poll?: PollEvents;
}

/** Brings the schema up to date and opens the database. */
export async function openDatabase(config: Config, service: Service, log: Logger): Promise<Store> {
  await migrate(config.databaseUrl, (name) => log.info({ event: 'migrated', migration: name }, `applied migration ${name}`));
  const store = await openStore(config.databaseUrl, {
    rules: presets[config.suppressionPreset],
    keepRaw: config.rawRetentionDays > 0,
    connections: config.workerConcurrency + 4,
  });
  service.onStop(() => store.close());
  return store;
}

/** Starts taking jobs from the queue. */
export function startProcessor(config: Config, store: Store, service: Service, parent: Logger, hooks: Hooks = {}): void {
  const log = parent.child({ component: 'worker' });
  const away = tellOnce((error) =>
    log.warn({ event: 'database_away', err: describeError(error) }, `waiting for the database: ${describeError(error)}`),
  );
  const consumer = consume(
    config,
    (batch, attempt) =>
      processBatch(batch, attempt, {
        store,
        analyze: { senderDomains: config.senderDomains, returnPathKeys: config.returnPathKeys },
        signal: service.signal,
        onCommitted(result, mails) {
          away.reset();
          log.info({ event: 'committed', ...result }, `committed ${count(mails.length)}`);
          hooks.onCommitted?.(result, mails);
        },
        onWait: away.tell,
      }),
    {
      concurrency: config.workerConcurrency,
      onFailure: (error, attempt) =>
        log.error({ event: 'job_failed', attempt, err: describeError(error) }, `a job failed: ${describeError(error)}`),
      onTrouble: (error) =>
        log.warn({ event: 'queue_trouble', err: describeError(error) }, `trouble with the queue: ${describeError(error)}`),
    },
  );
  service.onStop(() => consumer.close());

  const dropOldRaw = () =>
    store.dropOldRaw(config.rawRetentionDays).then(
      (mails) =>
        mails > 0 &&
        log.info({ event: 'raw_dropped', mails }, `dropped ${mails} raw mails older than ${config.rawRetentionDays} days`),
      (error) => log.warn({ event: 'retention_failed', err: describeError(error) }, describeError(error)),
    );
  const timer = setInterval(dropOldRaw, RETENTION_MS);
  service.onStop(() => clearInterval(timer));
  void dropOldRaw();
  log.info({ event: 'worker_started', queue: backendName(config) }, `worker started, queue in ${backendName(config)}`);
}

/**
 * Starts polling every configured mailbox. The promise given back settles when all polling has ended: by a signal, by `drain`,
 * or by trouble at the very start, which rejects it.
 */
export async function startPollers(
  config: Config,
  store: Store,
  service: Service,
  parent: Logger,
  options: { readonly drain?: boolean } & Hooks = {},
): Promise<{ ended: Promise<void> }> {
  const queue = openProducer(config);
  service.onStop(() => queue.close());
  await queue.check();
  const polls = config.mailboxes.map((mailbox) => pollOne(mailbox, config, store, service, queue, parent, options));
  const ended = Promise.all(polls).then(() => {});
  ended.catch(() => {}); // told by whoever awaits it
  // Runs before the queue and the store are closed: a round under way is finished first.
  service.onStop(() => ended.catch(() => {}));
  return { ended };
}

async function pollOne(
  mailbox: MailboxConfig,
  config: Config,
  store: Store,
  service: Service,
  queue: ReturnType<typeof openProducer>,
  parent: Logger,
  options: { readonly drain?: boolean } & Hooks,
): Promise<void> {
  const log = parent.child({ component: 'poller', mailbox: mailbox.name });
  const mailboxId = await store.registerMailbox(mailbox);
  const heard = options.poll ?? {};
  await pollMailbox({
    mailboxId,
    settle: mailbox.settle,
    highWater: config.queueHighWater,
    pollIntervalSeconds: config.pollIntervalSeconds,
    store,
    queue,
    connect: () => new ImapMailbox(mailbox),
    signal: service.signal,
    failFast: true,
    ...(options.drain === undefined ? {} : { drain: options.drain }),
    events: {
      ...heard,
      standingBy() {
        log.info({ event: 'standing_by' }, 'another poller has this mailbox; standing by');
        heard.standingBy?.();
      },
      connected() {
        log.info(
          { event: 'connected', host: mailbox.host, folder: mailbox.folder, settle: mailbox.settle },
          `connected to ${mailbox.host}, folder ${mailbox.folder}`,
        );
        heard.connected?.();
      },
      enqueued(mails) {
        log.debug({ event: 'enqueued', mails }, `enqueued ${count(mails)}`);
        heard.enqueued?.(mails);
      },
      settled(mails, as) {
        log.info({ event: 'settled', mails, as, how: mailbox.settle }, `settled ${count(mails)} (${mailbox.settle})`);
        heard.settled?.(mails, as);
      },
      unreadable(uid) {
        log.error(
          { event: 'unreadable', uid },
          `the server does not deliver the mail with UID ${uid}; it is left where it is and tried again later`,
        );
        heard.unreadable?.(uid);
      },
      repeated(mails, why) {
        log.warn({ event: 'repeated', mails, why }, `${count(mails)} back into the queue: the job was ${why}`);
        heard.repeated?.(mails, why);
      },
      trouble(error, waitMs) {
        const err = describeError(error);
        log.warn({ event: 'trouble', err, waitMs }, `${err} Trying again in ${(waitMs / 1000).toFixed(1)} s.`);
        heard.trouble?.(error, waitMs);
      },
    },
  });
}

const count = (mails: number) => (mails === 1 ? '1 mail' : `${mails} mails`);

function tellOnce(tell: (error: Error) => void): { tell(error: Error): void; reset(): void } {
  let told = '';
  return {
    tell(error) {
      if (error.message !== told) tell(error);
      told = error.message;
    },
    reset() {
      told = '';
    },
  };
}
