import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MailboxConfig } from '../../src/config.ts';
import { MailboxFolderError, MailboxLoginError, MailboxUnreachableError } from '../../src/errors.ts';
import { MAX_MAIL_BYTES } from '../../src/limits.ts';
import { ImapMailbox } from '../../src/mailbox/imap.ts';
import type { FetchedMail } from '../../src/pipeline/ports.ts';
import { type DovecotServer, defaultUser, password, startDovecot } from '../support/dovecot.ts';

let server: DovecotServer;
const open: ImapMailbox[] = [];

beforeAll(async () => {
  server = await startDovecot();
});
afterAll(() => server.stop());
afterEach(async () => {
  for (const mailbox of open.splice(0)) await mailbox.close();
});

let users = 0;
/** Each test has an account of its own. */
const newUser = () => `${defaultUser}${++users}`;

function mailboxOf(user: string, settings: Partial<MailboxConfig> = {}): ImapMailbox {
  const mailbox = new ImapMailbox(configOf(user, settings));
  open.push(mailbox);
  return mailbox;
}

function configOf(user: string, settings: Partial<MailboxConfig> = {}): MailboxConfig {
  return {
    name: user,
    host: '127.0.0.1',
    port: server.port,
    security: 'none',
    user,
    password,
    folder: 'INBOX',
    settle: 'mark',
    processedFolder: 'Processed',
    failedFolder: 'Failed',
    ...settings,
  };
}

const mail = (n: number) => `Subject: mail ${n}\r\n\r\nnumber ${n}\r\n`;
const mails = (count: number) => Array.from({ length: count }, (_, i) => mail(i));

async function all(mailbox: ImapMailbox, uids: readonly number[]): Promise<FetchedMail[]> {
  const fetched: FetchedMail[] = [];
  for await (const one of mailbox.fetch(uids)) fetched.push(one);
  return fetched;
}

describe('fetching', () => {
  it('gives the bytes, the size and the time of arrival, and leaves the mails unseen', async () => {
    const user = newUser();
    const date = new Date('2026-03-01T12:00:00Z');
    const uids = await server.append('INBOX', mails(3), { date, user });
    const mailbox = mailboxOf(user);
    await mailbox.open();
    expect(await mailbox.list()).toEqual(uids);
    const fetched = await all(mailbox, uids);
    expect(fetched.map((one) => Buffer.from(one.raw).toString())).toEqual(mails(3));
    expect(fetched.map((one) => one.receivedAt.getTime())).toEqual([date.getTime(), date.getTime(), date.getTime()]);
    expect(fetched.map((one) => one.size)).toEqual(mails(3).map((one) => one.length));
    expect((await server.list('INBOX', user)).map((one) => one.flags.filter((flag) => flag !== '\\Recent'))).toEqual([
      [],
      [],
      [],
    ]);
  });

  it('lists only what came after a UID, also when nothing did', async () => {
    const user = newUser();
    const uids = await server.append('INBOX', mails(3), { user });
    const mailbox = mailboxOf(user);
    await mailbox.open();
    expect(await mailbox.list(uids[0])).toEqual(uids.slice(1));
    expect(await mailbox.list(uids[2])).toEqual([]);
  });

  it('gives the first bytes of a mail that is too large, and its full size', async () => {
    const user = newUser();
    const large = `Subject: large\r\n\r\n${'x'.repeat(78)}\r\n`.padEnd(MAX_MAIL_BYTES + 5000, 'y');
    const uids = await server.append('INBOX', [large], { user });
    const mailbox = mailboxOf(user);
    await mailbox.open();
    const [one] = await all(mailbox, uids);
    expect(one!.raw.length).toBe(MAX_MAIL_BYTES);
    expect(one!.size).toBeGreaterThanOrEqual(MAX_MAIL_BYTES + 5000);
  });

  it('passes over mails that have vanished', async () => {
    const user = newUser();
    const uids = await server.append('INBOX', mails(2), { user });
    const mailbox = mailboxOf(user);
    await mailbox.open();
    expect(await all(mailbox, [...uids, 4711])).toHaveLength(2);
    expect(await mailbox.arrival(4711)).toBeNull();
  });

  it('wakes when mail arrives', async () => {
    const user = newUser();
    await server.append('INBOX', mails(1), { user });
    const mailbox = mailboxOf(user);
    await mailbox.open();
    const [first] = await mailbox.list();
    const began = Date.now();
    const waiting = mailbox.waitForMail(20_000, new AbortController().signal);
    await server.append('INBOX', mails(1), { user });
    await waiting;
    expect(Date.now() - began).toBeLessThan(10_000);
    expect(await mailbox.list(first)).toHaveLength(1);
  });

  it('does not wait when it was told to stop just before, or while it waits', async () => {
    const mailbox = mailboxOf(newUser());
    await mailbox.open();
    const began = Date.now();
    await mailbox.waitForMail(20_000, AbortSignal.abort());
    await mailbox.waitForMail(20_000, AbortSignal.timeout(50));
    expect(Date.now() - began).toBeLessThan(10_000);
  });
});

