import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ImapFlow } from 'imapflow';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { MailboxConfig } from '../../src/config.ts';
import { appendCommand } from '../../src/demo/append-command.ts';
import { type SampleMailbox, serveMailbox } from '../../src/demo/mailbox.ts';
import { readSamples } from '../../src/demo/samples.ts';
import { MailboxLoginError } from '../../src/errors.ts';
import { ImapMailbox } from '../../src/mailbox/imap.ts';
import type { FetchedMail } from '../../src/pipeline/ports.ts';
import { waitFor } from '../support/wait-for.ts';

const mails = readSamples();
let server: SampleMailbox;
beforeAll(async () => {
  server = await serveMailbox(mails);
});
afterAll(() => server.close());

const clients: { close(): void | Promise<void> }[] = [];
afterEach(async () => {
  for (const client of clients.splice(0)) await client.close();
});

/** A client as such, for what the poller does not do. */
async function connect(folder = 'INBOX'): Promise<ImapFlow> {
  const { host, port, user, password } = server;
  const client = new ImapFlow({
    host,
    port,
    secure: false,
    auth: { user, pass: password },
    logger: false,
    disableAutoIdle: true,
  });
  client.on('error', () => {});
  await client.connect();
  clients.push(client);
  await client.mailboxOpen(folder);
  return client;
}

/** The client that the poller uses. */
function poller(settings: Partial<MailboxConfig> = {}): ImapMailbox {
  const { host, port, user, password } = server;
  const mailbox = new ImapMailbox({
    name: 'demo',
    host,
    port,
    security: 'none',
    user,
    password,
    folder: 'INBOX',
    settle: 'move',
    processedFolder: 'Processed',
    failedFolder: 'Failed',
    ...settings,
  });
  clients.push(mailbox);
  return mailbox;
}

async function uidsIn(folder: string): Promise<number[]> {
  const client = await connect(folder);
  return (await client.search({ all: true }, { uid: true })) || [];
}

