import { ImapFlow } from 'imapflow';
import type { MailboxConfig } from '../config.ts';
import { MAX_MAIL_BYTES, UIDS_PER_COMMAND } from '../limits.ts';
import type { FetchedMail, MailboxPort } from '../pipeline/ports.ts';
import { pause } from '../wait.ts';
import { folderError, mailboxError } from './errors.ts';
import { toUidSet } from './uid-set.ts';

/** Set on processed mails in place (SETTLE=mark). A keyword tells them from mails that a person has merely read. */
export const PROCESSED_KEYWORD = '$ReboundProcessed';
/** Set on mails that could not be processed. */
export const FAILED_KEYWORD = '$ReboundFailed';

/** IDLE is begun anew after this, before routers on the way forget the connection (RFC 2177 asks for less than 29 minutes). */
const MAX_IDLE_MS = 2 * 60_000;
/** A connection without a byte for so long is dead; above MAX_IDLE_MS. */
const SOCKET_TIMEOUT_MS = 3 * 60_000;

/** What a server can do, and so how mails are settled there. */
export interface MailboxAbilities {
  readonly move: boolean;
  readonly uidPlus: boolean;
  readonly idle: boolean;
  readonly keywords: boolean;
  readonly writable: boolean;
}

/** Builds a client that is not connected yet. Logging is off: imapflow's debug lines hold mail. */
export function imapClient(config: MailboxConfig, timeoutMs = 30_000): ImapFlow {
  const client = new ImapFlow({
    host: config.host,
    port: config.port,
    secure: config.security === 'tls',
    // Never a silent downgrade: starttls demands it, none forbids it.
    ...(config.security === 'tls' ? {} : { doSTARTTLS: config.security === 'starttls' }),
    auth: { user: config.user, pass: config.password },
    clientInfo: { name: 'rebound' },
    logger: false,
    disableAutoIdle: true,
    maxIdleTime: MAX_IDLE_MS,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: SOCKET_TIMEOUT_MS,
    maxLiteralSize: 16 * 1024 * 1024,
    maxResponseSize: 64 * 1024 * 1024,
  });
  client.on('error', () => {}); // the command that runs is rejected too
  return client;
}

/** One connection to one folder. A broken one is thrown away and a new one made. */
export class ImapMailbox implements MailboxPort {
  readonly #config: MailboxConfig;
  readonly #client: ImapFlow;
  #arrived = false;
  #keywords: readonly string[] = [];

