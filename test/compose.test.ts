import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { describe, expect, it, onTestFinished } from 'vitest';
import { buildProgram } from '../src/cli/program.ts';
import { readConfig, SETTING_NAMES } from '../src/config.ts';
import { readSamples } from '../src/demo/samples.ts';
import { imapClient } from '../src/mailbox/imap.ts';
import { packageRoot } from '../src/package-root.ts';
import { startDaemon } from './support/daemon.ts';
import { freshDatabase } from './support/database.ts';
import { startDovecot } from './support/dovecot.ts';
import { drain, sql } from './support/pipeline.ts';
import { startRedis } from './support/redis.ts';
import { runNode } from './support/run-node.ts';
import { findOrInstall } from './support/servers.ts';

const read = (path: string) => readFileSync(join(packageRoot, path), 'utf8');
const compose = read('docker-compose.yml');
const demo = parseEnv(read('docker/demo.env'));
const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map((match) => match[1]!);

/** The lines of one top-level block or one service. */
function block(name: string, indent = ''): string {
  const found = new RegExp(`^${indent}${name}:.*\\n((?:${indent} +.*\\n|\\s*\\n)+)`, 'm').exec(compose);
  if (!found) throw new Error(`docker-compose.yml has no ${name}`);
  return found[1]!;
}
const service = (name: string) => block(name, '  ');