describe('settling', () => {
  async function settled(settle: MailboxConfig['settle']) {
    const user = newUser();
    const uids = await server.append('INBOX', mails(4), { user });
    const mailbox = mailboxOf(user, { settle });
    await mailbox.open();
    await mailbox.list();
    await mailbox.settle([uids[2]!, uids[0]!], 'processed');
    await mailbox.settle([uids[1]!], 'failed');
    const flags = new Map(
      (await server.list('INBOX', user)).map((one) => [one.uid, one.flags.filter((flag) => flag !== '\\Recent')]),
    );
    return { uids, flags, processed: await server.list('Processed', user), failed: await server.list('Failed', user) };
  }

  it('marks in place: seen and a keyword of ours; a failed mail is flagged for a person', async () => {
    const { uids, flags, processed } = await settled('mark');
    expect(uids.map((uid) => flags.get(uid)?.sort())).toEqual([
      ['$ReboundProcessed', '\\Seen'],
      ['$ReboundFailed', '\\Flagged'],
      ['$ReboundProcessed', '\\Seen'],
      [],
    ]);
    expect(processed).toEqual([]);
  });

  it('moves, and makes the folders', async () => {
    const { uids, flags, processed, failed } = await settled('move');
    expect([...flags.keys()]).toEqual([uids[3]]);
    expect([processed.length, failed.length]).toEqual([2, 1]);
  });

  it('deletes what is processed, but keeps what failed in its folder', async () => {
    const { uids, flags, processed, failed } = await settled('delete');
    expect([...flags.keys()]).toEqual([uids[3]]);
    expect([processed.length, failed.length]).toEqual([0, 1]);
  });

  it('keeps everything as it was', async () => {
    const { uids, flags } = await settled('keep');
    expect(uids.map((uid) => flags.get(uid))).toEqual([[], [], [], []]);
  });

  it('does not mind mails that are gone', async () => {
    const user = newUser();
    const uids = await server.append('INBOX', mails(1), { user });
    const mailbox = mailboxOf(user, { settle: 'move' });
    await mailbox.open();
    await mailbox.settle([...uids, 4711], 'processed');
    await mailbox.settle(uids, 'processed');
    expect(await server.list('Processed', user)).toHaveLength(1);
  });

  it('settles a thousand mails', async () => {
    const user = newUser();
    await server.deliver(mails(1000), { user });
    const mailbox = mailboxOf(user, { settle: 'move' });
    await mailbox.open();
    const uids = await mailbox.list();
    expect(uids).toHaveLength(1000);
    await mailbox.settle(uids, 'processed');
    expect(await mailbox.list()).toEqual([]);
    expect(await server.list('Processed', user)).toHaveLength(1000);
  });
});

describe('trouble', () => {
  it('names the setting: wrong password', async () => {
    const failing = mailboxOf(newUser(), { password: 'wrong' }).open();
    await expect(failing).rejects.toThrow(MailboxLoginError);
    await expect(failing).rejects.toThrow(/refused the login.*IMAP_PASSWORD/);
  });

  it('names the setting: closed port, unknown host', async () => {
    await expect(mailboxOf(newUser(), { port: 1 }).open()).rejects.toThrow(/Nothing listens.*IMAP_PORT/);
    await expect(mailboxOf(newUser(), { host: 'no-such-host.invalid' }).open()).rejects.toThrow(/IMAP_HOST/);
  });

  it('names the setting: unknown folder', async () => {
    const failing = mailboxOf(newUser(), { folder: 'Nowhere' }).open();
    await expect(failing).rejects.toThrow(MailboxFolderError);
    await expect(failing).rejects.toThrow(/Nowhere.*IMAP_FOLDER/);
  });

  it('never goes on in clear text where starttls is demanded', async () => {
    await expect(mailboxOf(newUser(), { security: 'starttls' }).open()).rejects.toThrow(/IMAP_SECURITY|STARTTLS/);
  });

  it('says that the connection is gone when the server ends it', async () => {
    const user = newUser();
    const uids = await server.append('INBOX', mails(1), { user });
    const mailbox = mailboxOf(user);
    await mailbox.open();
    await server.kick(user);
    await expect(
      (async () => {
        for (;;) await all(mailbox, uids);
      })(),
    ).rejects.toThrow(MailboxUnreachableError);
  });
});
