import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { guard } from '../../src/embedded/guardian.ts';
import { waitFor } from '../support/wait-for.ts';

/** A process that takes longer to start is killed while it loads. */
const START_LIMIT = 8000;

export interface MemberPlan {
  role: 'poller' | 'worker';
  /** Arguments of node. */
  args: string[];
  env: NodeJS.ProcessEnv;
  /** Log events after which the process counts as started. */
  startedBy: RegExp;
}

/** A process under supervision: when it dies it is started again, as a service manager would. */
export class Member {
  readonly name: string;
  readonly role: MemberPlan['role'];
  /** Times it was started. */
  starts = 0;
  /** Ends that were not ours, of a process that had started: none is allowed. */
  readonly ownEnds: string[] = [];
  /** Ends during start-up (a server was away just then). */
  refusedStarts = 0;
  /** What the process said last before an end of its own. */
  complaint = '';
  started = false;
  #child: ChildProcess | undefined;
  #killed = false;
  #closing = false;
  #killDue = false;
  #held = false;
  #lastWords = '';
  readonly #plan: MemberPlan;
  readonly #log: string;

  constructor(plan: MemberPlan, index: number, logDir: string) {
    this.#plan = plan;
    this.role = plan.role;
    this.name = `${plan.role} ${index + 1}`;
    this.#log = join(logDir, `${plan.role}-${index + 1}.log`);
  }

  /** Starts it unless it runs. */
  start(): void {
    if (this.#running) return;
    this.starts += 1;
    this.started = false;
    this.#killed = false;
    const child = spawn(process.execPath, this.#plan.args, {
      env: this.#plan.env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    this.#child = child;
    const log = createWriteStream(this.#log, { flags: 'a' });
    log.write(`--- start ${this.starts}, pid ${child.pid}\n`);
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        const text = chunk.toString('utf8');
        this.#lastWords = (this.#lastWords + text).slice(-600);
        if (!this.started && this.#plan.startedBy.test(this.#lastWords)) this.started = true;
        log.write(text);
      });
    }
    const guardian = child.pid === undefined ? undefined : guard(child.pid, { signal: 'TERM' });
    child.once('close', (code, signal) => {
      guardian?.standDown();
      log.end(`--- ended with ${code ?? signal}\n`);
      this.#lastWords = this.#lastWords.trim().split('\n').at(-1) ?? '';
      if (this.#closing) return;
      if (!this.#killed) {
        if (this.started) this.ownEnds.push(`${this.name} ended by itself with ${code ?? signal}: ${this.#lastWords}`);
        else this.refusedStarts += 1;
        this.complaint = this.#lastWords;
      }
      this.#lastWords = '';
      setTimeout(() => {
        if (!this.#closing && !this.#held) this.start();
      }, 200);
    });
  }

  kill9(): void {
    this.#killed = true;
    this.#signal('SIGKILL');
  }

  /** kill -9, and no new start until `deed` is done. */
  async killedDuring(deed: () => Promise<void>): Promise<void> {
    this.#held = true;
    this.kill9();
    try {
      await waitFor(() => !this.#running, START_LIMIT, `${this.name} is gone`);
      await deed();
    } finally {
      this.#held = false;
      if (!this.#running && !this.#closing) this.start();
    }
  }

  /**
   * kill -9 once it has started: a machine too slow for the schedule would otherwise only ever kill processes that load. Null
   * when such a kill is due already.
   */
  kill9WhenStarted(): Promise<void> | null {
    if (this.#killDue) return null;
    this.#killDue = true;
    return waitFor(() => this.started || this.#closing, START_LIMIT)
      .catch(() => undefined)
      .then(() => {
        this.#killDue = false;
        this.kill9();
      });
  }

  /** Stands still for a while, as in a long collection of garbage or a suspended machine: its locks run out meanwhile. */
  async freeze(milliseconds: number): Promise<void> {
    const frozen = this.#child;
    this.#signal('SIGSTOP');
    await delay(milliseconds);
    if (frozen === this.#child) this.#signal('SIGCONT');
  }

  /** Tells it to end, as a service manager does. Gives back what is wrong with how it ended, or null. */
  async stop(limitMs: number): Promise<string | null> {
    this.#closing = true;
    const child = this.#child;
    if (!child || child.exitCode !== null || child.signalCode !== null) return null;
    const began = performance.now();
    this.#signal('SIGCONT');
    this.#signal('SIGTERM');
    const ended = () => child.exitCode !== null || child.signalCode !== null;
    const inTime = await waitFor(ended, limitMs).catch(() => false);
    if (!inTime) {
      this.#signal('SIGKILL');
      return `${this.name} did not end within ${limitMs / 1000} s of SIGTERM`;
    }
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    // Told to end while it was still loading, it has no handler yet and nothing to finish.
    if (!this.started && child.signalCode === 'SIGTERM') return null;
    return child.exitCode === 0
      ? null
      : `${this.name} ended with ${child.exitCode ?? child.signalCode} ${seconds} s after SIGTERM: ${this.#lastWords.trim()}`;
  }

  get #running(): boolean {
    return this.#child !== undefined && this.#child.exitCode === null && this.#child.signalCode === null;
  }

  #signal(signal: NodeJS.Signals): void {
    try {
      this.#child?.kill(signal);
    } catch {
      // Gone already.
    }
  }
}
