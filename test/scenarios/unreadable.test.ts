import { afterAll, beforeAll, expect, it } from 'vitest';
import { readConfig } from '../../src/config.ts';
import { MailboxUnreachableError } from '../../src/errors.ts';
import { ImapMailbox } from '../../src/mailbox/imap.ts';
import { pollMailbox } from '../../src/pipeline/poll.ts';
import { openProducer } from '../../src/queue/producer.ts';
import { freshDatabase } from '../support/database.ts';
import { type DovecotServer, password, startDovecot } from '../support/dovecot.ts';
import { report, sql, startPipeline } from '../support/pipeline.ts';

let dovecot: DovecotServer;
beforeAll(async () => {
  dovecot = await startDovecot();
});
afterAll(() => dovecot.stop());

/** A server that cannot read one of its files ends the connection whenever that mail is asked for. */
class DamagedMailbox extends ImapMailbox {
  static readonly damaged = 71;
  override async *fetch(uids: readonly number[]) {
    for await (const mail of super.fetch(uids)) {
      if (mail.uid === DamagedMailbox.damaged) {
        await this.close();
        throw new MailboxUnreachableError('the server ended the connection');
      }
      yield mail;
    }
  }
}

it('deals with all mails around one that the server does not deliver, tells of it, and comes to an end', async () => {
  const options = { dovecot, user: 'damaged', databaseUrl: await freshDatabase() };
  const worker = await startPipeline({ ...options, poller: false });
  const { mailboxes, databaseUrl } = readConfig({
    DATABASE_URL: options.databaseUrl,
    IMAP_HOST: '127.0.0.1',
    IMAP_PORT: String(dovecot.port),
    IMAP_SECURITY: 'none',
    IMAP_USER: options.user,
    IMAP_PASSWORD: password,
    SETTLE: 'move',
  });
  const queue = openProducer({ redisUrl: null, databaseUrl });
  try {
    await dovecot.deliver(
      Array.from({ length: 120 }, (_, i) => report([`around${i}@example.org`])),
      { user: options.user },
    );
    const unreadable: number[] = [];
    await pollMailbox({
      mailboxId: await worker.store.registerMailbox(mailboxes[0]!),
      settle: 'move',
      highWater: 4000,
      pollIntervalSeconds: 60,
      store: worker.store,
      queue,
      connect: () => new DamagedMailbox(mailboxes[0]!),
      signal: new AbortController().signal,
      drain: true,
      events: { unreadable: (uid) => unreadable.push(uid) },
    });
    expect(unreadable).toEqual([DamagedMailbox.damaged]);
    expect((await dovecot.list('INBOX', options.user)).map((mail) => mail.uid)).toEqual([DamagedMailbox.damaged]);
    expect(await sql(databaseUrl, 'SELECT count(*)::int AS n FROM messages')).toEqual([{ n: 119 }]);
    const [state] = await sql<{ waiting: number; last_error: string }>(
      databaseUrl,
      'SELECT waiting, last_error FROM report.pipeline',
    );
    expect(state).toMatchObject({ waiting: 1, last_error: expect.stringMatching(/does not deliver 1 of the mails \(UID 71\)/) });
  } finally {
    await queue.close();
    await worker.stop();
  }
}, 60_000);
