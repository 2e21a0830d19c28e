import { readFile } from 'node:fs/promises';
import { connect as tlsConnect } from 'node:tls';
import { ImapFlow } from 'imapflow';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { identityOf } from '../../src/embedded/process.ts';
import { type DovecotServer, startDovecot } from '../support/dovecot.ts';
import { startTcpProxy } from '../support/tcp-proxy.ts';
import { waitFor } from '../support/wait-for.ts';

let dovecot: DovecotServer;
beforeAll(async () => {
  dovecot = await startDovecot({ tls: true });
});
afterAll(() => dovecot.stop());

const mail = (subject: string) => `Subject: ${subject}\r\n\r\nbody\r\n`;

it('appends mails in order with date and flags, and gives back the very bytes', async () => {
  const date = new Date('2021-02-03T04:05:06Z');
  const uids = await dovecot.append('Archive', [mail('one'), Buffer.from([0x61, 0x3a, 0x20, 0xff, 0x0d, 0x0a, 0x0d, 0x0a])], {
    date,
    flags: ['\\Seen'],
    user: 'bytes',
  });
  expect(await dovecot.list('Archive', 'bytes')).toEqual(uids.map((uid) => ({ uid, flags: ['\\Seen'] })));
  expect(await dovecot.read('Archive', uids[1]!, 'bytes')).toEqual(Buffer.from([0x61, 0x3a, 0x20, 0xff, 0x0d, 0x0a, 0x0d, 0x0a]));
  const client = await dovecot.connect('bytes');
  await client.mailboxOpen('Archive');
  const found = await client.fetchOne(String(uids[0]), { internalDate: true }, { uid: true });
  expect(found).toMatchObject({ internalDate: date });
  await client.logout();
});

it('says that a folder which is not there holds nothing', async () => {
  expect(await dovecot.list('Nowhere', 'nobody-yet')).toEqual([]);
});

it('sees mails put into the Maildir by a delivery agent', async () => {
  await dovecot.deliver(
    Array.from({ length: 300 }, (_, n) => mail(String(n))),
    { user: 'many' },
  );
  expect(await dovecot.list('INBOX', 'many')).toHaveLength(300);
});

it('refuses a wrong password quickly, time after time', async () => {
  const started = performance.now();
  for (let n = 0; n < 5; n++) {
    const client = new ImapFlow({
      host: dovecot.host,
      port: dovecot.port,
      secure: false,
      tls: { rejectUnauthorized: false },
      auth: { user: 'x', pass: 'wrong' },
      logger: false,
    });
    client.on('error', () => undefined);
    await expect(client.connect()).rejects.toMatchObject({ authenticationFailed: true });
  }
  expect(performance.now() - started).toBeLessThan(5000);
});

it('offers TLS with its own certificate', async () => {
  const socket = tlsConnect({
    host: '127.0.0.1',
    port: dovecot.tlsPort,
    ca: await readFile(dovecot.certificate),
    servername: 'localhost',
  });
  onTestFinished(() => void socket.destroy());
  const greeting = await new Promise<string>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('data', (data) => resolve(data.toString()));
  });
  expect(greeting).toMatch(/^\* OK/);
});

it('kicks the sessions that are open', async () => {
  const client = await dovecot.connect('kicked');
  let closed = false;
  client.on('close', () => {
    closed = true;
  });
  expect(await dovecot.kick('kicked')).toBe(true);
  await waitFor(() => closed);
  await waitFor(async () => !(await dovecot.kick('kicked')), 5000, 'nobody is left to kick');
});

it('brings the same mails back under a new UIDVALIDITY', async () => {
  await dovecot.append('INBOX', [mail('a'), mail('b')], { user: 'renumbered' });
  const seen = new Set<string>();
  for (let n = 0; n < 3; n++) {
    const client = await dovecot.connect('renumbered');
    const box = await client.mailboxOpen('INBOX');
    seen.add(String(box.uidValidity));
    expect(box.exists).toBe(2);
    await client.logout();
    await dovecot.resetUidValidity('INBOX', 'renumbered');
  }
  expect(seen.size).toBe(3);
});

it('has its mails after kill -9 and restart on the same port', async () => {
  await dovecot.append('INBOX', [mail('kept')], { user: 'crashed' });
  const before = dovecot.pid;
  await dovecot.kill9();
  expect(identityOf(before)).toBeNull();
  await expect(dovecot.connect('crashed')).rejects.toThrow();
  await dovecot.restart();
  expect(await dovecot.list('INBOX', 'crashed')).toHaveLength(1);
});

it('can be reached through a relay that cuts and stalls connections', async () => {
  const proxy = await startTcpProxy(dovecot.port);
  onTestFinished(() => proxy.stop());
  const client = new ImapFlow({
    host: '127.0.0.1',
    port: proxy.port,
    secure: false,
    tls: { rejectUnauthorized: false },
    auth: { user: 'far', pass: dovecot.password },
    logger: false,
  });
  let closed = false;
  client.on('error', () => undefined);
  client.on('close', () => {
    closed = true;
  });
  await client.connect();
  proxy.stall();
  let answered = false;
  const answer = client.noop().then(() => {
    answered = true;
  });
  expect(answered).toBe(false);
  proxy.resume();
  await answer;
  expect(proxy.cut()).toBe(1);
  await waitFor(() => closed);
});
