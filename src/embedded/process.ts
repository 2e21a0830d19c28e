import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';

/** Whether a process with this id exists, whoever owns it. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * A text that tells this process from every other one that had or will have its id; null when it is not alive. Process ids
 * are used again, so an id alone does not prove who wrote it down.
 */
export function identityOf(pid: number): string | null {
  if (!isAlive(pid)) return null;
  try {
    if (process.platform === 'linux') {
      // proc(5): the command in field 2 may hold blanks and brackets, so count from the last bracket; the start is field 22.
      const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      if (fields[0] === 'Z' || fields[0] === 'X') return null;
      return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${fields[19]}`;
    }
    if (process.platform !== 'win32')
      return execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], { encoding: 'utf8' }).trim();
  } catch {
    return isAlive(pid) ? 'unknown' : null;
  }
  return 'unknown';
}

/** The arguments a process was started with; empty when it is gone or cannot be read. */
export function argumentsOf(pid: number): string[] {
  try {
    if (process.platform === 'linux') return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').filter(Boolean);
    if (process.platform === 'win32') return [];
    return execFileSync('ps', ['-o', 'args=', '-p', String(pid)], { encoding: 'utf8' })
      .trim()
      .split(/\s+/);
  } catch {
    return [];
  }
}

/** Waits until `done` holds; false when `milliseconds` passed first. */
export async function waitUntil(done: () => boolean, milliseconds: number): Promise<boolean> {
  const end = Date.now() + milliseconds;
  while (!done()) {
    if (Date.now() >= end) return false;
    await delay(20);
  }
  return true;
}

/**
 * Ends a process by ever harder signals: each is given its time in milliseconds, then the next one is sent, SIGKILL at last.
 * Resolves once the process is gone (or cannot be ended, after two seconds more).
 */
export async function endProcess(pid: number, steps: [signal: NodeJS.Signals, milliseconds: number][]): Promise<void> {
  const identity = identityOf(pid);
  const gone = () => identityOf(pid) !== identity;
  for (const [signal, milliseconds] of [...steps, ['SIGKILL', 2000] as const]) {
    if (identity === null || gone()) return;
    try {
      process.kill(pid, signal);
    } catch {
      return;
    }
    if (await waitUntil(gone, milliseconds)) return;
  }
}
