#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { CommanderError } from 'commander';
import { ConfigError, describeError, ReboundError } from '../errors.ts';
import { buildProgram } from './program.ts';
import { cleanLines } from './terminal-text.ts';

/** Exit codes: 0 done, 1 failed, 2 wrong use. */
async function main(argv: readonly string[]): Promise<number> {
  try {
    readEnvFile();
    await buildProgram().parseAsync([...argv], { from: 'user' });
    return process.exitCode === undefined ? 0 : Number(process.exitCode);
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    const unexpected = error instanceof ReboundError ? '' : '\nThis was not expected; LOG_LEVEL=debug shows where it happened.';
    const message = error instanceof ReboundError ? error.message : describeError(error);
    process.stderr.write(`rebound: ${cleanLines(message)}${unexpected}\n`);
    if (unexpected !== '' && ['debug', 'trace'].includes(process.env['LOG_LEVEL'] ?? ''))
      process.stderr.write(`${(error as Error).stack}\n`);
    return 1;
  }
}

/** Settings of `.env` in the current folder; a variable that is set already wins. */
function readEnvFile(): void {
  if (!existsSync('.env')) return;
  try {
    process.loadEnvFile('.env');
  } catch (error) {
    throw new ConfigError(`.env in ${process.cwd()} cannot be read: ${describeError(error)}`, { cause: error });
  }
}

// `rebound list | head` ends the pipe early: that is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1));

process.exitCode = await main(process.argv.slice(2));