describe('the sample mailbox', () => {
  it('gives every sample with its own bytes, size and time of arrival, many in one FETCH of the first n bytes', async () => {
    const mailbox = poller();
    await mailbox.open();
    const fetched: FetchedMail[] = [];
    for await (const mail of mailbox.fetch(await mailbox.list())) fetched.push(mail);
    expect(fetched).toHaveLength(mails.length);
    for (const [i, mail] of fetched.entries()) {
      expect(Buffer.from(mail.raw).equals(mails[i]!.raw), mails[i]!.sample.file).toBe(true);
      expect(mail.size).toBe(mails[i]!.raw.length);
      expect(Math.abs(mail.receivedAt.getTime() - mails[i]!.arrivedAt.getTime())).toBeLessThan(1000);
    }
  });

  it('cuts each mail at the bound asked for, and no mail before it', async () => {
    const client = await connect();
    const cut = await client.fetchAll('1:5', { source: { start: 0, maxLength: 700 } });
    expect(cut.map((mail) => mail.source?.toString('latin1'))).toEqual(
      mails.slice(0, 5).map(({ raw }) => raw.toString('latin1', 0, 700)),
    );
  });

  it('lists its folders', async () => {
    const folders = (await (await connect()).list()).map((folder) => folder.path);
    expect(folders.sort()).toEqual(['Failed', 'INBOX', 'Processed', 'Sent', 'Trash']);
  });

  it('has another UIDVALIDITY than 1, so that a kept database does not take new mails for known ones', async () => {
    const before = Math.floor(Date.now() / 1000);
    const other = await serveMailbox([]);
    await other.close();
    const { uidValidity } = await poller().open();
    expect(Number(uidValidity)).toBeGreaterThan(before - 3600);
    const client = await connect();
    await client.mailboxCreate('Made by a client');
    const made = await client.status('Made by a client', { uidValidity: true });
    expect(made).toMatchObject({ uidValidity });
    await client.mailboxDelete('Made by a client');
  });

  it('keeps flags and keywords, as SETTLE=mark sets them', async () => {
    const mailbox = poller({ settle: 'mark' });
    await mailbox.open();
    await mailbox.settle([1, 2], 'processed');
    const marked = await (await connect()).fetchAll('1:3', { flags: true }, { uid: true });
    expect(marked.map((mail) => [...mail.flags!].sort())).toEqual([
      ['$ReboundProcessed', '\\Seen'],
      ['$ReboundProcessed', '\\Seen'],
      [],
    ]);
  });

  it('moves mails, tells others of it, and takes no offence at UIDs that are gone', async () => {
    const watcher = await connect();
    let there = mails.length;
    watcher.on('expunge', () => there--);
    watcher.idle().catch(() => {});
    const mailbox = poller();
    await mailbox.open();
    await mailbox.settle([4, 5], 'processed');
    await mailbox.settle([4, 5, 6], 'processed');
    await mailbox.settle([7], 'failed');
    await waitFor(() => there === mails.length - 4);
    expect(await mailbox.list(3)).toEqual(Array.from({ length: mails.length - 7 }, (_, i) => i + 8));
    expect(await uidsIn('Processed')).toHaveLength(3);
    expect(await uidsIn('Failed')).toHaveLength(1);
  });

  it('removes single mails (UID EXPUNGE), as SETTLE=delete does', async () => {
    const mailbox = poller({ settle: 'delete' });
    await mailbox.open();
    await mailbox.settle([8], 'processed');
    expect(await mailbox.list()).not.toContain(8);
    expect(await mailbox.list()).toContain(9);
  });

  it('wakes a waiting poller when another client appends a mail', async () => {
    const mailbox = poller();
    await mailbox.open();
    const highest = (await mailbox.list()).at(-1)!;
    const woken = mailbox.waitForMail(20_000, AbortSignal.timeout(20_000));
    const date = new Date('2026-02-03T04:05:06Z');
    const appended = await (await connect('Sent')).append('INBOX', mails[0]!.raw, [], date);
    await woken;
    expect(mailbox.arrived).toBe(true);
    const uids = await mailbox.list(highest);
    expect(uids).toHaveLength(1);
    expect(appended).toMatchObject({ uid: uids[0] });
    for await (const mail of mailbox.fetch(uids)) expect(mail.receivedAt).toEqual(date);
  });

  it('takes a mail by the very curl command that the demo prints', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rebound-demo-'));
    try {
      await writeFile(join(folder, 'my.eml'), 'Subject: by curl\n\nThe line ends of a file on disk.\n');
      const mailbox = poller();
      await mailbox.open();
      const highest = (await mailbox.list()).at(-1)!;
      await promisify(execFile)('sh', ['-c', appendCommand(server, 'my.eml')], { cwd: folder });
      const [uid] = await mailbox.list(highest);
      for await (const mail of mailbox.fetch([uid!])) expect(Buffer.from(mail.raw).toString()).toContain('Subject: by curl');
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  it('goes on answering a client that gives commands after IDLE', async () => {
    const client = await connect();
    for (let round = 0; round < 3; round++) {
      client.idle().catch(() => {});
      expect(await client.noop()).not.toBe(false);
    }
  });

  it('refuses a wrong password', async () => {
    const { host, port, user } = server;
    const mailbox = new ImapMailbox({
      name: 'demo',
      host,
      port,
      security: 'none',
      user,
      password: 'wrong',
      folder: 'INBOX',
      settle: 'keep',
      processedFolder: 'Processed',
      failedFolder: 'Failed',
    });
    clients.push(mailbox);
    await expect(mailbox.open()).rejects.toThrow(MailboxLoginError);
  });

  it('closes at once although clients are connected and idle, and may be closed twice', async () => {
    const other = await serveMailbox(mails.slice(0, 3));
    const client = new ImapFlow({
      host: other.host,
      port: other.port,
      secure: false,
      auth: { user: other.user, pass: other.password },
      logger: false,
    });
    client.on('error', () => {});
    const gone = new Promise((resolve) => client.on('close', () => resolve('gone')));
    await client.connect();
    await client.mailboxOpen('INBOX');
    client.idle().catch(() => {});
    await other.close();
    await other.close();
    await expect(gone).resolves.toBe('gone');
  });
});