  constructor(config: MailboxConfig) {
    this.#config = config;
    this.#client = imapClient(config);
    this.#client.on('exists', () => {
      this.#arrived = true;
    });
  }

  async open(): Promise<{ uidValidity: bigint }> {
    const { folder, settle, processedFolder, failedFolder } = this.#config;
    return this.#guarded(async () => {
      await this.#client.connect();
      if (settle === 'move') await this.#ensureFolder('PROCESSED_FOLDER', processedFolder);
      if (settle === 'move' || settle === 'delete') await this.#ensureFolder('FAILED_FOLDER', failedFolder);
      const opened = await this.#client.mailboxOpen(folder, { readOnly: settle === 'keep' }).catch((error) => {
        throw this.#refused(error) ? folderError('IMAP_FOLDER', folder, this.#config, this.#refused(error)!) : error;
      });
      if (opened.readOnly && settle !== 'keep') {
        throw folderError(
          'IMAP_FOLDER',
          folder,
          this.#config,
          `it is read-only for this login; SETTLE=${settle} must write (SETTLE=keep need not)`,
        );
      }
      const allowed = opened.permanentFlags ?? new Set<string>();
      this.#keywords = [PROCESSED_KEYWORD, FAILED_KEYWORD].filter((keyword) => allowed.has('\\*') || allowed.has(keyword));
      return { uidValidity: opened.uidValidity };
    });
  }

  get abilities(): MailboxAbilities {
    const has = (name: string) => this.#client.capabilities.has(name);
    const mailbox = this.#client.mailbox;
    return {
      move: has('MOVE'),
      uidPlus: has('UIDPLUS'),
      idle: has('IDLE'),
      keywords: this.#keywords.length > 0,
      writable: mailbox !== false && !mailbox.readOnly,
    };
  }

  get arrived(): boolean {
    return this.#arrived;
  }

  async list(after = 0): Promise<number[]> {
    this.#arrived = false;
    // Where mails can be neither moved nor expunged one by one, what is settled stays behind with \Deleted.
    const leavesDeleted = ['move', 'delete'].includes(this.#config.settle) && !this.abilities.move && !this.abilities.uidPlus;
    return this.#guarded(async () => {
      const query = { uid: `${after + 1}:*`, ...(leavesDeleted ? { deleted: false } : {}) };
      const uids = await this.#client.search(query, { uid: true });
      if (!Array.isArray(uids)) throw new Error('SEARCH gave no answer');
      return uids.filter((uid) => uid > after).sort((a, b) => a - b); // `n:*` always holds the last mail (RFC 9051 §9, seq-range)
    });
  }

  async *fetch(uids: readonly number[]): AsyncIterable<FetchedMail> {
    const query = { uid: true, internalDate: true, size: true, source: { start: 0, maxLength: MAX_MAIL_BYTES } } as const;
    try {
      for (let start = 0; start < uids.length; start += UIDS_PER_COMMAND) {
        const part = toUidSet(uids.slice(start, start + UIDS_PER_COMMAND));
        for await (const mail of this.#client.fetch(part, query, { uid: true })) {
          const source = mail.source ?? (mail.size === 0 ? Buffer.alloc(0) : undefined);
          if (source === undefined) continue; // a flag update in between, or a mail that has vanished
          yield {
            uid: mail.uid,
            receivedAt: toDate(mail.internalDate),
            size: Math.max(mail.size ?? 0, source.length),
            raw: source,
          };
        }
      }
    } catch (error) {
      throw mailboxError(error, this.#config);
    }
  }

  async arrival(uid: number): Promise<Date | null> {
    return this.#guarded(async () => {
      const mail = await this.#client.fetchOne(`${uid}`, { uid: true, internalDate: true }, { uid: true });
      return mail === false ? null : toDate(mail.internalDate);
    });
  }

  async settle(uids: readonly number[], as: 'processed' | 'failed'): Promise<void> {
    const sorted = [...uids].sort((a, b) => a - b);
    for (let start = 0; start < sorted.length; start += UIDS_PER_COMMAND) {
      await this.#guarded(() => this.#settlePart(toUidSet(sorted.slice(start, start + UIDS_PER_COMMAND)), as));
    }
  }

  async waitForMail(ms: number, signal: AbortSignal): Promise<void> {
    if (this.#arrived || signal.aborted || !this.#client.usable) return;
    const woken = new AbortController();
    const wake = () => woken.abort();
    signal.addEventListener('abort', wake, { once: true });
    this.#client.once('exists', wake);
    this.#client.once('close', wake);
    // Ends by itself when the next command is given.
    this.#client.idle().catch(() => {});
    await pause(ms, woken.signal);
    signal.removeEventListener('abort', wake);
    this.#client.off('exists', wake);
    this.#client.off('close', wake);
  }

  async close(): Promise<void> {
    // A server that does not answer LOGOUT must not hold up the shutdown.
    const answered = new AbortController();
    const logout = this.#client.logout().catch(() => {});
    await Promise.race([logout.finally(() => answered.abort()), pause(2000, answered.signal)]);
    this.#client.close();
  }

  async #settlePart(uidSet: string, as: 'processed' | 'failed'): Promise<void> {
    const { settle, processedFolder, failedFolder } = this.#config;
    const uid = { uid: true } as const;
    switch (settle) {
      case 'keep':
        return;
      case 'mark': {
        const keyword = as === 'processed' ? PROCESSED_KEYWORD : FAILED_KEYWORD;
        const flags = [as === 'processed' ? '\\Seen' : '\\Flagged', ...this.#keywords.filter((known) => known === keyword)];
        if (!(await this.#client.messageFlagsAdd(uidSet, flags, uid))) throw new Error('the server did not set the flags');
        return;
      }
      case 'move':
        return this.#moveTo(uidSet, as === 'processed' ? processedFolder : failedFolder);
      case 'delete':
        return as === 'failed' ? this.#moveTo(uidSet, failedFolder) : this.#remove(uidSet);
    }
  }

  /** MOVE, else COPY and remove. What could not be copied is never removed. */
  async #moveTo(uidSet: string, folder: string): Promise<void> {
    const setting = folder === this.#config.failedFolder ? 'FAILED_FOLDER' : 'PROCESSED_FOLDER';
    if (this.abilities.move) {
      if (!(await this.#client.messageMove(uidSet, folder, { uid: true }))) {
        throw folderError(setting, folder, this.#config, 'the server refused to move mails there (is it full?)');
      }
      return;
    }
    if (!(await this.#client.messageCopy(uidSet, folder, { uid: true }))) {
      throw folderError(setting, folder, this.#config, 'the server refused to copy mails there (is it full?)');
    }
    await this.#remove(uidSet);
  }

  /** Without UIDPLUS a plain EXPUNGE would remove what others have marked as deleted: then they are only marked. */
  async #remove(uidSet: string): Promise<void> {
    const done = this.abilities.uidPlus
      ? await this.#client.messageDelete(uidSet, { uid: true })
      : await this.#client.messageFlagsAdd(uidSet, ['\\Deleted'], { uid: true });
    if (!done) throw new Error('the server did not remove the mails');
  }

  async #ensureFolder(setting: string, folder: string): Promise<void> {
    try {
      await this.#client.mailboxCreate(folder); // answers with created: false where it is there already
    } catch (error) {
      const why = this.#refused(error);
      if (why === null) throw error;
      // Some servers refuse to create what exists without saying that it does.
      const there = await this.#client.status(folder, { messages: true }).catch(() => false);
      if (!there) throw folderError(setting, folder, this.#config, why);
    }
  }

  /** The server's words if it answered NO or BAD; null for a broken connection. */
  #refused(error: unknown): string | null {
    const { responseStatus, responseText } = error as { responseStatus?: string; responseText?: string };
    return responseStatus === 'NO' || responseStatus === 'BAD' ? (responseText ?? responseStatus) : null;
  }

  async #guarded<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw mailboxError(error, this.#config);
    }
  }
}

function toDate(value: Date | string | undefined): Date {
  const date = value === undefined ? new Date() : new Date(value);
  return Number.isNaN(date.getTime()) ? new Date() : date;
}
