// A poller that does it the obvious, wrong way: it settles a mail as soon as the queue has taken it. All of it is the product's
// own code but for one lie: what was put into the queue is called committed. The harness has to find the mails that this loses.
import { readConfig } from '../../src/config.ts';
import { openLog } from '../../src/log.ts';
import { ImapMailbox } from '../../src/mailbox/imap.ts';
import { pollMailbox } from '../../src/pipeline/poll.ts';
import type { CommittedMail, QueuePort } from '../../src/pipeline/ports.ts';
import { openProducer } from '../../src/queue/producer.ts';
import { runService } from '../../src/service.ts';
import { openDatabase } from '../../workers/parts.ts';

const config = readConfig(process.env);
const log = openLog(config);
await runService(log, async (service) => {
  const store = await openDatabase(config, service, log);
  const producer = openProducer(config);
  service.onStop(() => producer.close());
  const mailbox = config.mailboxes[0]!;
  const mailboxId = await store.registerMailbox(mailbox);
  const enqueued = new Set<string>();
  const queue: QueuePort = {
    states: producer.states,
    discard: producer.discard,
    backlog: producer.backlog,
    async add(batches) {
      const ids = await producer.add(batches);
      for (const { uidValidity, mails } of batches) for (const { uid } of mails) enqueued.add(`${uidValidity}/${uid}`);
      return ids;
    },
  };
  await pollMailbox({
    mailboxId,
    settle: mailbox.settle,
    highWater: config.queueHighWater,
    pollIntervalSeconds: config.pollIntervalSeconds,
    store: {
      takeLease: store.takeLease,
      markSettled: store.markSettled,
      markGone: store.markGone,
      saveRound: store.saveRound,
      async committed(id, uidValidity, uids) {
        const known = await store.committed(id, uidValidity, uids);
        const seen = new Set(known.map(({ uid }) => uid));
        const pretended = uids.filter((uid) => !seen.has(uid) && enqueued.has(`${uidValidity}/${uid}`));
        return [...known, ...pretended.map((uid): CommittedMail => ({ uid, kind: 'bounce', outcome: 'stored', settled: false }))];
      },
    },
    queue,
    connect: () => new ImapMailbox(mailbox),
    signal: service.signal,
    events: {
      connected: () => log.info({ event: 'connected' }, 'connected'),
      trouble: (error, waitMs) => log.warn({ event: 'trouble', waitMs }, error.message),
      standingBy: () => log.info({ event: 'standing_by' }, 'standing by'),
    },
  });
});