describe('docker-compose.yml', () => {
  it('hands every setting on, under its own name', () => {
    const set = matches(`${block('x-settings')}${block('x-mailbox')}`, /^ {2}([A-Z_]+):/gm);
    // Secrets in files need a mount, which is the operator's to make.
    expect(set.sort()).toEqual(SETTING_NAMES.filter((name) => !name.endsWith('_FILE')).sort());
    for (const [, name, variable] of compose.matchAll(/^ {2}([A-Z_]+): "\$\{([A-Z_]+)/gm)) expect(variable).toBe(name);
  });

  it('asks of .env only what .env.example explains', () => {
    const asked = new Set(matches(compose, /\$\{([A-Z_]+)/g));
    const explained = matches(read('.env.example'), /^#?([A-Z][A-Z0-9_]*)=/gm);
    expect([...asked].filter((name) => !explained.includes(name))).toEqual([]);
  });

  it('runs commands that exist', () => {
    const commands = buildProgram().commands.map((command) => command.name());
    for (const name of ['poller', 'worker']) {
      const [command] = matches(service(name), /^ {4}command: \[(\w+)\]$/gm);
      expect(commands, name).toContain(command);
    }
    // What it and its comments tell a person to run.
    for (const command of matches(compose + read('README.md'), /docker compose run --rm \w+ (\w+)/g)) {
      expect(commands).toContain(command);
    }
  });

  it('names only files that are there', () => {
    for (const file of matches(compose + read('Dockerfile'), /dist\/((?:src|workers)\/[\w/-]+)\.js/g)) {
      expect(existsSync(join(packageRoot, `${file}.ts`)), file).toBe(true);
    }
    for (const path of matches(compose, /^ +build: (\S+)$/gm))
      expect(existsSync(join(packageRoot, path, 'Dockerfile')), path).toBe(true);
    for (const path of matches(compose, /--env-file (\S+)/g)) expect(existsSync(join(packageRoot, path)), path).toBe(true);
    const copied = matches(read('Dockerfile'), /^COPY (?!--from)(.+) \S+$/gm).flatMap((paths) => paths.split(' '));
    for (const path of copied) expect(existsSync(join(packageRoot, path)), path).toBe(true);
  });

  it('lets the parts that may be many be many, and keeps every server to itself', () => {
    for (const name of ['poller', 'worker']) expect(service(name)).not.toMatch(/container_name|^ {4}ports:/m);
    expect(compose).not.toMatch(/^ {4}ports:/m);
    expect(block('volumes').trim().split(/\s+/)).toEqual(['redis:', 'postgres:']);
    for (const name of ['redis', 'postgres', 'dovecot']) expect(service(name), name).toContain('healthcheck:');
  });

  it('gives the worker no password of the mailbox', () => {
    expect(service('worker')).not.toContain('mailbox');
    expect(service('poller')).toContain('*mailbox');
  });

  it('has settings for the demo that are complete', () => {
    const config = readConfig({ ...demo, DATABASE_URL: 'postgresql://rebound:demo@postgres/rebound' });
    expect(config.mailboxes[0]).toMatchObject({ host: 'dovecot', port: 143, user: 'bounces' });
    expect(service('dovecot')).toContain('profiles: [demo]');
    expect(service('samples')).toContain('profiles: [demo]');
    for (const needed of matches(compose, /\$\{([A-Z_]+):\?/g)) expect(demo, needed).toHaveProperty(needed);
  });
});

it('serves the mailbox of the demo by its Dovecot configuration, and fills it once', async () => {
  const program = await findOrInstall('dovecot');
  const written = read('docker/dovecot/dovecot.conf');
  const daemon = await startDaemon({
    name: 'dovecot-demo',
    ports: 1,
    portTaken: /address already in use/i,
    async command(dir, [port]) {
      await mkdir(join(dir, 'mail'), { recursive: true });
      await chmod(join(dir, 'mail'), 0o777);
      // Only the place differs from the container: port, address, folders and owner.
      const here = written
        .replace('listen = *', `listen = 127.0.0.1\nbase_dir = ${dir}/run\nstate_dir = ${dir}/state`)
        .replace('port = 143', `port = ${port}`)
        .replaceAll('/srv/mail', join(dir, 'mail'))
        .replace('uid=vmail gid=vmail', 'uid=65534 gid=65534');
      await writeFile(join(dir, 'dovecot.conf'), here);
      return { program, args: ['-F', '-c', join(dir, 'dovecot.conf')] };
    },
    ready: async ([port]) => (await state(port!)) !== null,
  });
  onTestFinished(() => daemon.stop());
  const [port] = daemon.ports;
  const env = { ...demo, IMAP_HOST: '127.0.0.1', IMAP_PORT: String(port), DATABASE_URL: 'postgresql://127.0.0.1/not-asked' };

  const samples = readSamples().length;
  const first = await runNode('workers/samples.ts', [], { env });
  expect(first).toEqual({ code: 0, stdout: `${samples} sample mails are in INBOX.\n`, stderr: '' });
  const second = await runNode('workers/samples.ts', [], { env });
  expect(second.stdout).toContain('nothing is added');
  expect(await state(port!)).toBe(samples);
}, 60_000);

/** Mails in the demo's INBOX; null while its server does not answer. */
async function state(port: number): Promise<number | null> {
  const config = readConfig({
    ...demo,
    IMAP_HOST: '127.0.0.1',
    IMAP_PORT: String(port),
    DATABASE_URL: 'postgresql://127.0.0.1/x',
  });
  const client = imapClient(config.mailboxes[0]!, 2000);
  try {
    await client.connect();
    return (await client.mailboxOpen('INBOX')).exists;
  } catch {
    return null;
  } finally {
    client.close();
  }
}

describe('the health check of the containers', () => {
  it('tells whether the mailbox is being read and the servers answer', async () => {
    const [databaseUrl, dovecot, redis] = await Promise.all([freshDatabase(), startDovecot(), startRedis()]);
    onTestFinished(() => Promise.all([dovecot.stop(), redis.stop()]).then(() => undefined));
    const env = {
      DATABASE_URL: databaseUrl,
      REDIS_URL: redis.url,
      IMAP_HOST: '127.0.0.1',
      IMAP_PORT: String(dovecot.port),
      IMAP_SECURITY: 'none',
      IMAP_USER: 'health',
      IMAP_PASSWORD: dovecot.password,
    };
    const health = (part: string) => runNode('workers/healthcheck.ts', [part], { env });

    expect(await health('work')).toMatchObject({ code: 0, stdout: 'work: healthy\n' });
    expect((await health('poll')).code, 'before any round').toBe(1);

    await drain({ dovecot, user: 'health', databaseUrl, redisUrl: redis.url });
    expect(await health('poll')).toMatchObject({ code: 0, stdout: 'poll: healthy\n' });

    await sql(databaseUrl, "UPDATE mailboxes SET last_success_at = now() - interval '10 minutes'");
    const late = await health('poll');
    expect(late.code).toBe(1);
    expect(late.stdout).toMatch(/^health was last read 6\d\d s ago\n$/);

    await redis.kill9();
    const away = await health('work');
    expect(away.code).toBe(1);
    expect(away.stdout).toMatch(/queue in Redis cannot be used now.*REDIS_URL/);
  }, 60_000);
});

it('keeps secrets and the working copy out of the image', async () => {
  const ignored = (await readFile(join(packageRoot, '.dockerignore'), 'utf8'))
    .split('\n')
    .filter((line) => line && !line.startsWith('#'));
  expect(ignored[0]).toBe('*');
  expect(ignored.filter((line) => line.startsWith('!')).join(' ')).not.toMatch(/\.env|\.git|node_modules|dist|test/);
});
