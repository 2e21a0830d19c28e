import type { SampleMailbox } from './mailbox.ts';

/** The command that puts the mail in `file` into the running mailbox (IMAP APPEND), for a person to copy. */
export function appendCommand({ host, port, user, password }: SampleMailbox, file: string): string {
  return `curl --url imap://${host}:${port}/INBOX --user ${user}:${password} -T ${file}`;
}
