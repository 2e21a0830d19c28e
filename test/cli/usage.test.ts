import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { buildProgram } from '../../src/cli/program.ts';
import { packageRoot, version } from '../../src/package-root.ts';
import { runCli, startCli } from './run-cli.ts';

async function folder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'rebound-cli-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}

describe('the command line', () => {
  it('tells its version', async () => {
    expect(await runCli(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
  });

  it('explains every command with an example', () => {
    const texts = new Map<string, string>();
    for (const command of buildProgram().commands) {
      let text = '';
      command.configureOutput({ writeOut: (part) => (text += part) }).outputHelp();
      texts.set(command.name(), text);
    }
    expect([...texts.keys()].sort()).toEqual(
      [
        'check',
        'classify',
        'demo',
        'doctor',
        'explain',
        'list',
        'migrate',
        'poll',
        'retry',
        'sign',
        'start',
        'stats',
        'work',
      ].sort(),
    );
    for (const [name, text] of texts) expect(text, name).toMatch(/Examples?:\n.*npx rebound /s);
  });

  it.each([
    [['lsit'], /unknown command 'lsit'[\s\S]*Did you mean list\?/],
    [['list', '--stat', 'held'], /unknown option '--stat'[\s\S]*Did you mean --state\?/],
    [['list', '--state', 'gone'], /Allowed choices are flagged, held, removed, released/],
    [['list', '--limit', '0'], /whole number above 0/],
    [['list', '--since', 'yesterdayish'], /a span like 36h or 7d/],
    [['classify'], /missing required argument 'path'/],
    [['explain'], /missing required argument 'what'/],
    [['explain', '-', '5.1.1'], /- stands alone/],
    [['explain', ' '], /nothing to explain/],
    [['stats', 'extra'], /too many arguments/],
    [['retry', '--id', 'x'], /number of a message/],
    [['sign'], /missing required argument 'address'/],
  ])('exits with 2 on wrong use: %j', async (args, message) => {
    const { code, stdout, stderr } = await runCli(args);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  });

  it('names every wrong setting at once, without a stack trace', async () => {
    const { code, stdout, stderr } = await runCli(['start'], {
      env: {
        DATABASE_URL: 'mysql://x',
        SETTLE: 'burn',
        POLL_INTERVAL_SECONDS: 'often',
        IMAP_USER: 'u',
        IMAP_PASSWORD: 'hunter2',
      },
    });
    for (const name of ['DATABASE_URL', 'SETTLE', 'POLL_INTERVAL_SECONDS', 'IMAP_HOST']) expect(stderr).toContain(`- ${name} `);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(stderr).not.toContain('hunter2');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('reads .env in the current folder, but what is set already wins', async () => {
    const cwd = await folder();
    await writeFile(join(cwd, '.env'), 'DATABASE_URL=mysql://from-the-file\nWORKER_CONCURRENCY=lots\n');
    const { code, stderr } = await runCli(['work'], { cwd, env: { WORKER_CONCURRENCY: '0' } });
    expect(code).toBe(1);
    expect(stderr).toContain('DATABASE_URL must be a URL');
    expect(stderr).toContain('WORKER_CONCURRENCY must be a whole number');
    const fromFile = await runCli(['work'], {
      cwd,
      env: { DATABASE_URL: 'postgresql://127.0.0.1:1/none', WORKER_CONCURRENCY: '2' },
    });
    expect(fromFile.code).toBe(1);
    expect(fromFile.stderr).toMatch(/Postgres at 127\.0\.0\.1:1\/none cannot be used now.*DATABASE_URL/);
  });

  it('ends quietly when the reader of its output leaves', async () => {
    const samples = join(packageRoot, 'src', 'demo', 'samples');
    const { child, ended } = startCli(['classify', '--jsonl', ...Array(40).fill(samples)]);
    child.stdout.once('data', () => child.stdout.destroy());
    const { code, stderr } = await ended;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  });
});
