import { parseArgs } from 'node:util';
import { bareParse, ownReading } from './bare.ts';
import type { BenchCommand } from './command.ts';
import { benchMails } from './mails.ts';
import { cpuEach, rate } from './measure.ts';
import { median, positive, table } from './report.ts';

export const command: BenchCommand = {
  summary: 'our parse and analysis against simpleParser on the same mails; needs no server',
  usage: `  --mails N       mails a round (default 5000)
  --from DIR      take the mails from there (default: the project's fixtures and samples)
  --rounds N      how often; medians are told (default 5)`,
  async run(args, say) {
    const { values } = parseArgs({
      args,
      options: { mails: { type: 'string', default: '5000' }, from: { type: 'string' }, rounds: { type: 'string', default: '5' } },
    });
    const mails = await benchMails(positive('mails', values.mails), values.from);
    const rounds = [];
    for (let n = 0; n < positive('rounds', values.rounds); n++)
      rounds.push({ bare: await bareParse(mails), own: await ownReading(mails) });
    const bare = {
      rate: median(rounds.map((round) => rate(round.bare))),
      cpuMs: median(rounds.map((round) => cpuEach(round.bare))),
    };
    const own = {
      rate: median(rounds.map((round) => rate(round.own))),
      cpuMs: median(rounds.map((round) => cpuEach(round.own))),
    };
    const ratio = median(rounds.map((round) => cpuEach(round.own) / cpuEach(round.bare)));
    const lines = table(
      ['', 'mails/s', 'CPU, ms a mail'],
      [
        ['simpleParser', Math.round(bare.rate).toLocaleString('en'), bare.cpuMs.toFixed(3)],
        ['own parse and analysis', Math.round(own.rate).toLocaleString('en'), own.cpuMs.toFixed(3)],
      ],
    );
    for (const line of [...lines, '', `own / simpleParser, CPU: ${ratio.toFixed(2)}`]) say(line);
    return { mails: mails.length, bare, own, ratio, rounds };
  },
};
