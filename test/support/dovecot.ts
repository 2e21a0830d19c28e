import { execFile, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { chown, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ImapFlow } from 'imapflow';
import { type Account, serverAccount } from '../../src/embedded/account.ts';
import { startDaemon } from './daemon.ts';
import { deliverToMaildir } from './maildir.ts';
import { findOrInstall } from './servers.ts';

const run = promisify(execFile);

/** Every user name logs in with this password and gets a mailbox of its own. */
export const password = 'secret';
/** The user that the helpers mean when none is named. */
export const defaultUser = 'bounces';

export interface DovecotOptions {
  /** Also offer TLS: STARTTLS on `port`, implicit TLS on `tlsPort`, with a certificate that signs itself. */
  tls?: boolean;
  /** Further lines of dovecot.conf. */
  settings?: string;
}

export interface AppendOptions {
  /** INTERNALDATE. */
  date?: Date;
  flags?: string[];
  user?: string;
}

export interface DovecotServer {
  host: string;
  port: number;
  /** Port of implicit TLS; 0 without `tls`. */
  tlsPort: number;
  /** Path of the certificate; empty without `tls`. */
  certificate: string;
  user: string;
  password: string;
  readonly pid: number;
  /** Appends mails in this order over IMAP and returns their UIDs; makes the folder when it is missing. */
  append(folder: string, mails: Iterable<Buffer | string>, options?: AppendOptions): Promise<number[]>;
  /** Puts mails into the Maildir of INBOX as a delivery agent does: for thousands, where APPEND is too slow. */
  deliver(mails: Iterable<Buffer | string>, options?: { date?: Date; user?: string }): Promise<void>;
  /** The directory of a user's INBOX. */
  maildir(user?: string): string;
  /** UIDs and flags (sorted) of a folder, by UID; empty when there is no such folder. */
  list(folder: string, user?: string): Promise<{ uid: number; flags: string[] }[]>;
  /** The bytes of one mail. */
  read(folder: string, uid: number, user?: string): Promise<Buffer>;
  /** A new, logged-in connection; its user logs out. */
  connect(user?: string): Promise<ImapFlow>;
  /** Ends every IMAP session of the user (of all users, if none is named), as an administrator would; false when there was none. */
  kick(user?: string): Promise<boolean>;
  /** Forgets the UIDs of a folder, so that its mails come back under a new UIDVALIDITY. */
  resetUidValidity(folder?: string, user?: string): Promise<void>;
  kill9(): Promise<void>;
  restart(): Promise<void>;
  log(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts a real Dovecot on free ports of 127.0.0.1, with a configuration and Maildirs of its own, as root or not. */
export async function startDovecot(options: DovecotOptions = {}): Promise<DovecotServer> {
  const program = await findOrInstall('dovecot');
  const daemon = await startDaemon({
    name: 'dovecot',
    ports: 2,
    portTaken: /address already in use/i,
    async command(dir, ports) {
      for (const name of ['run', 'state', 'mail']) await mkdir(join(dir, name), { recursive: true, mode: 0o755 });
      const account = mailAccount();
      await chown(join(dir, 'mail'), account.uid, account.gid);
      if (options.tls) await makeCertificate(dir);
      // A Dovecot killed in the middle of a write leaves its lock, and would wait two minutes for an owner that is dead.
      const locks = await readdir(join(dir, 'mail'), { recursive: true });
      for (const lock of locks) if (lock.endsWith('.lock')) await rm(join(dir, 'mail', lock), { force: true });
      // A killed Dovecot leaves its pid file, and refuses to start where the number has been given away again.
      await rm(join(dir, 'run', 'master.pid'), { force: true });
      await writeFile(join(dir, 'dovecot.conf'), configuration(dir, ports, options));
      return { program, args: ['-F', '-c', join(dir, 'dovecot.conf')] };
    },
    ready: ([port]) => greets(port!),
  });
  const [port, tlsPort] = daemon.ports as [number, number];
  const maildir = (user = defaultUser) => join(daemon.dir, 'mail', user, 'Maildir');

  const open = async (user = defaultUser): Promise<ImapFlow> => {
    const client = new ImapFlow({
      host: '127.0.0.1',
      port,
      secure: false,
      tls: { rejectUnauthorized: false },
      auth: { user, pass: password },
      logger: false,
    });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  };
  const session = async <T>(user: string | undefined, work: (client: ImapFlow) => Promise<T>): Promise<T> => {
    const client = await open(user);
    try {
      return await work(client);
    } finally {
      await client.logout().catch(() => client.close());
    }
  };

  return {
    host: '127.0.0.1',
    port,
    tlsPort: options.tls ? tlsPort : 0,
    certificate: options.tls ? join(daemon.dir, 'cert.pem') : '',
    user: defaultUser,
    password,
    get pid() {
      return daemon.pid;
    },
    append: (folder, mails, { date, flags, user } = {}) =>
      session(user, async (client) => {
        if (folder.toUpperCase() !== 'INBOX') await client.mailboxCreate(folder);
        const uids: number[] = [];
        for (const mail of mails) {
          const done = await client.append(folder, Buffer.from(mail as Buffer), flags, date);
          if (!done || done.uid === undefined) throw new Error(`Dovecot did not append to ${folder}.`);
          uids.push(done.uid);
        }
        return uids;
      }),
    async deliver(mails, { date, user = defaultUser } = {}) {
      // The first login makes the home directory, owned as Dovecot wants it. Later ones need no server at all.
      if (!existsSync(maildir(user))) await session(user, (client) => client.status('INBOX', { messages: true }));
      await deliverToMaildir(maildir(user), mails, { owner: mailAccount(), ...(date ? { date } : {}) });
    },
    maildir,
    list: (folder, user) =>
      session(user, async (client) => {
        const known = await client.list();
        if (!known.some(({ path }) => path === folder)) return [];
        await client.mailboxOpen(folder, { readOnly: true });
        const mails = client.mailbox && client.mailbox.exists > 0 ? await client.fetchAll('1:*', { uid: true, flags: true }) : [];
        return mails
          .map(({ uid, flags }) => ({ uid, flags: [...(flags ?? [])].filter((flag) => flag !== '\\Recent').sort() }))
          .sort((a, b) => a.uid - b.uid);
      }),
    read: (folder, uid, user) =>
      session(user, async (client) => {
        await client.mailboxOpen(folder, { readOnly: true });
        const mail = await client.fetchOne(String(uid), { source: true }, { uid: true });
        if (!mail || mail.source === undefined) throw new Error(`${folder} has no mail with UID ${uid}.`);
        return mail.source;
      }),
    connect: open,
    async kick(user = '*') {
      const doveadm = join(dirname(program).replace(/sbin$/, 'bin'), 'doveadm');
      const { stdout } = await run(doveadm, ['-c', join(daemon.dir, 'dovecot.conf'), 'kick', user]).catch((error) => {
        // It exits with 68 when there is nobody to kick, which is no fault here.
        if (error.code === 68) return { stdout: '' };
        throw error;
      });
      return stdout.includes('kicked connections');
    },
    async resetUidValidity(folder = 'INBOX', user = defaultUser) {
      const at = folder.toUpperCase() === 'INBOX' ? maildir(user) : join(maildir(user), `.${folder}`);
      await daemon.kill9();
      for (const name of await readdir(at))
        if (/^dovecot(-uidlist|\.index)/.test(name)) await rm(join(at, name), { force: true });
      // The file dovecot-uidvalidity stays: it holds the last value given out, so the next one is larger even within the same second.
      await daemon.restart();
    },
    kill9: daemon.kill9,
    restart: daemon.restart,
    log: daemon.log,
    stop: daemon.stop,
  };
}

/** Dovecot never opens mail as root: as root the mail belongs to the account that servers run as. */
function mailAccount(): Account {
  return serverAccount() ?? { uid: userInfo().uid, gid: userInfo().gid };
}

function configuration(dir: string, [port, tlsPort]: number[], { tls = false, settings = '' }: DovecotOptions): string {
  const { uid, gid } = mailAccount();
  const root = process.getuid?.() === 0;
  const self = userInfo().username;
  const group = root ? '' : spawnSync('id', ['-gn'], { encoding: 'utf8' }).stdout.trim();
  const unprivileged = `
default_internal_user = ${self}
default_internal_group = ${group}
default_login_user = ${self}
service anvil {
  chroot =
}
service imap-login {
  chroot =
}
service stats {
  chroot =
}`;
  return `
base_dir = ${dir}/run
state_dir = ${dir}/state
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
ssl = ${tls ? `yes\nssl_cert = <${dir}/cert.pem\nssl_key = <${dir}/key.pem` : 'no'}
disable_plaintext_auth = no
auth_failure_delay = 0
auth_mechanisms = plain login
mail_location = maildir:~/Maildir
mail_fsync = never
mail_max_userip_connections = 100
first_valid_uid = 1
first_valid_gid = 1
${root ? '' : unprivileged}
passdb {
  driver = static
  args = password=${password}
}
userdb {
  driver = static
  args = uid=${uid} gid=${gid} home=${dir}/mail/%u
}
# Without the penalty's socket a wrong password does not slow the logins that follow.
service anvil {
  unix_listener anvil-auth-penalty {
    mode = 0
  }
}
service imap-login {
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = ${tls ? tlsPort : 0}
  }
}
${settings}
`;
}

async function makeCertificate(dir: string): Promise<void> {
  const [key, cert] = [join(dir, 'key.pem'), join(dir, 'cert.pem')];
  if (await readFile(cert).catch(() => null)) return;
  await run('openssl', [
    ...[
      'req',
      '-x509',
      '-newkey',
      'ec',
      '-pkeyopt',
      'ec_paramgen_curve:prime256v1',
      '-nodes',
      '-days',
      '2',
      '-subj',
      '/CN=localhost',
    ],
    ...['-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', key, '-out', cert],
  ]);
}

/** Whether an IMAP server greets on the port. */
function greets(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const answer = (yes: boolean) => {
      socket.destroy();
      resolve(yes);
    };
    socket.setTimeout(2000, () => answer(false));
    socket.once('error', () => answer(false));
    socket.once('close', () => answer(false));
    socket.once('data', (data) => answer(data.toString('latin1').startsWith('* OK')));
  });
}
