/**
 * An error that a person can mend: its message says what is wrong and what to do. The command line prints the message
 * alone, without a stack trace, and exits with 1. `retry` says whether waiting may help.
 */
export abstract class ReboundError extends Error {
  abstract readonly code: string;
  abstract readonly retry: 'later' | 'never';

  override get name(): string {
    return this.constructor.name;
  }
}

/** One or more settings are missing or wrong; the message lists every one with its mend. */
export class ConfigError extends ReboundError {
  readonly code = 'CONFIG';
  readonly retry = 'never';
}

/** The IMAP server refused the login. */
export class MailboxLoginError extends ReboundError {
  readonly code = 'MAILBOX_LOGIN';
  readonly retry = 'later';
}

/** The IMAP server cannot be reached, or the connection broke. */
export class MailboxUnreachableError extends ReboundError {
  readonly code = 'MAILBOX_UNREACHABLE';
  readonly retry = 'later';
}

/** The folder is not there, or may not be opened for writing. */
export class MailboxFolderError extends ReboundError {
  readonly code = 'MAILBOX_FOLDER';
  readonly retry = 'later';
}

/** Postgres cannot be reached, or the connection broke: waiting may help. */
export class DatabaseUnavailableError extends ReboundError {
  readonly code = 'DATABASE_UNAVAILABLE';
  readonly retry = 'later';
}

/** Postgres answers, but refuses: login, rights, or a schema that is not ours. */
export class DatabaseRefusedError extends ReboundError {
  readonly code = 'DATABASE_REFUSED';
  readonly retry = 'never';
}

/** The queue's server cannot be reached. */
export class QueueUnavailableError extends ReboundError {
  readonly code = 'QUEUE_UNAVAILABLE';
  readonly retry = 'later';
}

/** What a person sees of any error: its message, then the messages of its causes, in one line. */
export function describeError(error: unknown): string {
  const parts: string[] = [];
  let current: unknown = error;
  while (current !== undefined && current !== null && parts.length < 4) {
    const aggregate = current instanceof AggregateError ? (current.errors[0] as unknown) : undefined;
    const message = current instanceof Error ? current.message || (aggregate as Error)?.message || current.name : String(current);
    if (message && !parts.some((part) => part.includes(message))) parts.push(message);
    current = current instanceof Error ? current.cause : undefined;
  }
  return parts.join(': ').replace(/\s+/g, ' ').trim();
}
