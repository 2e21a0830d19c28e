import { readdirSync, readFileSync } from 'node:fs';

/** Linux counts CPU time in hundredths of a second (sysconf(_SC_CLK_TCK) is 100 on every platform Node runs on). */
const TICK_MS = 10;

interface Stat {
  pid: number;
  parent: number;
  /** CPU of the process, milliseconds. */
  own: number;
  /** CPU of its children that ended and were waited for, milliseconds. */
  ended: number;
}

function stats(): Map<number, Stat> {
  const all = new Map<number, Stat>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      // proc(5): fields are counted from the bracket that ends the command; state is the third of the file.
      const text = readFileSync(`/proc/${name}/stat`, 'latin1');
      const field = text.slice(text.lastIndexOf(')') + 2).split(' ');
      const ms = (n: number) => Number(field[n - 3]) * TICK_MS;
      all.set(Number(name), { pid: Number(name), parent: Number(field[1]), own: ms(14) + ms(15), ended: ms(16) + ms(17) });
    } catch {
      // Ended meanwhile.
    }
  }
  return all;
}

/** CPU milliseconds that these processes and all their descendants, past and present, have used so far. Linux only. */
export function cpuOf(pids: readonly number[]): number {
  const all = stats();
  const within = (stat: Stat): boolean =>
    pids.includes(stat.pid) || (stat.parent > 1 && all.has(stat.parent) && within(all.get(stat.parent)!));
  let sum = 0;
  for (const stat of all.values()) if (within(stat)) sum += stat.own + stat.ended;
  return sum;
}

/** The most memory a process has held at any time, in MiB. Linux only. */
export function peakMemory(pid: number): number {
  const found = /^VmHWM:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'));
  return Math.round(Number(found?.[1] ?? 0) / 1024);
}

export interface Timed {
  mails: number;
  seconds: number;
  /** CPU of this process, user and system, all threads. */
  cpuMs: number;
}

/** Times work of this process. */
export async function timed(mails: number, work: () => Promise<void> | void): Promise<Timed> {
  const cpu = process.cpuUsage();
  const began = performance.now();
  await work();
  const { user, system } = process.cpuUsage(cpu);
  return { mails, seconds: (performance.now() - began) / 1000, cpuMs: (user + system) / 1000 };
}

export const rate = ({ mails, seconds }: Pick<Timed, 'mails' | 'seconds'>) => mails / seconds;
export const cpuEach = ({ mails, cpuMs }: Pick<Timed, 'mails' | 'cpuMs'>) => cpuMs / mails;
