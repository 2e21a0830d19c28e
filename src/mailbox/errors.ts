import type { MailboxConfig } from '../config.ts';
import { describeError, MailboxFolderError, MailboxLoginError, MailboxUnreachableError, ReboundError } from '../errors.ts';

/** What went wrong on IMAP, in words that name the setting and the mend. */
export function mailboxError(error: unknown, config: MailboxConfig): ReboundError {
  if (error instanceof ReboundError) return error;
  const { code, authenticationFailed, responseText, syscall } = error as {
    code?: string;
    authenticationFailed?: boolean;
    responseText?: string;
    syscall?: string;
  };
  const server = `${config.host}:${config.port}`;
  const why = (responseText || describeError(error)).replace(/\.+$/, '');
  const options = { cause: undefined }; // the reason is in the message; imapflow's errors carry the command with its arguments

  if (authenticationFailed) {
    return new MailboxLoginError(
      `${server} refused the login of ${config.user}: ${why}. Check IMAP_USER and IMAP_PASSWORD; some providers want an app password.`,
      options,
    );
  }
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') {
    return new MailboxUnreachableError(
      `The IMAP server ${config.host} has no address in DNS (${code}). Check IMAP_HOST.`,
      options,
    );
  }
  if (code === 'ECONNREFUSED') {
    return new MailboxUnreachableError(
      `Nothing listens at ${server}. Check IMAP_HOST and IMAP_PORT (993 for tls, 143 for starttls or none).`,
      options,
    );
  }
  if (code === 'ETHROTTLE') {
    return new MailboxUnreachableError(`${server} asks to slow down: ${why}. rebound waits and tries again.`, options);
  }
  if (
    code?.startsWith('ERR_TLS') ||
    code?.startsWith('ERR_SSL') ||
    code === 'EPROTO' ||
    /certificate|self.signed|starttls/i.test(why)
  ) {
    return new MailboxUnreachableError(
      `TLS with ${server} failed: ${why}. Check IMAP_SECURITY (${config.security}) and IMAP_PORT; for a private certificate authority set NODE_EXTRA_CA_CERTS.`,
      options,
    );
  }
  if (code === 'CONNECT_TIMEOUT' || code === 'GREETING_TIMEOUT' || code === 'ETIMEDOUT' || syscall === 'connect') {
    return new MailboxUnreachableError(
      `${server} does not answer (${code ?? why}). Check IMAP_HOST, IMAP_PORT and IMAP_SECURITY (${config.security}), and the firewall.`,
      options,
    );
  }
  return new MailboxUnreachableError(`The connection to ${server} failed: ${why}${code ? ` (${code})` : ''}.`, options);
}

export function folderError(setting: string, folder: string, config: MailboxConfig, why: string): ReboundError {
  return new MailboxFolderError(
    `The folder ${folder} of ${config.user} at ${config.host} cannot be used: ${why}. Check ${setting}.`,
  );
}
