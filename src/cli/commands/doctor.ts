import type { Command } from 'commander';
import { type Config, readConfig, withoutPassword } from '../../config.ts';
import { describeError, ReboundError } from '../../errors.ts';
import { checkDatabase, checkMailbox, checkQueue, type Finding } from '../health-checks.ts';
import { jsonText } from '../output.ts';
import { cleanText } from '../terminal-text.ts';

const MARKS = { ok: '✓', warn: '!', fail: '✗' } as const;
const WORDS = { ok: 'ok  ', warn: 'warn', fail: 'FAIL' } as const;
/** A check takes no longer. */
const CHECK_MS = 12_000;

export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description('check settings, IMAP login and rights, queue, database, clock, failed mails')
    .option('--json', 'as JSON')
    .addHelpText(
      'after',
      `
Every check runs, whatever the others find; a line each with what to do about it. Exit 1 if one fails.

Example:
  npx rebound doctor`,
    )
    .action(async ({ json = false }: { json?: boolean }) => {
      const findings: Finding[] = [];
      const tell = (finding: Finding) => {
        findings.push(finding);
        if (!json) process.stdout.write(`${line(finding)}\n`);
      };
      const settings = readSettings();
      for (const finding of settings.findings) tell(finding);
      const { database, mailboxes } = settings;
      const checks = mailboxes.map((mailbox) => checked(`mailbox ${mailbox.name}`, () => checkMailbox(mailbox)));
      if (database !== null) {
        checks.unshift(
          checked('database', () => checkDatabase(database)),
          checked('queue', () => checkQueue(database)),
        );
      }
      // All at once, told in order: three servers that do not answer are waited for once.
      for (const check of checks) for (const finding of await check) tell(finding);
      if (json) process.stdout.write(`${jsonText(findings, 2)}\n`);
      if (findings.some((finding) => finding.result === 'fail')) process.exitCode = 1;
    });
}

interface Settings {
  readonly findings: readonly Finding[];
  /** Null where the settings of the database are wrong. */
  readonly database: Config | null;
  readonly mailboxes: Config['mailboxes'];
}

/** Where some settings are wrong, what the others lead to is still checked. */
function readSettings(): Settings {
  try {
    const config = readConfig(process.env);
    const text = `complete; database ${withoutPassword(config.databaseUrl)}`;
    return { findings: [{ check: 'settings', result: 'ok', text }], database: config, mailboxes: config.mailboxes };
  } catch (error) {
    if (!(error instanceof ReboundError)) throw error;
    const elsewhere = { ...process.env, DATABASE_URL: 'postgresql://localhost/not-looked-at', DATABASE_URL_FILE: '' };
    return {
      findings: [{ check: 'settings', result: 'fail', text: error.message }],
      database: attempt(() => readConfig(process.env, 'database')),
      mailboxes: attempt(() => readConfig(elsewhere))?.mailboxes ?? [],
    };
  }
}

function attempt<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null; // told already
  }
}

/** Runs a check in bounded time; its error is its finding. */
async function checked(check: string, run: () => Promise<Finding[]>): Promise<Finding[]> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${CHECK_MS / 1000} s`)), CHECK_MS);
  });
  try {
    return await Promise.race([run(), late]);
  } catch (error) {
    return [{ check, result: 'fail', text: error instanceof ReboundError ? error.message : describeError(error) }];
  } finally {
    clearTimeout(timer);
  }
}

/** Words instead of signs where it is not a terminal: logs and scripts. */
function line({ check, result, text }: Finding): string {
  const mark = (process.stdout.isTTY ? MARKS : WORDS)[result];
  const [first, ...rest] = text.split('\n').map((one) => cleanText(one));
  return [`${mark} ${cleanText(check)}: ${first}`, ...rest.map((one) => `    ${one}`)].join('\n');
}
