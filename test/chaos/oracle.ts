import pg from 'pg';
import type { MailboxFiles } from './mailbox-files.ts';
import { type ExpectedMail, numberOf } from './mails.ts';

/** An invariant and how it came out. */
export interface Verdict {
  invariant: string;
  ok: boolean;
  detail: string;
}

/** Where settled mails are found: in folders of their own, or by the flags they have been given. */
export type ObservedSettle = 'move' | 'mark';

/**
 * Knows what was put into the mailbox and asks the mailbox's files and the database what became of it. It shares nothing with
 * the processes under test.
 */
export class Oracle {
  readonly #files: MailboxFiles;
  readonly #settle: ObservedSettle;
  readonly #pool: pg.Pool;
  readonly #delivered = new Map<number, ExpectedMail>();
  /** Settled mails that had a row when they were seen first. */
  readonly #proven = new Set<number>();
  readonly #withoutRow = new Set<number>();
  #checks = 0;

  constructor(databaseUrl: string, files: MailboxFiles, settle: ObservedSettle) {
    this.#files = files;
    this.#settle = settle;
    this.#pool = new pg.Pool({
      connectionString: databaseUrl,
      max: 2,
      connectionTimeoutMillis: 3000,
      application_name: 'oracle',
    });
    this.#pool.on('error', () => undefined);
    this.#pool.on('connect', (client) => client.on('error', () => undefined));
  }

  deliver(mail: ExpectedMail): void {
    this.#delivered.set(mail.number, mail);
  }

  /**
   * Looks, during the run, for mails that are settled without a row. The mailbox is read before the database: a row that came
   * first is then seen in any case. Throws while the database is away; the mails are looked at again the next time.
   */
  async check(): Promise<void> {
    const fresh = [...(await this.#settled()).keys()].filter((number) => !this.#proven.has(number));
    if (fresh.length > 0) {
      const rows = await this.#rows();
      for (const number of fresh) {
        if (rows.has(number)) this.#proven.add(number);
        else this.#withoutRow.add(number);
      }
    }
    this.#checks += 1;
  }

  /** Mails that still lack a row or, if they are to be settled, are not yet. Throws while the database is away. */
  async unfinished(): Promise<{ rows: number; unsettled: number }> {
    const settled = await this.#settled();
    const rows = await this.#rows();
    const mails = [...this.#delivered.values()];
    return {
      rows: mails.filter(({ number }) => !rows.has(number)).length,
      unsettled: mails.filter(({ number, kind }) => kind !== 'other' && (settled.get(number) ?? 0) === 0).length,
    };
  }

  /** The verdict at the end. `drainedAfter` is in milliseconds after the last fault, null if it never was. */
  async verdicts(drainedAfter: number | null, drainLimit: number): Promise<Verdict[]> {
    await this.check();
    const mails = [...this.#delivered.values()];
    const rows = await this.#rows();
    const lost = mails.filter(({ number }) => !rows.has(number));
    const double = mails.filter(({ number }) => (rows.get(number)?.length ?? 0) > 1);
    const strange = [...rows.keys()].filter((number) => !this.#delivered.has(number));
    const notStored = mails.filter(({ number, kind }) =>
      rows.get(number)?.some((row) => row.outcome !== 'stored' || row.kind !== kind),
    );
    return [
      verdict(
        'every mail has exactly one row',
        [
          [lost.length, `lost${examples(lost)}`],
          [double.length, `with several rows${examples(double)}`],
          [strange.length, 'rows of no mail'],
        ],
        `${rows.size} of ${mails.length}`,
      ),
      verdict('each row is right in kind and outcome', [[notStored.length, `wrong${examples(notStored)}`]], `${rows.size} rows`),
      verdict(
        'no mail settled without a row',
        [
          [this.#withoutRow.size, 'were'],
          ...(this.#checks < 5 ? ([[1, 'check could not be made often enough']] as [number, string][]) : []),
        ],
        `looked ${this.#checks} times during the run`,
      ),
      await this.#countedOnce(mails),
      await this.#flaggedOnce(mails, new Set(lost.map(({ number }) => number))),
      await this.#inPlace(mails),
      {
        invariant: `drained within ${drainLimit / 1000} s of the last fault`,
        ok: drainedAfter !== null && drainedAfter <= drainLimit,
        detail: drainedAfter === null ? 'never' : `${(drainedAfter / 1000).toFixed(1)} s`,
      },
    ];
  }

  close(): Promise<void> {
    return this.#pool.end();
  }

  /** No bounce is stored twice, none is missing, and what is counted for a recipient is what is stored. */
  async #countedOnce(mails: ExpectedMail[]): Promise<Verdict> {
    const { rows } = await this.#pool.query<{ message_id: string; recipient: string; times: number }>(
      'select m.message_id, b.recipient, count(*)::int as times from bounces b join messages m on m.id = b.message_id group by 1, 2',
    );
    const stored = new Map(rows.map(({ message_id, recipient, times }) => [`${numberOf(message_id)} ${recipient}`, times]));
    const expected = new Set(mails.flatMap(({ number, recipients }) => recipients.map((recipient) => `${number} ${recipient}`)));
    const missing = [...expected].filter((key) => !stored.has(key));
    const twice = [...stored].filter(([, times]) => times > 1);
    const extra = [...stored.keys()].filter((key) => !expected.has(key));
    const { rows: miscounted } = await this.#pool.query<{ recipient: string }>(
      `select s.recipient from suppressions s
       where s.bounces <> (select count(*) from bounces b where b.recipient_key = s.recipient_key and b.kind = 'bounce')`,
    );
    return verdict(
      'nothing counted twice, nothing missed',
      [
        [missing.length, 'bounces missing'],
        [twice.length, 'bounces stored twice'],
        [extra.length, 'bounces of nobody'],
        [miscounted.length, 'recipients with a wrong count'],
      ],
      `${stored.size} bounces`,
    );
  }

  /** Every recipient that must be flagged is, by one change of state. */
  async #flaggedOnce(mails: ExpectedMail[], lost: Set<number>): Promise<Verdict> {
    const { rows } = await this.#pool.query<{ recipient: string; state: string; changes: number }>(
      `select s.recipient, s.state, (select count(*)::int from suppression_changes c where c.recipient_key = s.recipient_key) as changes
       from suppressions s`,
    );
    const states = new Map(rows.map((row) => [row.recipient, row]));
    const expected = mails.filter(({ number }) => !lost.has(number)).flatMap(({ flagged }) => flagged);
    const unflagged = expected.filter((recipient) => states.get(recipient)?.state !== 'flagged');
    const changedTwice = rows.filter(({ changes }) => changes !== 1);
    return verdict(
      'every dead address flagged, by one change',
      [
        [unflagged.length, 'not flagged'],
        [changedTwice.length, 'with more or fewer than one change'],
      ],
      `${expected.length} addresses`,
    );
  }

  /** What is no bounce lies untouched in the INBOX; everything else is settled, and nothing has failed. */
  async #inPlace(mails: ExpectedMail[]): Promise<Verdict> {
    const settled = await this.#settled();
    const inbox = await this.#files.list('INBOX');
    const untouched = new Set(inbox.filter(({ flags }) => !/[SFT]/.test(flags)).map(({ number }) => number));
    const failed =
      this.#settle === 'move'
        ? (await this.#files.list('Failed')).length
        : inbox.filter(({ flags }) => flags.includes('F')).length;
    const touched = mails.filter(({ number, kind }) => kind === 'other' && (!untouched.has(number) || settled.has(number)));
    const left = mails.filter(({ number, kind }) => kind !== 'other' && !settled.has(number));
    // A server killed between the copy and the removal of a MOVE leaves a second copy: harmless, and told.
    const copies = [...settled.values()].reduce((sum, times) => sum + times - 1, 0);
    return verdict(
      'bounces settled, other mail untouched',
      [
        [left.length, `not settled${examples(left)}`],
        [touched.length, `of other mail touched${examples(touched)}`],
        [failed, 'in the failed folder'],
      ],
      `${settled.size} settled${copies > 0 ? ` (${copies} twice, by a MOVE cut in two)` : ''}, ${untouched.size} untouched`,
    );
  }

  /** Settled mails, with the number of copies. */
  async #settled(): Promise<Map<number, number>> {
    const filed =
      this.#settle === 'move'
        ? [...(await this.#files.list('Processed')), ...(await this.#files.list('Failed'))]
        : (await this.#files.list('INBOX')).filter(({ flags }) => /[SF]/.test(flags));
    const copies = new Map<number, number>();
    for (const { number } of filed) copies.set(number, (copies.get(number) ?? 0) + 1);
    return copies;
  }

  async #rows(): Promise<Map<number, { outcome: string; kind: string }[]>> {
    const { rows } = await this.#pool.query<{ message_id: string | null; outcome: string; kind: string }>(
      'select message_id, outcome, kind from messages',
    );
    const byNumber = new Map<number, { outcome: string; kind: string }[]>();
    for (const { message_id, outcome, kind } of rows) {
      const number = numberOf(message_id ?? '') ?? -1;
      byNumber.set(number, [...(byNumber.get(number) ?? []), { outcome, kind }]);
    }
    return byNumber;
  }
}

function verdict(invariant: string, faults: [count: number, what: string][], fine: string): Verdict {
  const found = faults.filter(([count]) => count > 0);
  return { invariant, ok: found.length === 0, detail: [fine, ...found.map(([count, what]) => `${count} ${what}`)].join(', ') };
}

function examples(mails: ExpectedMail[]): string {
  const some = mails.slice(0, 5).map(({ number }) => number);
  return some.length === 0 ? '' : ` (${some.join(', ')}${mails.length > some.length ? ', …' : ''})`;
}
