import pg from 'pg';
import { readConfig } from '../../src/config.ts';
import { openLog } from '../../src/log.ts';
import type { Service } from '../../src/service.ts';
import type { Store } from '../../src/store/index.ts';
import { type Hooks, openDatabase, startPollers, startProcessor } from '../../workers/parts.ts';
import { type DovecotServer, password } from './dovecot.ts';

export interface PipelineOptions extends Hooks {
  readonly dovecot: DovecotServer;
  readonly user: string;
  readonly databaseUrl: string;
  readonly redisUrl?: string;
  /** Further settings, by their names in the environment. */
  readonly settings?: Record<string, string>;
  readonly poller?: boolean;
  readonly worker?: boolean;
  readonly drain?: boolean;
}

export interface Pipeline {
  readonly store: Store;
  /** Settles when the pollers have ended. */
  readonly ended: Promise<void>;
  stop(): Promise<void>;
}

/** Poller and worker as `rebound start` wires them, in this process, without a log. */
export async function startPipeline(options: PipelineOptions): Promise<Pipeline> {
  const config = readConfig({
    DATABASE_URL: options.databaseUrl,
    ...(options.redisUrl === undefined ? {} : { REDIS_URL: options.redisUrl }),
    IMAP_HOST: '127.0.0.1',
    IMAP_PORT: String(options.dovecot.port),
    IMAP_SECURITY: 'none',
    IMAP_USER: options.user,
    IMAP_PASSWORD: password,
    LOG_LEVEL: process.env['TEST_LOG_LEVEL'] ?? 'silent',
    ...options.settings,
  });
  const log = openLog(config);
  const controller = new AbortController();
  const stops: (() => Promise<void> | void)[] = [];
  const service: Service = { signal: controller.signal, onStop: (how) => stops.push(how), stop: () => controller.abort() };
  const stop = async () => {
    controller.abort();
    for (const how of stops.splice(0).reverse()) await how();
  };
  try {
    const store = await openDatabase(config, service, log);
    let ended: Promise<void> = Promise.resolve();
    if (options.poller !== false) ({ ended } = await startPollers(config, store, service, log, options));
    if (options.worker !== false) startProcessor(config, store, service, log, options);
    return { store, ended, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Runs the pipeline until everything in the mailbox is dealt with. */
export async function drain(options: PipelineOptions): Promise<void> {
  const pipeline = await startPipeline({ ...options, drain: true });
  try {
    await pipeline.ended;
  } finally {
    await pipeline.stop();
  }
}

/** Rows of a query, on a connection of its own. */
export async function sql<T extends pg.QueryResultRow>(url: string, text: string, values: unknown[] = []): Promise<T[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<T>(text, values)).rows;
  } finally {
    await client.end();
  }
}

let reports = 0;

/** A delivery status notification (RFC 3464) about one or more recipients; each call gives other bytes. */
export function report(
  recipients: readonly string[],
  options: { status?: string; action?: string; diagnostic?: string } = {},
): string {
  const { status = '5.1.1', action = 'failed', diagnostic = `550 5.1.1 <${recipients[0]}>: no such user here` } = options;
  const n = ++reports;
  return [
    'From: MAILER-DAEMON@mx.example.net (Mail Delivery System)',
    'To: bounces@example.com',
    'Subject: Undelivered Mail Returned to Sender',
    'Auto-Submitted: auto-replied',
    `Message-ID: <report-${n}@mx.example.net>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status; boundary="b"',
    '',
    '--b',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'This is the mail system at host mx.example.net.',
    '',
    'I am sorry to have to inform you that your message could not be delivered.',
    '',
    ...recipients.map(
      (recipient) => `<${recipient}>: host mx.example.org[192.0.2.1] said: ${diagnostic} (in reply to RCPT TO command)`,
    ),
    '',
    '--b',
    'Content-Type: message/delivery-status',
    '',
    'Reporting-MTA: dns; mx.example.net',
    'Arrival-Date: Mon, 2 Mar 2026 09:00:00 +0000',
    '',
    ...recipients.flatMap((recipient) => [
      `Final-Recipient: rfc822; ${recipient}`,
      `Action: ${action}`,
      `Status: ${status}`,
      'Remote-MTA: dns; mx.example.org',
      `Diagnostic-Code: smtp; ${diagnostic}`,
      '',
    ]),
    '--b',
    'Content-Type: text/rfc822-headers',
    '',
    'From: news@example.com',
    `To: ${recipients[0]}`,
    'Subject: News',
    `Message-ID: <news-${n}@example.com>`,
    '',
    '--b--',
    '',
  ].join('\r\n');
}

/** A person's mail. */
export function letter(subject = 'Lunch?'): string {
  return `From: Ann <ann@example.org>\r\nTo: bounces@example.com\r\nSubject: ${subject}\r\nMessage-ID: <letter-${++reports}@example.org>\r\n\r\nAre you free on Friday?\r\n`;
}
