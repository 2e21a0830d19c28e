import { seededRandom } from '../support/random.ts';

export const FAULTS = {
  'kill -9 a poller': 5,
  'kill -9 a worker': 5,
  'kill -9 Redis': 2,
  'kill -9 Postgres': 2,
  'kill -9 Dovecot': 2,
  'kill -9 all workers, then Redis': 2,
  FLUSHALL: 2,
  'cut all database connections': 3,
  'end all IMAP sessions': 3,
  'freeze a worker': 1,
  'freeze a poller': 1,
} as const;
export type FaultKind = keyof typeof FAULTS;

export interface Fault {
  /** Milliseconds after the start. */
  at: number;
  kind: FaultKind;
  /** Which of several processes. */
  victim: number;
  /** How long a killed server stays away, or a frozen process stands still, in milliseconds. */
  duration: number;
}

/** A number of mails that reach the mailbox at once. */
export interface Arrival {
  at: number;
  mails: number;
}

export interface Schedule {
  faults: Fault[];
  arrivals: Arrival[];
}

/** Everything that will happen in a run; the same for the same seed. */
export function plan(seed: number, mails: number, seconds: number, withRedis: boolean): Schedule {
  const random = seededRandom(seed);
  const end = seconds * 1000;
  const weights = Object.fromEntries(
    Object.entries(FAULTS).map(([kind, weight]) => [kind, !withRedis && /Redis|FLUSHALL/.test(kind) ? 0 : weight]),
  ) as Record<FaultKind, number>;
  const faults: Fault[] = [];
  for (let at = random.int(100, 400); at < end; at += random.int(80, 600)) {
    const kind = random.weighted(weights);
    const duration = kind.startsWith('freeze') ? random.int(500, 6000) : random.int(50, 1500);
    faults.push({ at, kind, victim: random.int(0, 1), duration });
  }
  // The host of the queue dies with jobs in it: mails arrive while the workers are gone, then Redis goes. The faults come first,
  // so that their times do not depend on the number of mails.
  const doomed = faults.filter(({ kind }) => kind === 'kill -9 all workers, then Redis');
  // A third waits already, as after a night without a poller; the rest comes in bursts until shortly before the end.
  const arrivals: Arrival[] = [{ at: 0, mails: Math.floor(mails / 3) }];
  let left = mails - arrivals[0]!.mails;
  for (const { at } of doomed) {
    const size = Math.min(left, random.int(5, 30));
    if (size > 0) arrivals.push({ at: at + 20, mails: size });
    left -= size;
  }
  const bursts = Math.max(1, Math.ceil(seconds * 2));
  for (let n = 0; n < bursts; n++) {
    const size = n === bursts - 1 ? left : Math.min(left, random.int(0, Math.ceil((2 * left) / (bursts - n))));
    if (size > 0) arrivals.push({ at: random.int(0, Math.floor(end * 0.95)), mails: size });
    left -= size;
  }
  arrivals.sort((a, b) => a.at - b.at);
  return { faults, arrivals };
}
