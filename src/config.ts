import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { type ReturnPathKey, readReturnPathKeys } from './bounce/return-path-keys.ts';
import { ConfigError } from './errors.ts';

export const SETTLE_MODES = ['mark', 'move', 'delete', 'keep'] as const;
/** What becomes of a mail in the mailbox once its row is committed. */
export type SettleMode = (typeof SETTLE_MODES)[number];

/** One folder of one account. */
export interface MailboxConfig {
  /** Label for people and dashboards, unique among the mailboxes. */
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly security: 'tls' | 'starttls' | 'none';
  readonly user: string;
  readonly password: string;
  readonly folder: string;
  readonly settle: SettleMode;
  readonly processedFolder: string;
  readonly failedFolder: string;
}

/** All settings, read once. Secrets are in `databaseUrl`, `redisUrl`, `mailboxes[].password`, `returnPathKeys`: never log it whole. */
export interface Config {
  readonly databaseUrl: string;
  /** Unset: the queue lives in Postgres as well. */
  readonly redisUrl: string | null;
  readonly mailboxes: readonly MailboxConfig[];
  readonly pollIntervalSeconds: number;
  readonly queueHighWater: number;
  readonly workerConcurrency: number;
  readonly suppressionPreset: 'standard' | 'strict';
  readonly senderDomains: readonly string[];
  /** The first signs return paths, all verify them; empty: reports are never `signed`. */
  readonly returnPathKeys: readonly ReturnPathKey[];
  readonly rawRetentionDays: number;
  readonly logLevel: string;
  readonly logFormat: 'json' | 'pretty' | 'auto';
}

type Env = Readonly<Record<string, string | undefined>>;

/** Settings that may also be given as X_FILE: the name of a file that holds the value (as with Docker secrets). */
const SECRETS = ['DATABASE_URL', 'REDIS_URL', 'IMAP_PASSWORD', 'RETURN_PATH_SECRET'] as const;

/** Contract names whose parts are not built yet: refused rather than silently ignored. */
const NOT_YET: Readonly<Record<string, string>> = {
  IMAP_OAUTH_TOKEN_URL: 'logins by OAuth2',
  MAILBOXES_FILE: 'several mailboxes in a file',
  SUPPRESSION_RULES: 'rules of your own',
  WEBHOOK_URL: 'webhooks',
};

const wholeNumber = (min: number, max: number, fallback: number) =>
  z
    .string()
    .regex(/^\d+$/, `must be a whole number from ${min} to ${max}`)
    .transform(Number)
    .refine((n) => n >= min && n <= max, `must be a whole number from ${min} to ${max}`)
    .default(fallback);

const urlOf = (protocols: readonly string[], example: string, path: RegExp) =>
  z
    .string()
    .refine(
      (value) => isUrl(value, protocols, path),
      `must be a URL like ${example}; in a password write #, /, ?, @ and % as %23, %2F, %3F, %40 and %25`,
    );

/** A sign of the password that is not encoded would end up in the host, the path or the fragment. */
function isUrl(value: string, protocols: readonly string[], path: RegExp): boolean {
  if (!URL.canParse(value)) return false;
  const { protocol, hash, pathname, username, password } = new URL(value);
  try {
    decodeURIComponent(`${username}${password}${pathname}`);
  } catch {
    return false;
  }
  return protocols.includes(protocol) && hash === '' && path.test(pathname);
}

const databaseUrl = urlOf(['postgres:', 'postgresql:'], 'postgresql://user:password@127.0.0.1:5432/rebound', /^(?:\/[^/]*)?$/);
const redisUrl = urlOf(['redis:', 'rediss:'], 'redis://127.0.0.1:6379', /^\/?\d*$/);

const list = z
  .string()
  .default('')
  .transform((value) =>
    value
      .split(/[\s,]+/)
      .filter((item) => item !== '')
      .map((item) => item.toLowerCase()),
  );

const returnPathKeys = z
  .string()
  .default('')
  .transform((value, context) => {
    const { keys, faults } = readReturnPathKeys(value);
    for (const message of faults) context.addIssue({ code: 'custom', message });
    return keys;
  });

