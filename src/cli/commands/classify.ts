import type { Command } from 'commander';
import type { BounceReport } from '../../bounce/report.ts';
import { readTrustSettings } from '../../config.ts';
import { count, jsonText, write } from '../output.ts';
import { cleanText } from '../terminal-text.ts';
import { formatVerdicts, type VerdictRow } from '../verdicts.ts';

/** Rows of the table that are laid out together: the widths of its columns come from them. */
const ROWS = 500;

export function registerClassify(program: Command): void {
  program
    .command('classify')
    .description('say what mails are; needs neither a server nor settings')
    .argument('<path...>', '.eml files, folders, Maildirs, mbox files, or - for standard input')
    .option('--jsonl', 'a JSON line a mail instead of a table')
    .addHelpText(
      'after',
      `
Folders are read with all that lies below them: .eml, .mbox and .mbx files, and whatever is in cur/ and new/ of a Maildir;
other files are left alone. Of a mail the first MiB is read. What cannot be read is named, the rest is done, exit 1.
SENDER_DOMAINS is honoured: a report about mail from one of them is "correlated"; RETURN_PATH_SECRET as well: a report to
a return path that \`rebound sign\` gave in the last 30 days is "signed".

Examples:
  npx rebound classify bounce.eml
  npx rebound classify ~/Maildir --jsonl > verdicts.jsonl
  cat bounce.eml | npx rebound classify -`,
    )
    .action(async (paths: string[], { jsonl = false }: { jsonl?: boolean }) => {
      const [{ readMails }, { parseMail }, { analyze }, { toRecord }] = await Promise.all([
        import('../mail-files.ts'),
        import('../../mime/index.ts'),
        import('../../bounce/index.ts'),
        import('../../bounce/record.ts'),
      ]);
      const options = { ...readTrustSettings(process.env), arrivedAt: new Date() };
      const table = new ClassifyTable();
      let failed = 0;
      const onUnreadable = (error: Error) => {
        failed++;
        process.stderr.write(`rebound: ${cleanText(error.message)}\n`);
      };
      for (const path of paths) {
        for await (const { name, raw } of readMails(path, onUnreadable)) {
          const report = analyze(parseMail(raw), options);
          if (jsonl) await write(`${jsonText(toRecord(report, name))}\n`);
          else await table.add(name, report);
        }
      }
      if (!jsonl) await table.end();
      if (failed > 0) process.exitCode = 1;
    });
}

class ClassifyTable {
  readonly #kinds = new Map<string, number>();
  #rows: VerdictRow[] = [];
  #mails = 0;
  #recipients = 0;

  async add(name: string, report: BounceReport): Promise<void> {
    this.#mails++;
    this.#recipients += report.events.length;
    this.#kinds.set(report.kind, (this.#kinds.get(report.kind) ?? 0) + 1);
    if (report.events.length === 0) this.#rows.push([name, report.kind, '', '', '', '', '', report.subject ?? '']);
    for (const event of report.events) {
      this.#rows.push([
        name,
        report.kind,
        event.recipient,
        event.class,
        event.category,
        event.fault,
        event.status ?? event.reply ?? '',
        event.evidence,
      ]);
    }
    if (this.#rows.length >= ROWS) await this.#print();
  }

  async end(): Promise<void> {
    await this.#print();
    const kinds = [...this.#kinds].sort((a, b) => b[1] - a[1]).map(([kind, count]) => `${count} ${kind}`);
    await write(
      this.#mails === 0
        ? 'No mails found.\n'
        : `\n${count(this.#mails, 'mail')}: ${kinds.join(', ')}; ${count(this.#recipients, 'recipient')}\n`,
    );
  }

  async #print(): Promise<void> {
    if (this.#rows.length === 0) return;
    await write(`${formatVerdicts(this.#rows)}\n`);
    this.#rows = [];
  }
}
