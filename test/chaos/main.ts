// npm run chaos -- --seed N --mails 1000 --seconds 30 [--control] [--settle move|mark] [--queue redis|redis-aof|postgres] [--logs DIR]
import { parseArgs } from 'node:util';
import type { ObservedSettle } from './oracle.ts';
import { type ChaosOptions, type ChaosResult, runChaos } from './run.ts';

const usage = `npm run chaos -- [options]
  --seed N        which faults come when (default: by chance, printed)
  --mails N       mails that arrive (default 1000)
  --seconds N     how long things break (default 30)
  --control       settle mails when they are enqueued: must lose some, exits 1
  --settle HOW    move (default) or mark
  --queue WHERE   redis (default, keeps nothing), redis-aof, postgres
  --logs DIR      keep the logs of the processes there
  --quiet         do not tell of each fault`;

const out = (line: string) => process.stdout.write(`${line}\n`);
const wrongUse = (message: string): never => {
  process.stderr.write(`${message}\n\n${usage}\n`);
  process.exit(2);
};

const { values } = (() => {
  try {
    return parseArgs({
      options: {
        seed: { type: 'string' },
        mails: { type: 'string', default: '1000' },
        seconds: { type: 'string', default: '30' },
        control: { type: 'boolean', default: false },
        settle: { type: 'string', default: 'move' },
        queue: { type: 'string', default: 'redis' },
        logs: { type: 'string' },
        quiet: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    return wrongUse((error as Error).message);
  }
})();
if (values.help) {
  out(usage);
  process.exit(0);
}
const whole = (name: string, text: string) =>
  /^\d+$/.test(text) && Number(text) > 0 ? Number(text) : wrongUse(`--${name} must be a whole number above 0.`);
if (!['move', 'mark'].includes(values.settle)) wrongUse('--settle must be move or mark.');
if (!['redis', 'redis-aof', 'postgres'].includes(values.queue)) wrongUse('--queue must be redis, redis-aof or postgres.');

const options: ChaosOptions = {
  seed: values.seed === undefined ? Math.floor(Math.random() * 1e6) + 1 : whole('seed', values.seed),
  mails: whole('mails', values.mails),
  seconds: whole('seconds', values.seconds),
  control: values.control,
  settle: values.settle as ObservedSettle,
  queue: values.queue as NonNullable<ChaosOptions['queue']>,
  ...(values.logs === undefined ? {} : { logDir: values.logs }),
  ...(values.quiet ? {} : { report: out }),
};
const queueNames = { redis: 'Redis without persistence', 'redis-aof': 'Redis with its append-only file', postgres: 'Postgres' };
out(
  `seed ${options.seed}: ${options.mails} mails, ${options.seconds} s, two pollers and two workers, SETTLE=${options.settle}, queue in ${queueNames[options.queue!]}${options.control ? '; CONTROL: mails are settled at enqueue' : ''}`,
);

try {
  tell(await runChaos(options));
} catch (error) {
  process.stderr.write(`The run could not be made: ${(error as Error).message}\n`);
  process.exitCode = 1;
}

function tell({ verdicts, faults, ok }: ChaosResult): void {
  const total = Object.values(faults).reduce((sum, count) => sum + count, 0);
  out(`\nfaults (seed ${options.seed}): ${total}`);
  for (const [kind, count] of Object.entries(faults)) out(`  ${String(count).padStart(4)}  ${kind}`);
  out('\ninvariants');
  const width = Math.max(...verdicts.map(({ invariant }) => invariant.length));
  for (const { invariant, ok: held, detail } of verdicts)
    out(`  ${held ? 'ok    ' : 'BROKEN'}  ${invariant.padEnd(width)}  ${detail}`);
  out(ok ? '\nAll invariants hold.' : '\nInvariants are broken.');
  process.exitCode = ok ? 0 : 1;
}