const oneOf = <const T extends readonly [string, ...string[]]>(values: T, fallback: T[number]) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` }).default(fallback as never);

const common = {
  REDIS_URL: redisUrl.optional(),
  POLL_INTERVAL_SECONDS: wholeNumber(1, 3600, 60),
  QUEUE_HIGH_WATER: wholeNumber(1, 1_000_000, 4000),
  WORKER_CONCURRENCY: wholeNumber(1, 64, 4),
  SUPPRESSION_PRESET: oneOf(['standard', 'strict'], 'standard'),
  SENDER_DOMAINS: list,
  RETURN_PATH_SECRET: returnPathKeys,
  RAW_RETENTION_DAYS: wholeNumber(0, 36_500, 30),
  LOG_LEVEL: oneOf(['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'], 'info'),
  LOG_FORMAT: oneOf(['auto', 'json', 'pretty'], 'auto'),
};

const imap = {
  IMAP_HOST: z.string({ error: 'is not set: the host name of your IMAP server' }),
  IMAP_PORT: wholeNumber(1, 65_535, 0),
  IMAP_SECURITY: oneOf(['tls', 'starttls', 'none'], 'tls'),
  IMAP_USER: z.string({ error: 'is not set: the login name of the bounce mailbox' }),
  IMAP_PASSWORD: z.string({ error: 'is not set: the password of the bounce mailbox (or IMAP_PASSWORD_FILE)' }),
  IMAP_FOLDER: z.string().default('INBOX'),
  SETTLE: oneOf(SETTLE_MODES, 'mark'),
  PROCESSED_FOLDER: z.string().default('Processed'),
  FAILED_FOLDER: z.string().default('Failed'),
};

/** Every setting by name, with NAME_FILE beside each secret; .env.example explains each. */
export const SETTING_NAMES: readonly string[] = [
  'DATABASE_URL',
  ...Object.keys(common),
  ...Object.keys(imap),
  ...SECRETS.map((name) => `${name}_FILE`),
];

/** What a command needs: some read only the database, `classify` needs nothing at all. */
export type Needs = 'all' | 'database';

/**
 * Reads the settings out of an environment, whole. Throws ConfigError with every fault at once, each with the name of the
 * setting; a wrong value is never replaced by a default. An empty value counts as unset.
 */
export function readConfig(env: Env, needs: Needs = 'all'): Config {
  const faults: string[] = [];
  const values = dropEmpty(env);
  for (const name of SECRETS) readSecretFile(name, values, faults);
  for (const [name, what] of Object.entries(NOT_YET)) {
    if (values[name] !== undefined) faults.push(`${name} asks for ${what}, which this version does not have yet; unset it.`);
  }

  const schema = z.object({
    DATABASE_URL: z
      .string({ error: 'is not set: a URL like postgresql://user:password@127.0.0.1:5432/rebound' })
      .pipe(databaseUrl),
    ...common,
    ...(needs === 'all' ? imap : {}),
  });
  const parsed = schema.safeParse(values);
  if (!parsed.success) {
    for (const issue of parsed.error.issues) faults.push(`${issue.path.join('.')} ${issue.message}.`);
  }
  for (const [name, modes, fallback] of [
    ['PROCESSED_FOLDER', ['move'], 'Processed'],
    ['FAILED_FOLDER', ['move', 'delete'], 'Failed'],
  ] as [string, string[], string][]) {
    if (modes.includes(values['SETTLE'] ?? 'mark') && sameFolder(values[name] ?? fallback, values['IMAP_FOLDER'] ?? 'INBOX')) {
      faults.push(`${name} is the same as IMAP_FOLDER: mails would be moved onto themselves. Name another folder.`);
    }
  }
  if (!parsed.success || faults.length > 0) throw faulty(faults);
  return Object.freeze(toConfig(parsed.data as Parsed));
}

/** What judges how far a report can be trusted, for commands that need no server. Throws ConfigError. */
export function readTrustSettings(env: Env): Pick<Config, 'senderDomains' | 'returnPathKeys'> {
  const faults: string[] = [];
  const values = dropEmpty(env);
  readSecretFile('RETURN_PATH_SECRET', values, faults);
  const parsed = z.object({ SENDER_DOMAINS: list, RETURN_PATH_SECRET: returnPathKeys }).safeParse(values);
  if (!parsed.success) for (const issue of parsed.error.issues) faults.push(`${issue.path.join('.')} ${issue.message}.`);
  if (!parsed.success || faults.length > 0) throw faulty(faults);
  return { senderDomains: parsed.data.SENDER_DOMAINS, returnPathKeys: parsed.data.RETURN_PATH_SECRET };
}

function faulty(faults: readonly string[]): ConfigError {
  const count = faults.length === 1 ? 'A setting is wrong' : `${faults.length} settings are wrong`;
  return new ConfigError(`${count} (.env.example explains each):\n${faults.map((fault) => `  - ${fault}`).join('\n')}`);
}

type Parsed = z.infer<z.ZodObject<typeof common & { DATABASE_URL: typeof databaseUrl }>> &
  Partial<z.infer<z.ZodObject<typeof imap>>>;

function toConfig(s: Parsed): Config {
  return {
    databaseUrl: s.DATABASE_URL,
    redisUrl: s.REDIS_URL ?? null,
    mailboxes: s.IMAP_HOST === undefined ? [] : [toMailbox(s as Required<Parsed>)],
    pollIntervalSeconds: s.POLL_INTERVAL_SECONDS,
    queueHighWater: s.QUEUE_HIGH_WATER,
    workerConcurrency: s.WORKER_CONCURRENCY,
    suppressionPreset: s.SUPPRESSION_PRESET,
    senderDomains: s.SENDER_DOMAINS,
    returnPathKeys: s.RETURN_PATH_SECRET,
    rawRetentionDays: s.RAW_RETENTION_DAYS,
    logLevel: s.LOG_LEVEL,
    logFormat: s.LOG_FORMAT,
  };
}

function toMailbox(s: Required<Parsed>): MailboxConfig {
  return {
    name: s.IMAP_FOLDER === 'INBOX' ? s.IMAP_USER : `${s.IMAP_USER}/${s.IMAP_FOLDER}`,
    host: s.IMAP_HOST,
    port: s.IMAP_PORT === 0 ? (s.IMAP_SECURITY === 'tls' ? 993 : 143) : s.IMAP_PORT,
    security: s.IMAP_SECURITY,
    user: s.IMAP_USER,
    password: s.IMAP_PASSWORD,
    folder: s.IMAP_FOLDER,
    settle: s.SETTLE,
    processedFolder: s.PROCESSED_FOLDER,
    failedFolder: s.FAILED_FOLDER,
  };
}

/** INBOX is the same however it is cased (RFC 9051 §5.1); other names are not. */
function sameFolder(a: string, b: string): boolean {
  const name = (folder: string) => (/^inbox$/i.test(folder) ? 'INBOX' : folder);
  return name(a) === name(b);
}

function dropEmpty(env: Env): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value.trim() !== ''));
}

function readSecretFile(name: string, values: Record<string, string | undefined>, faults: string[]): void {
  const path = values[`${name}_FILE`];
  if (path === undefined) return;
  if (values[name] !== undefined) {
    faults.push(`${name} and ${name}_FILE are both set; keep one.`);
    return;
  }
  try {
    values[name] = readFileSync(path, 'utf8').trim();
  } catch (error) {
    values[name] = undefined;
    faults.push(`${name}_FILE names ${path}, which cannot be read (${(error as NodeJS.ErrnoException).code}).`);
  }
}

/** A URL without its password, for messages and logs. */
export function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return '(not a URL)';
  const copy = new URL(url);
  if (copy.password !== '') copy.password = '***';
  for (const name of [...copy.searchParams.keys()]) if (/pass|secret|token/i.test(name)) copy.searchParams.set(name, '***');
  return copy.toString();
}
