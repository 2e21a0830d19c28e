import type { Config, MailboxConfig } from '../config.ts';
import type { MailboxHealth } from '../mailbox/health.ts';

/** What one check found; `text` ends with the mend where there is something to mend. */
export interface Finding {
  readonly check: string;
  readonly result: 'ok' | 'warn' | 'fail';
  readonly text: string;
}

/** More difference between clocks (seconds) makes times and expiry wrong. */
const CLOCK_SECONDS = 5;

export async function checkDatabase(config: Pick<Config, 'databaseUrl' | 'redisUrl'>): Promise<Finding[]> {
  const [{ readDatabaseHealth }, { migrationState }] = await Promise.all([
    import('../store/health.ts'),
    import('../store/migrate.ts'),
  ]);
  const health = await readDatabaseHealth(config.databaseUrl);
  const { pending, unknown } = await migrationState(config.databaseUrl);
  const findings: Finding[] = [{ check: 'database', result: 'ok', text: `Postgres ${health.version} answers` }];
  if (unknown.length > 0) {
    findings.push({
      check: 'schema',
      result: 'warn',
      text: `a newer version of rebound was here (${unknown.join(', ')}); update this one`,
    });
  }
  if (pending.length === 0) findings.push({ check: 'schema', result: 'ok', text: 'up to date' });
  else if (health.mayCreate)
    findings.push({
      check: 'schema',
      result: 'warn',
      text: `${pending.length} migrations to apply: rebound migrate (start does it too)`,
    });
  else {
    findings.push({
      check: 'schema',
      result: 'fail',
      text: `${pending.length} migrations to apply, but the user in DATABASE_URL may not create tables. GRANT CREATE ON DATABASE … TO …; GRANT CREATE ON SCHEMA public TO …`,
    });
  }
  if (pending.length === 0 && !health.readerRole) {
    findings.push({
      check: 'reader role',
      result: 'warn',
      text: 'the role rebound_reader is missing (no right to create roles); dashboards need a role of their own with SELECT on schema report',
    });
  }
  const ahead = health.clockAhead;
  findings.push(
    Math.abs(ahead) > CLOCK_SECONDS
      ? {
          check: 'clock',
          result: 'warn',
          text: `this machine is ${Math.abs(ahead).toFixed(0)} s ${ahead > 0 ? 'ahead of' : 'behind'} Postgres; set both by NTP`,
        }
      : { check: 'clock', result: 'ok', text: 'agrees with Postgres' },
  );
  if (health.failedMails !== null && health.failedMails > 0) {
    const sample = health.failedSample.map(({ id, error }) => `${id}: ${error ?? 'no reason'}`).join('; ');
    findings.push({
      check: 'failed mails',
      result: 'warn',
      text: `${health.failedMails} could not be processed (${sample}). After an update: rebound retry`,
    });
  } else findings.push({ check: 'failed mails', result: 'ok', text: 'none' });
  return findings;
}

export async function checkQueue(config: Pick<Config, 'databaseUrl' | 'redisUrl'>): Promise<Finding[]> {
  const [{ readQueueHealth }, { backendName }] = await Promise.all([import('../queue/health.ts'), import('../queue/backend.ts')]);
  const { backlog, redis } = await readQueueHealth(config);
  const findings: Finding[] = [
    {
      check: 'queue',
      result: 'ok',
      text: `in ${redis === null ? backendName(config) : `Redis ${redis.version}`}, ${backlog} jobs wait`,
    },
  ];
  if (redis !== null && redis.maxmemoryPolicy !== 'noeviction') {
    findings.push({
      check: 'queue',
      result: 'warn',
      text: `Redis evicts keys (maxmemory-policy ${redis.maxmemoryPolicy}): no mail is lost, but work is repeated. CONFIG SET maxmemory-policy noeviction`,
    });
  }
  if (redis !== null && !redis.aof) {
    findings.push({
      check: 'queue',
      result: 'warn',
      text: 'Redis keeps no append-only file: no mail is lost, but a restart repeats work. Start it with --appendonly yes',
    });
  }
  return findings;
}

export async function checkMailbox(mailbox: MailboxConfig): Promise<Finding[]> {
  const { readMailboxHealth } = await import('../mailbox/health.ts');
  const health = await readMailboxHealth(mailbox);
  const check = `mailbox ${mailbox.name}`;
  const findings: Finding[] = [
    {
      check,
      result: 'ok',
      text: `logged in at ${mailbox.host}:${mailbox.port} (${health.secure ? 'TLS' : 'no TLS'}), ${health.mails} mails in ${mailbox.folder}; ${health.capabilities.idle ? 'IDLE wakes it' : 'no IDLE: asked every POLL_INTERVAL_SECONDS'}`,
    },
  ];
  if (!health.secure && !/^(?:127\.|::1$|localhost$)/.test(mailbox.host)) {
    findings.push({
      check,
      result: 'warn',
      text: 'the password crosses the network in clear text (IMAP_SECURITY=none); use tls or starttls',
    });
  }
  findings.push(settling(check, mailbox, health));
  for (const folder of health.folders) {
    if (!folder.exists)
      findings.push({ check, result: 'ok', text: `${folder.setting} ${folder.name} is not there yet; it will be made` });
  }
  return findings;
}

function settling(check: string, { settle }: MailboxConfig, { writable, capabilities }: MailboxHealth): Finding {
  if (settle === 'keep') return { check, result: 'ok', text: 'SETTLE=keep: nothing is changed in the mailbox' };
  if (!writable)
    return {
      check,
      result: 'fail',
      text: `SETTLE=${settle} must write, but the folder is read-only for this login. Give it the right, or SETTLE=keep`,
    };
  switch (settle) {
    case 'mark':
      return capabilities.keywords
        ? { check, result: 'ok', text: 'SETTLE=mark: bounces become \\Seen and $ReboundProcessed where they are' }
        : { check, result: 'warn', text: 'SETTLE=mark: the server takes no keywords, so bounces become \\Seen only' };
    case 'move':
      if (capabilities.move) return { check, result: 'ok', text: 'SETTLE=move: by MOVE' };
      return capabilities.uidPlus
        ? { check, result: 'ok', text: 'SETTLE=move: no MOVE here, by COPY and UID EXPUNGE' }
        : {
            check,
            result: 'warn',
            text: 'SETTLE=move: neither MOVE nor UIDPLUS: mails are copied and stay behind as \\Deleted; expunge them now and then',
          };
    case 'delete':
      return capabilities.uidPlus
        ? { check, result: 'ok', text: 'SETTLE=delete: by UID EXPUNGE' }
        : {
            check,
            result: 'warn',
            text: 'SETTLE=delete: no UIDPLUS here: mails are only marked as \\Deleted; expunge them now and then',
          };
  }
}
