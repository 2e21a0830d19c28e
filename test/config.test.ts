import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readConfig, withoutPassword } from '../src/config.ts';
import { ConfigError } from '../src/errors.ts';

const sound = {
  DATABASE_URL: 'postgresql://rebound:pw@127.0.0.1/rebound',
  IMAP_HOST: 'imap.example.com',
  IMAP_USER: 'bounces@example.com',
  IMAP_PASSWORD: 'secret',
};

function faultsOf(env: Record<string, string | undefined>): string {
  try {
    readConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    return (error as Error).message;
  }
  throw new Error('the settings were taken');
}

it('fills in what is not set', () => {
  const config = readConfig(sound);
  expect(config).toMatchObject({
    redisUrl: null,
    pollIntervalSeconds: 60,
    queueHighWater: 4000,
    suppressionPreset: 'standard',
    rawRetentionDays: 30,
  });
  expect(config.mailboxes).toEqual([
    {
      name: 'bounces@example.com',
      host: 'imap.example.com',
      port: 993,
      security: 'tls',
      user: 'bounces@example.com',
      password: 'secret',
      folder: 'INBOX',
      settle: 'mark',
      processedFolder: 'Processed',
      failedFolder: 'Failed',
    },
  ]);
  expect(readConfig({ ...sound, IMAP_SECURITY: 'starttls' }).mailboxes[0]!.port).toBe(143);
});

it('reports every fault at once, each with its name and the mend', () => {
  const message = faultsOf({
    ...sound,
    IMAP_HOST: undefined,
    POLL_INTERVAL_SECONDS: 'soon',
    SETTLE: 'burn',
    REDIS_URL: 'http://x',
  });
  expect(message).toMatch(/^4 settings are wrong \(\.env\.example explains each\):/);
  expect(message).toMatch(/IMAP_HOST is not set/);
  expect(message).toMatch(/POLL_INTERVAL_SECONDS must be a whole number from 1 to 3600/);
  expect(message).toMatch(/SETTLE must be one of mark, move, delete, keep/);
  expect(message).toMatch(/REDIS_URL must be a URL like redis:/);
});

it('refuses a URL whose password has a sign that is not encoded, and never shows it', () => {
  for (const url of ['postgresql://u:p@ss#w/o?r%d@127.0.0.1/a', 'postgresql://u:p/w@127.0.0.1/a/b']) {
    const message = faultsOf({ ...sound, DATABASE_URL: url });
    expect(message).toMatch(/DATABASE_URL must be a URL.*%23/);
    expect(message).not.toMatch(/ss#w|p\/w/);
  }
  for (const url of ['redis://127.0.0.1:6379/abc', 'redis://:SE%zz@127.0.0.1:6379']) {
    expect(faultsOf({ ...sound, REDIS_URL: url })).toMatch(/REDIS_URL must be/);
  }
  expect(readConfig({ ...sound, REDIS_URL: 'redis://:a%23b@127.0.0.1:6379/2' }).redisUrl).toMatch(/2$/);
});

it('refuses folders that are the same', () => {
  expect(faultsOf({ ...sound, SETTLE: 'delete', FAILED_FOLDER: 'inbox' })).toMatch(/FAILED_FOLDER is the same as IMAP_FOLDER/);
});

it('takes an empty value as not set', () => {
  expect(readConfig({ ...sound, REDIS_URL: '', POLL_INTERVAL_SECONDS: ' ' })).toMatchObject({
    redisUrl: null,
    pollIntervalSeconds: 60,
  });
});

it('refuses what this version cannot do, and folders that would swallow themselves', () => {
  expect(faultsOf({ ...sound, WEBHOOK_URL: 'https://example.com/hook' })).toMatch(/WEBHOOK_URL.*does not have yet/);
  expect(faultsOf({ ...sound, SETTLE: 'move', PROCESSED_FOLDER: 'INBOX' })).toMatch(
    /PROCESSED_FOLDER is the same as IMAP_FOLDER/,
  );
});

it('reads secrets from files', () => {
  const folder = mkdtempSync(join(tmpdir(), 'rebound-config-'));
  try {
    writeFileSync(join(folder, 'password'), 'from a file\n');
    const { IMAP_PASSWORD, ...rest } = sound;
    expect(readConfig({ ...rest, IMAP_PASSWORD_FILE: join(folder, 'password') }).mailboxes[0]!.password).toBe('from a file');
    expect(faultsOf({ ...sound, IMAP_PASSWORD_FILE: join(folder, 'password') })).toMatch(
      /IMAP_PASSWORD and IMAP_PASSWORD_FILE are both set/,
    );
    expect(faultsOf({ ...rest, IMAP_PASSWORD_FILE: join(folder, 'none') })).toMatch(/cannot be read \(ENOENT\)/);
    expect(IMAP_PASSWORD).toBe('secret');
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it('takes one secret for return paths, or several with an id each, and refuses a short one without showing it', () => {
  const secret = 'a-secret-of-thirty-two-signs-at-the-least';
  expect(readConfig(sound).returnPathKeys).toEqual([]);
  expect(readConfig({ ...sound, RETURN_PATH_SECRET: secret }).returnPathKeys).toEqual([{ id: '0', secret }]);
  expect(readConfig({ ...sound, RETURN_PATH_SECRET: `b:${secret}2, 0:${secret}` }).returnPathKeys).toEqual([
    { id: 'b', secret: `${secret}2` },
    { id: '0', secret },
  ]);
  const message = faultsOf({ ...sound, RETURN_PATH_SECRET: `hunter2 ${secret}` });
  expect(message).toMatch(/RETURN_PATH_SECRET holds a secret of 7 characters \(key 0\).*openssl rand/);
  expect(message).toMatch(/several secrets for key 0/);
  expect(message).not.toMatch(/hunter2|a-secret/);
});

it('needs only the database for commands that only read it', () => {
  expect(readConfig({ DATABASE_URL: sound.DATABASE_URL }, 'database').mailboxes).toEqual([]);
});

it('never shows a password in a URL', () => {
  expect(withoutPassword('postgresql://u:secret@h/db?sslpassword=hush')).not.toMatch(/secret|hush/);
  expect(withoutPassword('nonsense secret')).not.toMatch(/secret/);
});
