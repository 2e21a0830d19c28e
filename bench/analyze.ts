import { Session } from 'node:inspector/promises';
import { parseArgs } from 'node:util';
import { bareParse, ownHalves, ownReading } from './bare.ts';
import type { BenchCommand } from './command.ts';
import { benchMails } from './mails.ts';
import { cpuEach, rate, type Timed } from './measure.ts';
import { type CpuProfile, type Profile, sumUp } from './profile.ts';
import { median, positive, table } from './report.ts';

/** What the analysis may cost beside simpleParser, CPU; and parse and analysis together. */
const TARGETS = { analyze: 0.25, both: 0.4 };

export const command: BenchCommand = {
  summary: 'our parse and our analysis against simpleParser on the same mails; needs no server',
  usage: `  --mails N       mails a round (default 5000)
  --from DIR      take the mails from there (default: the project's fixtures and samples)
  --rounds N      how often; medians are told (default 5)
  --profile       also tell by file where parse and analysis spend their time, in a round of its own`,
  async run(args, say) {
    const { values } = parseArgs({
      args,
      options: {
        mails: { type: 'string', default: '5000' },
        from: { type: 'string' },
        rounds: { type: 'string', default: '5' },
        profile: { type: 'boolean', default: false },
      },
    });
    const count = positive('rounds', values.rounds);
    const mails = await benchMails(positive('mails', values.mails), values.from);
    // The first mails build tables and let the compiler work: no round of theirs.
    await ownReading(mails.slice(0, 1000));
    await bareParse(mails.slice(0, 500));
    const rounds: Record<'simpleParser' | 'parse' | 'analyze' | 'both', Timed>[] = [];
    for (let n = 0; n < count; n++) {
      const simpleParser = await bareParse(mails);
      const halves = ownHalves(mails);
      rounds.push({ simpleParser, ...halves, both: await ownReading(mails) });
    }
    const of = (name: keyof (typeof rounds)[number]) => ({
      rate: median(rounds.map((round) => rate(round[name]))),
      cpuMs: median(rounds.map((round) => cpuEach(round[name]))),
    });
    // Ratios within a round: what else the machine does changes from one to the next.
    const ratioOf = (name: 'analyze' | 'both') =>
      median(rounds.map((round) => cpuEach(round[name]) / cpuEach(round.simpleParser)));
    const figures = { simpleParser: of('simpleParser'), parse: of('parse'), analyze: of('analyze'), both: of('both') };
    const ratios = { analyze: ratioOf('analyze'), both: ratioOf('both') };
    const peakMemoryMiB = Math.round(process.resourceUsage().maxRSS / 1024);
    const profile = values.profile ? await profiled(mails) : null;

    const row = (label: string, { rate: each, cpuMs }: { rate: number; cpuMs: number }) => [
      label,
      Math.round(each).toLocaleString('en'),
      cpuMs.toFixed(3),
    ];
    const lines = table(
      ['', 'mails/s', 'CPU, ms a mail'],
      [
        row('simpleParser', figures.simpleParser),
        row('parse, all decoded', figures.parse),
        row('analyze', figures.analyze),
        row('parse and analyze, decoding what is asked for', figures.both),
      ],
    );
    for (const line of lines) say(line);
    say('');
    say(`analyze / simpleParser, CPU: ${ratios.analyze.toFixed(2)} (to reach: ${TARGETS.analyze})`);
    say(`parse and analyze / simpleParser, CPU: ${ratios.both.toFixed(2)} (to reach: ${TARGETS.both})`);
    say(`peak memory, all of it in one process: ${peakMemoryMiB} MiB`);
    if (profile !== null) {
      say('');
      for (const { where, share } of profile.files.slice(0, 25)) say(`${(share * 100).toFixed(1).padStart(5)} %  ${where}`);
    }
    return { mails: mails.length, ...figures, ratios, peakMemoryMiB, profile, rounds };
  },
};

/** One more round of our own reading under the profiler. */
async function profiled(mails: readonly Buffer[]): Promise<Profile> {
  const session = new Session();
  session.connect();
  try {
    await session.post('Profiler.enable');
    await session.post('Profiler.start');
    await ownReading(mails);
    const { profile } = await session.post('Profiler.stop');
    return sumUp([profile as unknown as CpuProfile]);
  } finally {
    session.disconnect();
  }
}
