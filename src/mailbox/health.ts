import type { MailboxConfig } from '../config.ts';
import { folderError, mailboxError } from './errors.ts';
import { imapClient } from './imap.ts';

export interface MailboxHealth {
  readonly secure: boolean;
  readonly mails: number;
  readonly capabilities: {
    readonly move: boolean;
    readonly uidPlus: boolean;
    readonly idle: boolean;
    readonly keywords: boolean;
  };
  readonly writable: boolean;
  /** Which of the folders that SETTLE needs are there. */
  readonly folders: readonly { readonly setting: string; readonly name: string; readonly exists: boolean }[];
}

/** One login, read-only but for the question whether the folder may be written; throws the errors of the mailbox. */
export async function readMailboxHealth(config: MailboxConfig): Promise<MailboxHealth> {
  const client = imapClient(config, 8000);
  try {
    await client.connect();
    const opened = await client.mailboxOpen(config.folder, { readOnly: false }).catch((error) => {
      const { responseText, responseStatus } = error as { responseText?: string; responseStatus?: string };
      throw responseStatus === 'NO' || responseStatus === 'BAD'
        ? folderError('IMAP_FOLDER', config.folder, config, responseText ?? responseStatus)
        : error;
    });
    const wanted =
      config.settle === 'move'
        ? [
            ['PROCESSED_FOLDER', config.processedFolder],
            ['FAILED_FOLDER', config.failedFolder],
          ]
        : config.settle === 'delete'
          ? [['FAILED_FOLDER', config.failedFolder]]
          : [];
    const folders = [];
    for (const [setting, name] of wanted as [string, string][]) {
      const status = await client.status(name, { messages: true }).catch(() => false);
      folders.push({ setting, name, exists: status !== false });
    }
    const has = (name: string) => client.capabilities.has(name);
    return {
      secure: client.secureConnection,
      mails: opened.exists,
      capabilities: {
        move: has('MOVE'),
        uidPlus: has('UIDPLUS'),
        idle: has('IDLE'),
        keywords: opened.permanentFlags?.has('\\*') ?? false,
      },
      writable: !opened.readOnly,
      folders,
    };
  } catch (error) {
    throw mailboxError(error, config);
  } finally {
    await client.logout().catch(() => {});
    client.close();
  }
}
