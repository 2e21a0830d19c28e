import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { analyze } from '../../src/bounce/index.ts';
import type { BounceReport } from '../../src/bounce/report.ts';
import { parseMail } from '../../src/mime/index.ts';
import { faultsOf } from '../bounce/fuzz-invariant.ts';
import { type Mutated, mutated } from '../bounce/mutate.ts';

export const FIXTURES = join(import.meta.dirname, '..', 'fixtures');

/** Every mail below a folder, in the order of its path. */
export function mailsBelow(folder: string): Buffer[] {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !/\.(?:json|jsonl|md|mjs|ts|txt)$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return files.map((file) => readFileSync(file));
}

export interface Trial {
  readonly number: number;
  readonly mail: Mutated;
  /** CPU milliseconds of parse and analysis. */
  readonly cpuMs: number;
  readonly recipients: number;
  /** What is wrong with the answer, in words. */
  readonly faults: readonly string[];
}

const senderDomains = ['example.com', 'example.org'];
const read = (bytes: Uint8Array): BounceReport => analyze(parseMail(bytes), { senderDomains });

const cpuMs = (since?: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1000;
};

/** Reads the mutated mail of this number twice, and looks at the answer. */
export function tryOne(mails: readonly Buffer[], seed: number, number: number): Trial {
  const mail = mutated(mails, seed, number);
  const before = process.cpuUsage();
  try {
    const report = read(mail.bytes);
    const spent = cpuMs(before);
    const faults = faultsOf(report);
    if (!isDeepStrictEqual(read(mail.bytes), report)) faults.push('reading it again gives something else');
    return { number, mail, cpuMs: spent, recipients: report.events.length, faults };
  } catch (error) {
    return {
      number,
      mail,
      cpuMs: cpuMs(before),
      recipients: 0,
      faults: [`exception: ${(error as Error).stack?.split('\n').slice(0, 4).join(' ')}`],
    };
  }
}

/** CPU milliseconds of a mail: the least of several readings, so that neither the collector nor the compiler counts as the mail's. */
export function cpuOf(mail: Mutated, times = 5): number {
  return Math.min(
    ...Array.from({ length: times }, () => {
      const before = process.cpuUsage();
      read(mail.bytes);
      return cpuMs(before);
    }),
  );
}
