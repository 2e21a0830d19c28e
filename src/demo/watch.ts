import { createHash } from 'node:crypto';
import { describeError } from '../errors.ts';
import type { CommitResult, ProcessedMail } from '../pipeline/ports.ts';
import type { Store } from '../store/index.ts';
import type { Rule } from '../suppression/rules.ts';
import type { Narrator, SampleOutcome } from './narrate.ts';
import { atRest, type Outcome, readOutcomes } from './outcomes.ts';
import type { SampleMail } from './samples.ts';

/**
 * Watches the pipeline and has the narrator tell of it. What counts is read from the database, one look after the other;
 * events only say when to look.
 */
export class Watch {
  readonly #store: Store;
  readonly #rules: readonly Rule[];
  readonly #narrator: Narrator;
  /** Name of each sample, by the hash of its bytes. */
  readonly #samples: ReadonlyMap<string, string>;
  readonly #samplesAtRest: Promise<readonly Outcome[]>;
  #resolve!: (outcomes: readonly Outcome[]) => void;
  #done = false;
  #looks: Promise<void> = Promise.resolve();

  constructor(store: Store, rules: readonly Rule[], samples: readonly SampleMail[], narrator: Narrator) {
    this.#store = store;
    this.#rules = rules;
    this.#narrator = narrator;
    this.#samples = new Map(samples.map(({ raw, sample }) => [createHash('sha256').update(raw).digest('hex'), sample.file]));
    this.#samplesAtRest = new Promise((resolve) => {
      this.#resolve = resolve;
    });
  }

  /** Resolves when every sample mail is committed and settled, or stays as no bounce: with all that the database then holds. */
  get samplesAtRest(): Promise<readonly Outcome[]> {
    return this.#samplesAtRest;
  }

  committed(result: CommitResult, mails: readonly ProcessedMail[]): void {
    const hashes = mails.map((mail) => Buffer.from(mail.contentHash).toString('hex'));
    const samples = mails.filter((_, i) => this.#samples.has(hashes[i]!));
    if (samples.length > 0) {
      const kinds = samples.map(({ outcome }) => (outcome.ok ? outcome.report.kind : 'other'));
      this.#narrator.classified(kinds, result.flagged, result.held);
    }
    const others = new Set(hashes.filter((hash) => !this.#samples.has(hash)));
    this.#look((outcomes) => {
      for (const hash of others) this.#narrator.arrived(outcomes.filter((outcome) => outcome.contentHash === hash));
    });
  }

  settled(mails: number, folder: string): void {
    this.#narrator.settled(mails, folder);
    this.#look(() => {});
  }

  /** Rows for the table: a recipient of a sample, with its latest verdict. */
  sampleOutcomes(outcomes: readonly Outcome[]): SampleOutcome[] {
    const rows = new Map<string, SampleOutcome>();
    for (const outcome of outcomes) {
      const sample = this.#samples.get(outcome.contentHash);
      if (sample === undefined) continue;
      const key = `${sample} ${outcome.verdict?.recipient ?? ''}`;
      rows.set(key, { sample, outcome, times: (rows.get(key)?.times ?? 0) + 1 });
    }
    return [...rows.values()];
  }

  /** Resolves when the looks under way are done. */
  close(): Promise<void> {
    return this.#looks;
  }

  #look(then: (outcomes: readonly Outcome[]) => void): void {
    this.#looks = this.#looks
      .then(async () => {
        const outcomes = await readOutcomes(this.#store, this.#rules);
        if (!this.#done) {
          const samples = outcomes.filter(({ contentHash }) => this.#samples.has(contentHash));
          const mails = new Set(samples.map(({ contentHash }) => contentHash));
          this.#done = mails.size === this.#samples.size && samples.every(atRest);
          if (this.#done) this.#resolve(outcomes);
        }
        then(outcomes);
      })
      .catch((error) => this.#narrator.step('demo', `could not look into the database: ${describeError(error)}`));
  }
}
