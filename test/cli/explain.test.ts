import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { failed, ndr, ORIGINAL } from '../explain/ndr.ts';
import { runCli } from './run-cli.ts';

async function fileWith(name: string, content: string | Buffer): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'rebound-explain-'));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

const REPORT = ndr({
  text: "Your message to anna@example.net couldn't be delivered.\n",
  status: {
    recipients: [
      failed('anna@example.net', '5.7.23', '550 5.7.23 Sender Policy Framework violation', 'Remote-MTA: dns;mx.example.net'),
    ],
  },
  returned: ['Received-SPF: Fail (mx.example.net: domain of shop.example.com)', ...ORIGINAL],
});

describe('explain', () => {
  it('says what a code means, with no settings and no server', async () => {
    const { code, stdout, stderr } = await runCli(['explain', '5.7.623']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const words of [
      '5.7.623: Sending IP banned',
      'permanent, blocked',
      'Who must act',
      'standard',
      "Microsoft's table, row 5.7.606 to 5.7.649",
    ])
      expect(stdout).toContain(words);
  });

  it('keeps lines within 100 columns, addresses of documents apart', async () => {
    const { stdout } = await runCli(['explain', '5.7.1', '5.2.2', '4.7.26']);
    const lines = stdout.split('\n').filter((line) => !line.includes('https://'));
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(100);
  });

  it('takes unquoted words for one answer', async () => {
    const { code, stdout } = await runCli(['explain', '550', '5.1.10', 'RESOLVER.ADR.RecipientNotFound', '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { status: '5.1.10', reply: '550', decided: true, meanings: [{ category: 'user_unknown', who_acts: 'sender' }] },
    ]);
  });

  it('knows a file and standard input for a mail, and gives them the same explanation', async () => {
    const file = await fileWith('bounce.eml', REPORT);
    const fromFile = await runCli(['explain', '--json', file], { env: { SENDER_DOMAINS: 'shop.example.com' } });
    const fromInput = await runCli(['explain', '--json', '-'], { env: { SENDER_DOMAINS: 'shop.example.com' }, input: REPORT });
    const [report] = JSON.parse(fromFile.stdout) as Record<string, unknown>[];
    expect(report).toMatchObject({ kind: 'bounce', ours: true, received_spf: { result: 'fail' } });
    expect(report).toMatchObject({
      recipients: [{ recipient: 'anna@example.net', refused_by: 'mx.example.net', spf_is_cause: true }],
    });
    expect(JSON.parse(fromInput.stdout)).toEqual([{ ...report, file: 'standard input' }]);
  });

  it('tells files from codes where both are given, and names the file that is not there', async () => {
    const file = await fileWith('bounce.eml', REPORT);
    const both = await runCli(['explain', '--json', '5.2.2', file]);
    expect(JSON.parse(both.stdout)).toMatchObject([{ kind: 'bounce' }, { status: '5.2.2' }]);
    for (const other of [file, '5.2.2']) {
      const { code, stdout, stderr } = await runCli(['explain', other, 'nosuch.eml']);
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^rebound: nosuch\.eml cannot be read: there is no such file/);
    }
    const link = await runCli(['explain', '550', '5.7.1', 'see', 'https://example.com/help']);
    expect(link.code).toBe(0);
  });

  it('goes by a signed return path as classify does: the report is about whom it was signed for', async () => {
    const env = { RETURN_PATH_SECRET: 'a-secret-of-thirty-two-signs-at-the-least' };
    const signed = await runCli(['sign', 'ben@example.org', '--return-path', 'bounces@example.com'], { env });
    const input = `X-Original-To: ${signed.stdout.trim()}\n${REPORT}`;
    const { stdout } = await runCli(['explain', '--json', '-'], { env, input });
    expect(JSON.parse(stdout)).toMatchObject([{ trust: 'signed', ours: true, recipients: [{ recipient: 'ben@example.org' }] }]);
  });

  it('takes standard input that is no mail for a paste', async () => {
    const { code, stdout } = await runCli(['explain', '-', '--json'], { input: '5.1.1\n#5.7.133\n' });
    expect(code).toBe(0);
    expect((JSON.parse(stdout) as { status: string }[]).map(({ status }) => status)).toEqual(['5.1.1', '5.7.133']);
  });

  it('explains what there is, names what does not exist, and fails', async () => {
    const { code, stdout, stderr } = await runCli(['explain', '9.9.9', '5.1', '5.1.1']);
    expect(code).toBe(1);
    expect(stdout).toContain('5.1.1: No such mailbox');
    expect(stderr).toMatch(/9\.9\.9 cannot be explained: there is no such code.*\n.*5\.1 cannot be explained/);
  });

  it.each([
    [['explain', 'no-such-file.eml'], /no-such-file\.eml cannot be read: there is no such file/],
    [['explain', 'test'], /test is a folder.*rebound classify test/],
    [['explain', 'xyzzy'], /xyzzy cannot be explained/],
  ])('fails with a reason: %j', async (args, message) => {
    const { code, stdout, stderr } = await runCli(args);
    expect(stderr).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  });

  it('fails on empty input', async () => {
    const { code, stderr } = await runCli(['explain', '-'], { input: '' });
    expect(code).toBe(1);
    expect(stderr).toMatch(/nothing to explain/);
  });

  it('lets no escape of a hostile report reach the terminal', async () => {
    const hostile = ndr({
      text: 'Not delivered.',
      status: { recipients: [failed('anna@example.net', '5.1.1', '550 5.1.1 \u001b[2J\u001b]0;pwned\u0007User unknown\u202e')] },
      returned: ORIGINAL.map((line) => (line.startsWith('Subject') ? 'Subject: \u001b[31mred' : line)),
    });
    const { code, stdout } = await runCli(['explain', '-'], { input: hostile });
    expect(code).toBe(0);
    expect(stdout).toContain('anna@example.net');
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202e]/);
  });
});
