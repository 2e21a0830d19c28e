import { once } from 'node:events';
import type { AddressInfo, Socket } from 'node:net';
import { type HoodiecrowFolder, loadHoodiecrow } from './hoodiecrow.ts';
import { repairs, uidValidity } from './imap-repairs.ts';
import type { SampleMail } from './samples.ts';

const HOST = '127.0.0.1';
const USER = 'demo';
const PASSWORD = 'demo';

/** Folders beside the INBOX. */
const FOLDERS: Readonly<Record<string, HoodiecrowFolder>> = {
  Processed: {},
  Failed: {},
  Sent: { 'special-use': '\\Sent' },
  Trash: { 'special-use': '\\Trash' },
};

/** A running IMAP server with one account, in memory and on the loopback interface alone. */
export interface SampleMailbox {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  /** Ends all connections and the server. */
  close(): Promise<void>;
}

/**
 * Serves `mails` in the INBOX of an IMAP server at a free port. Mails may be added while it runs (APPEND). Throws
 * SampleMailboxMissingError where hoodiecrow-imap is not installed.
 */
export async function serveMailbox(mails: readonly SampleMail[]): Promise<SampleMailbox> {
  const hoodiecrow = loadHoodiecrow();
  const server = hoodiecrow({
    // Seconds since 1970: another value each start (RFC 9051 §2.3.1.1).
    plugins: [
      'ID',
      'LITERALPLUS',
      'MOVE',
      'NAMESPACE',
      'SPECIAL-USE',
      'UIDPLUS',
      'UNSELECT',
      ...repairs,
      uidValidity(epochSeconds()),
    ],
    users: { [USER]: { password: PASSWORD } },
    id: { name: 'rebound demo' },
    storage: {
      INBOX: { messages: mails.map(({ raw, arrivedAt }) => ({ raw: raw.toString('latin1'), internaldate: arrivedAt })) },
      '': { separator: '/', folders: structuredClone(FOLDERS) },
    },
  });

  const sockets = new Set<Socket>();
  server.server.on('connection', (socket: Socket) => {
    socket.setNoDelay(true); // answers are written in small pieces; each would wait for the client's delayed ACK
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(0, HOST);
  await once(server.server, 'listening');

  return {
    host: HOST,
    port: (server.server.address() as AddressInfo).port,
    user: USER,
    password: PASSWORD,
    async close() {
      if (!server.server.listening) return;
      const closed = once(server.server, 'close');
      server.server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

function epochSeconds(): number {
  return Math.floor(Date.now() / 1000);
}
