import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { letter, report } from '../support/pipeline.ts';
import { runCli } from './run-cli.ts';

/** A folder with these files. */
async function folderWith(files: Readonly<Record<string, string | Buffer>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rebound-classify-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  return folder;
}

const records = (stdout: string): { file: string; kind: string; events: { recipient: string }[] }[] =>
  stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

describe('classify', () => {
  it('prints a JSON line a mail, in order of name, and takes only mails out of a folder', async () => {
    const folder = await folderWith({
      'b.eml': report(['b@example.org']),
      'a.EML': report(['a@example.org']),
      'deeper/c.eml': letter(),
      'README.md': '# not a mail',
      'labels.jsonl': '{}',
      'score.mjs': 'export {};',
    });
    const { code, stdout, stderr } = await runCli(['classify', '--jsonl', folder]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(records(stdout).map(({ file, kind, events }) => [file, kind, events.map((event) => event.recipient)])).toEqual([
      [join(folder, 'a.EML'), 'bounce', ['a@example.org']],
      [join(folder, 'b.eml'), 'bounce', ['b@example.org']],
      [join(folder, 'deeper/c.eml'), 'other', []],
    ]);
  });

  it('passes nothing on to the terminal that a file name holds', async () => {
    const folder = await folderWith({ 'a\x1b[31m\u202e.eml': report(['a@example.org']) });
    const { stdout } = await runCli(['classify', '--jsonl', folder]);
    expect(stdout).not.toMatch(/[\x1b\u202e]/);
    const { code, stderr } = await runCli(['classify', join(folder, 'none\x1b[31m\u202e.eml')]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/none.*cannot be read/);
    expect(stderr).not.toMatch(/[\x1b\u202e]/);
  });

  it('gives each line the fields that scripts rely on', async () => {
    const folder = await folderWith({ 'a.eml': report(['a@example.org']) });
    const { stdout } = await runCli(['classify', '--jsonl', join(folder, 'a.eml')]);
    const [record] = records(stdout);
    expect(Object.keys(record!)).toEqual([
      'file',
      'kind',
      'message_id',
      'reporting_mta',
      'original_message_id',
      'trust',
      'return_path_signature',
      'original',
      'events',
    ]);
    expect(record!.events[0]).toMatchObject({
      recipient: 'a@example.org',
      final_recipient: 'a@example.org',
      action: 'failed',
      class: 'permanent',
      category: 'user_unknown',
      fault: 'recipient',
      status: '5.1.1',
      reply: '550',
      remote_mta: 'mx.example.org',
    });
  });

  it('reads a Maildir: what is in cur and new, not what is half delivered', async () => {
    const folder = await folderWith({
      'cur/1700000000.M1.host:2,S': report(['cur@example.org']),
      'new/1700000001.M2.host': report(['new@example.org']),
      'tmp/1700000002.M3.host': report(['tmp@example.org']),
      '.Sent/cur/1700000003.M4.host:2,': report(['sub@example.org']),
      'dovecot-uidlist': '3 V1 N4',
    });
    const { stdout } = await runCli(['classify', '--jsonl', folder]);
    expect(records(stdout).flatMap(({ events }) => events.map((event) => event.recipient))).toEqual([
      'sub@example.org',
      'cur@example.org',
      'new@example.org',
    ]);
  });

  it('takes an mbox apart, from a file and from standard input alike', async () => {
    const quoted = letter('Quoting').replace('Are you free', '>From here on: are you free');
    const mbox = [report(['a@example.org']), quoted, report(['c@example.org'])]
      .map((mail) => `From MAILER-DAEMON Mon Mar  2 09:00:00 2026\n${mail.replaceAll('\r\n', '\n')}\n`)
      .join('');
    const folder = await folderWith({ 'all.mbox': mbox });
    const path = join(folder, 'all.mbox');
    const fromFile = await runCli(['classify', '--jsonl', path]);
    expect(records(fromFile.stdout).map(({ file, kind }) => [file, kind])).toEqual([
      [`${path}#1`, 'bounce'],
      [`${path}#2`, 'other'],
      [`${path}#3`, 'bounce'],
    ]);
    const fromPipe = await runCli(['classify', '--jsonl', '-'], { input: mbox });
    expect(records(fromPipe.stdout).map(({ file, kind }) => [file, kind])).toEqual([
      ['-#1', 'bounce'],
      ['-#2', 'other'],
      ['-#3', 'bounce'],
    ]);
  });

  it('prints a table for people, with a line that sums up', async () => {
    const { code, stdout } = await runCli(['classify', '-'], { input: report(['ann@example.org', 'bob@example.org']) });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^file +kind +recipient +class +category +fault +status +reason$/m);
    expect(stdout).toMatch(/^- +bounce +ann@example\.org +permanent +user_unknown +recipient +5\.1\.1 /m);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe('1 mail: 1 bounce; 2 recipients');
  });

  it('keeps control characters of a mail away from the terminal', async () => {
    const mail = report(['ann@example.org'], { diagnostic: '550 5.1.1 \u001b[31mred\u0007 \u202eterces' });
    const { stdout } = await runCli(['classify', '-'], { input: mail });
    expect(stdout).toContain('ann@example.org');
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f\u202a-\u202e\u2066-\u2069]/);
  });

  it('names what cannot be read, does the rest, and exits with 1', async () => {
    const folder = await folderWith({ 'a.eml': report(['a@example.org']), 'c.eml': report(['c@example.org']) });
    await symlink(join(folder, 'nowhere'), join(folder, 'b.eml'));
    const missing = join(folder, 'missing.eml');
    const { code, stdout, stderr } = await runCli(['classify', '--jsonl', folder, missing]);
    expect(code).toBe(1);
    expect(records(stdout)).toHaveLength(2);
    expect(stderr.trimEnd().split('\n')).toEqual([
      `rebound: ${join(folder, 'b.eml')} cannot be read: there is no such file or folder.`,
      `rebound: ${missing} cannot be read: there is no such file or folder.`,
    ]);
  });

  it('reads the first MiB of a mail of 40 MB, and mail that is no mail at all', async () => {
    const huge = Buffer.concat([Buffer.from(report(['big@example.org'])), Buffer.alloc(40 * 1024 * 1024, 'x\n')]);
    const folder = await folderWith({
      '1.eml': huge,
      '2.eml': '',
      '3.eml': Buffer.alloc(5000, 0),
      '4.eml': Buffer.alloc(5000, 0xff),
    });
    const { code, stdout } = await runCli(['classify', '--jsonl', folder]);
    expect(code).toBe(0);
    expect(records(stdout).map(({ kind }) => kind)).toEqual(['bounce', 'other', 'other', 'other']);
  });

  it('calls a report correlated when the returned mail is from one of SENDER_DOMAINS', async () => {
    const input = report(['a@example.org']);
    const trust = async (env: Record<string, string>) =>
      JSON.parse((await runCli(['classify', '--jsonl', '-'], { input, env })).stdout).trust;
    expect(await trust({})).toBe('unverified');
    expect(await trust({ SENDER_DOMAINS: 'Example.com, example.net' })).toBe('correlated');
  });
});
