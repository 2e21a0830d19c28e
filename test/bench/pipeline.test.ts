import { expect, it } from 'vitest';
import { command } from '../../bench/pipeline.ts';

// The figures come from /proc.
it.skipIf(process.platform !== 'linux')(
  'measures the pipeline and its bounds on the same mails, and tells where the time goes',
  { timeout: 120_000 },
  async () => {
    const told: string[] = [];
    const result = (await command.run(['--mails', '300', '--profile'], (line) => told.push(line))) as {
      rates: Record<string, number>;
      cpuPerMail: Record<string, number>;
      peakMemory: Record<string, number>;
      rounds: { pipeline: { profiles: Record<string, { owners: { where: string; share: number }[] }> } }[];
    };
    for (const value of Object.values(result.rates)) expect(value).toBeGreaterThan(0);
    expect(result.rates['bareFetch']).toBeGreaterThan(result.rates['pipeline']!);
    expect(Object.keys(result.cpuPerMail)).toEqual(['poller', 'workers', 'redis', 'postgres', 'dovecot']);
    expect(result.cpuPerMail['workers']).toBeGreaterThan(0);
    expect(result.peakMemory['worker']).toBeGreaterThan(30);
    const { owners } = result.rounds[0]!.pipeline.profiles['worker']!;
    expect(owners.map(({ where }) => where)).toContain('rebound bounce');
    expect(owners.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
    expect(told.join('\n')).toMatch(/pipeline, to the committed row +[\d,]+ \/s/);
  },
);

it('refuses options it does not know before it starts anything', async () => {
  await expect(command.run(['--mails', 'many'], () => undefined)).rejects.toThrow('--mails must be a whole number above 0.');
  await expect(command.run(['--queue', 'disk'], () => undefined)).rejects.toThrow('--queue must be redis or postgres.');
});
