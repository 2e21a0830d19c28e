import { expect, it } from 'vitest';
import { command } from '../../bench/analyze.ts';

it('measures parse and analysis beside simpleParser on the same mails, and tells where the time goes', async () => {
  const told: string[] = [];
  const result = (await command.run(['--mails', '200', '--rounds', '2', '--profile'], (line) => told.push(line))) as {
    mails: number;
    ratios: Record<string, number>;
    peakMemoryMiB: number;
    profile: { files: { where: string; share: number }[] };
  } & Record<'simpleParser' | 'parse' | 'analyze' | 'both', { rate: number; cpuMs: number }>;
  expect(result.mails).toBe(200);
  for (const name of ['simpleParser', 'parse', 'analyze', 'both'] as const) expect(result[name].rate).toBeGreaterThan(0);
  expect(result.ratios['both']).toBeGreaterThan(0);
  expect(result.peakMemoryMiB).toBeGreaterThan(30);
  expect(result.profile.files.some(({ where }) => where.startsWith('src/bounce/'))).toBe(true);
  expect(told.join('\n')).toMatch(/analyze \/ simpleParser, CPU: \d/);
});

it('refuses options it does not know', async () => {
  await expect(command.run(['--rounds', 'none'], () => undefined)).rejects.toThrow('--rounds must be a whole number above 0.');
});
