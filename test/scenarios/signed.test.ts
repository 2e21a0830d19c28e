import { afterAll, beforeAll, expect, it } from 'vitest';
import { signReturnPath } from '../../src/bounce/return-path.ts';
import { readReturnPathKeys } from '../../src/bounce/return-path-keys.ts';
import { freshDatabase } from '../support/database.ts';
import { type DovecotServer, startDovecot } from '../support/dovecot.ts';
import { drain, report, sql } from '../support/pipeline.ts';
import { type RedisServer, startRedis } from '../support/redis.ts';

let dovecot: DovecotServer;
let redis: RedisServer;

beforeAll(async () => {
  [dovecot, redis] = await Promise.all([startDovecot(), startRedis()]);
});
afterAll(() => Promise.all([dovecot.stop(), redis.stop()]));

it('flags the address on the list for a report to its signed return path, and nobody whom such a report merely claims', async () => {
  const RETURN_PATH_SECRET = 'b:the-new-secret-of-thirty-two-signs-or-so 0:the-old-secret-of-thirty-two-signs-or-so';
  const { keys } = readReturnPathKeys(RETURN_PATH_SECRET);
  const day = 86_400_000;
  const to = (recipient: string, daysAgo: number, signers = keys) =>
    signReturnPath(recipient, { returnPath: 'bounces@example.com', keys: signers, date: new Date(Date.now() - daysAgo * day) });
  const sentTo = (returnPath: string, failed: string) =>
    report([failed]).replace('To: bounces@example.com', `To: <${returnPath}>`);

  const databaseUrl = await freshDatabase();
  const user = 'signed';
  await dovecot.deliver(
    [
      sentTo(to('Anna@example.net', 3), 'anna.berg@forwarded.example'),
      sentTo(to('attacker@example.net', 3, keys.toReversed()), 'victim@example.org'),
      sentTo(to('late@example.net', 60), 'late@example.net'),
    ],
    { user },
  );
  await drain({
    dovecot,
    user,
    databaseUrl,
    redisUrl: redis.url,
    settings: { RETURN_PATH_SECRET, SENDER_DOMAINS: 'example.com' },
  });

  expect(await sql(databaseUrl, 'SELECT recipient, final_recipient, trust, status FROM bounces ORDER BY recipient_key')).toEqual([
    { recipient: 'Anna@example.net', final_recipient: 'anna.berg@forwarded.example', trust: 'signed', status: '5.1.1' },
    { recipient: 'attacker@example.net', final_recipient: 'victim@example.org', trust: 'signed', status: '5.1.1' },
    { recipient: 'late@example.net', final_recipient: 'late@example.net', trust: 'unverified', status: '5.1.1' },
  ]);
  expect(await sql(databaseUrl, 'SELECT recipient, state FROM report.suppressions ORDER BY 1')).toEqual([
    { recipient: 'Anna@example.net', state: 'flagged' },
    { recipient: 'attacker@example.net', state: 'flagged' },
    { recipient: 'late@example.net', state: 'flagged' },
  ]);
}, 60_000);
