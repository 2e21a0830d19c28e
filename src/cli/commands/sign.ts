import type { Command } from 'commander';
import {
  type CheckedReturnPath,
  dayOf,
  RETURN_PATH_VALID_DAYS,
  type Signature,
  signReturnPath,
  verifyReturnPath,
} from '../../bounce/return-path.ts';
import type { ReturnPathKey } from '../../bounce/return-path-keys.ts';
import { readTrustSettings } from '../../config.ts';
import { ConfigError } from '../../errors.ts';
import { jsonText, write } from '../output.ts';
import { cleanText } from '../terminal-text.ts';

interface Options {
  readonly returnPath?: string;
  readonly verify?: boolean;
  readonly recipient?: string[];
  readonly json?: boolean;
}

export function registerSign(program: Command): void {
  program
    .command('sign')
    .description('signed return paths: the envelope sender for mail to an address')
    .argument('<address...>', 'recipients, or return paths with --verify; - reads one a line from standard input')
    .option('--return-path <address>', 'where the reports go (default: IMAP_USER)')
    .option('--verify', 'say for whom and when return paths were signed')
    .option('--recipient <address...>', 'with --verify: who may be meant, for a return path with no room for its recipient')
    .option('--json', 'a JSON line each')
    .addHelpText(
      'after',
      `
Needs RETURN_PATH_SECRET. A return path is valid for ${RETURN_PATH_VALID_DAYS} days: sign anew for each mailing. bounces@example.com gives
bounces+…@example.com; a local part that ends in + - = _ or . is taken as it is, and @bounces.example.com gives …@bounces.example.com.

Examples:
  npx rebound sign anna@example.net --return-path bounces@example.com
  npx rebound sign - --json < recipients.txt
  npx rebound sign --verify 'bounces+rb0…-anna=example.net@example.com'`,
    )
    .action(async (addresses: string[], options: Options) => {
      const { returnPathKeys: keys } = readTrustSettings(process.env);
      if (keys.length === 0)
        throw new ConfigError(
          'RETURN_PATH_SECRET is not set: a secret of 32 characters or more; `openssl rand -hex 32` makes one.',
        );
      const returnPath = options.returnPath ?? process.env['IMAP_USER'] ?? '';
      if (!options.verify && !returnPath.includes('@'))
        throw new ConfigError(
          'Where shall the reports go? Say --return-path bounces@example.com, or set IMAP_USER to an address.',
        );
      for await (const address of each(addresses)) {
        const line = options.verify ? verifyOne(address, keys, options) : signOne(address, keys, returnPath, options);
        if (line !== null) await write(`${line}\n`);
      }
    });
}

async function* each(addresses: readonly string[]): AsyncGenerator<string> {
  for (const address of addresses) {
    if (address !== '-') yield address;
    else {
      const { createInterface } = await import('node:readline');
      for await (const line of createInterface({ input: process.stdin })) if (line.trim() !== '') yield line.trim();
    }
  }
}

/** Null, and a word on standard error, for what cannot be signed; the rest is. */
function signOne(recipient: string, keys: readonly ReturnPathKey[], base: string, { json }: Options): string | null {
  const date = new Date();
  try {
    const returnPath = signReturnPath(recipient, { returnPath: base, keys, date });
    return json ? jsonText({ recipient, return_path: returnPath, key_id: keys[0]!.id, day: toDate(dayOf(date)) }) : returnPath;
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    process.stderr.write(`rebound: ${cleanText(error.message)}\n`);
    process.exitCode = 1;
    return null;
  }
}

function verifyOne(address: string, keys: readonly ReturnPathKey[], { json, recipient: candidates = [] }: Options): string {
  const checked = verifyReturnPath(address, { keys, date: new Date(), candidates });
  if (checked.signature !== 'valid') process.exitCode = 1;
  const { signature, recipient, day, keyId } = checked;
  return json
    ? jsonText({ return_path: address, signature, recipient, key_id: keyId, day: day === null ? null : toDate(day) })
    : cleanText(`${address}: ${tell(checked)}`);
}

function tell({ signature, recipient, day, keyId }: CheckedReturnPath): string {
  const signed = `signed for ${recipient} on ${day === null ? '' : toDate(day)} with the key ${keyId}`;
  const words: Record<Signature, string> = {
    valid: `valid, ${signed}`,
    expired: `expired, ${signed}; valid for ${RETURN_PATH_VALID_DAYS} days`,
    wrong: `wrong: it was not signed with the key ${keyId}, or was changed since`,
    unmatched: 'its recipient had no room in it; name those who may be meant with --recipient',
    unknown_key: `signed with the key ${keyId}, which RETURN_PATH_SECRET does not hold`,
    unsigned: 'not a signed return path',
  };
  return words[signature];
}

const toDate = (day: number) => new Date(day * 86_400_000).toISOString().slice(0, 10);
