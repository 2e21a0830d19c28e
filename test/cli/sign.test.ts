import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { report } from '../support/pipeline.ts';
import { runCli } from './run-cli.ts';

const RETURN_PATH_SECRET = 'a-secret-of-thirty-two-signs-at-the-least';
const env = { RETURN_PATH_SECRET, IMAP_USER: 'bounces@example.com' };

describe('sign', () => {
  it('prints a return path for each address, and verifies it', async () => {
    const signed = await runCli(['sign', 'anna@example.net', 'Bert@example.org', '--return-path', 'b-@example.com'], { env });
    expect(signed).toMatchObject({ code: 0, stderr: '' });
    const [first, second, ...rest] = signed.stdout.trimEnd().split('\n');
    expect(rest).toEqual([]);
    expect(first).toMatch(/^b-rb0[a-z0-9]{3}[a-z2-7]{16}-anna=example\.net@example\.com$/);
    const today = new Date().toISOString().slice(0, 10);
    const verified = await runCli(['sign', '--verify', first!, second!], { env });
    expect(verified).toEqual({
      code: 0,
      stderr: '',
      stdout: `${first}: valid, signed for anna@example.net on ${today} with the key 0\n${second}: valid, signed for Bert@example.org on ${today} with the key 0\n`,
    });
  });

  it('reads addresses from standard input, does what can be done, and exits with 1 for what cannot', async () => {
    const { code, stdout, stderr } = await runCli(['sign', '-', '--json'], { env, input: 'anna@example.net\n\nno address\n' });
    expect(code).toBe(1);
    expect(
      stdout
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      {
        recipient: 'anna@example.net',
        return_path: expect.stringMatching(/^bounces\+rb0.*@example\.com$/),
        key_id: '0',
        day: new Date().toISOString().slice(0, 10),
      },
    ]);
    expect(stderr).toBe('rebound: "no address" is no address.\n');
  });

  it('says why a return path is not valid', async () => {
    const long = 'maximiliane.musterfrau-beispielhausen@verwaltung.example.net';
    const address = (await runCli(['sign', long], { env })).stdout.trim();
    const verify = async (args: string[], secret = RETURN_PATH_SECRET) => {
      const { code, stdout } = await runCli(['sign', '--verify', ...args], { env: { RETURN_PATH_SECRET: secret } });
      return `${code} ${stdout.trim().slice(args[0]!.length)}`;
    };
    expect(await verify([address, '--recipient', 'a@example.net', long])).toMatch(/^0 : valid, signed for maximiliane/);
    expect(await verify([address])).toMatch(/^1 : its recipient had no room in it; .*--recipient/);
    expect(await verify([address], `b:${RETURN_PATH_SECRET}`)).toMatch(
      /^1 : signed with the key 0, which RETURN_PATH_SECRET does not hold/,
    );
    expect(await verify([`bounces+rb0fz8${'a'.repeat(16)}-anna=example.net@example.com`])).toMatch(/^1 : wrong/);
    expect(await verify(['bounces@example.com'])).toMatch(/^1 : not a signed return path/);
  });

  it('names the setting that is missing or wrong, and shows no secret', async () => {
    const fails = async (args: string[], given: Record<string, string>) => {
      const { code, stderr } = await runCli(['sign', ...args], { env: given });
      expect(code).toBe(1);
      expect(stderr).not.toContain('hunter2');
      return stderr;
    };
    expect(await fails(['anna@example.net'], {})).toMatch(/RETURN_PATH_SECRET is not set.*openssl rand -hex 32/);
    expect(await fails(['anna@example.net'], { RETURN_PATH_SECRET: 'hunter2' })).toMatch(
      /RETURN_PATH_SECRET holds a secret of 7/,
    );
    expect(await fails(['anna@example.net'], { RETURN_PATH_SECRET })).toMatch(/--return-path bounces@example\.com/);
    expect(await fails(['anna@example.net', '--return-path', '"b"@example.com'], { RETURN_PATH_SECRET })).toMatch(
      /cannot be a return path/,
    );
  });

  it('makes classify call a report signed, with the secret from a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'rebound-sign-'));
    onTestFinished(() => rm(folder, { recursive: true, force: true }));
    await writeFile(join(folder, 'secret'), `${RETURN_PATH_SECRET}\n`);
    const address = (await runCli(['sign', 'anna@example.net'], { env })).stdout.trim();
    const mail = report(['forwarded@example.org']).replace('To: bounces@example.com', `To: ${address}`);
    const { stdout } = await runCli(['classify', '--jsonl', '-'], {
      env: { RETURN_PATH_SECRET_FILE: join(folder, 'secret') },
      input: mail,
    });
    expect(JSON.parse(stdout)).toMatchObject({
      trust: 'signed',
      return_path_signature: 'valid',
      events: [{ recipient: 'anna@example.net', final_recipient: 'forwarded@example.org' }],
    });
  });
});
