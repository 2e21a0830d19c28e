import type { Command } from 'commander';
import { ReboundError } from '../../errors.ts';
import type { MailExplanation, PasteExplanation } from '../../explain/index.ts';
import { jsonText, write } from '../output.ts';

/** Columns where the output is no terminal, and the most that can be read with ease. */
const WIDTH = 100;
const MAX_WIDTH = 120;

export class NothingToExplainError extends ReboundError {
  readonly code = 'NOTHING_TO_EXPLAIN';
  readonly retry = 'never';
}

export function registerExplain(program: Command): void {
  program
    .command('explain')
    .description('say what a code, a reply, an answer or a report means, and who has to act; needs neither a server nor settings')
    .argument('<what...>', 'a code, a reply with or without words, the file of a report, or - for standard input')
    .option('--json', 'JSON instead of text')
    .addHelpText(
      'after',
      `
Says the meaning, class, category and fault, who has to act, how to mend it (for the user and for the administrator), what the
suppression presets would do, and the basis: the row of a table, the registry, a document. Where a code has several meanings and no
words decide, all are given, and nothing is to be suppressed for it. Of a report also: the way of the mail that came back with
its delays, whether it was written to the address that failed, SPF, and whether it is yours (SENDER_DOMAINS, RETURN_PATH_SECRET).

Several codes can be given at once; each is explained once. What does not exist (9.9.9, 5.1) is told, exit 1.
Quote what holds < > # ; or (, or paste it into standard input.

Examples:
  npx rebound explain 5.7.1
  npx rebound explain 5.1.10 550 5.7.623
  npx rebound explain '550 5.7.509 Access denied, sending domain example.com does not pass DMARC verification'
  npx rebound explain bounce.eml
  npx rebound explain --json - < answer.txt`,
    )
    .action(async (what: string[], { json = false }: { json?: boolean }, command: Command) => {
      if (what.join(' ').trim() === '')
        command.error('error: nothing to explain; give a code, a reply, a file or -', { exitCode: 2 });
      if (what.includes('-') && what.length > 1) command.error('error: - stands alone', { exitCode: 2 });
      const inputs = await readInputs(what);
      const width = await columns();
      let failed = false;
      const records: unknown[] = [];
      const texts: string[] = [];
      const { mailText, explanationText } = await import('../explain-text.ts');
      const { explanationRecord, mailRecord } = await import('../../explain/record.ts');
      for (const input of inputs) {
        if ('mail' in input) {
          records.push(mailRecord(input.name, input.mail));
          texts.push(mailText(input.name, input.mail, width));
          continue;
        }
        const { explanations, unknown } = input.paste;
        records.push(...explanations.map(explanationRecord), ...unknown.map(({ input, why }) => ({ input, unknown: why })));
        texts.push(...explanations.map((explanation) => explanationText(explanation, width)));
        failed ||= unknown.length > 0 || explanations.length === 0;
        for (const line of await unknownLines(input.paste)) process.stderr.write(`rebound: ${line}\n`);
      }
      if (json) await write(`${jsonText(records, 2)}\n`);
      else if (texts.length > 0) await write(`${texts.join('\n\n')}\n`);
      if (failed) process.exitCode = 1;
    });
}

type Input = { readonly name: string; readonly mail: MailExplanation } | { readonly paste: PasteExplanation };

/** Files are read one by one; all other arguments are words of one paste. */
async function readInputs(what: readonly string[]): Promise<Input[]> {
  const { explain } = await import('../../explain/index.ts');
  const only = what.length === 1 ? what[0]! : null;
  if (only === '-') return readFrom('-');
  const files = await Promise.all(what.map(isFile));
  const mails = (await Promise.all(what.filter((_, i) => files[i]).map(readFrom))).flat();
  const words = what.filter((_, i) => !files[i]);
  if (words.length === 0) return mails;
  // Beside others, words with a slash may be a link in an answer.
  const isMissing = only !== null || files.includes(true) ? looksLikePath : isNameOfMail;
  const missing = words.find(isMissing);
  if (missing !== undefined) {
    throw new NothingToExplainError(
      `${missing} cannot be read: there is no such file. A code looks like 5.7.1, a reply like 550.`,
    );
  }
  // What was quoted stands for itself; words without quotes are those of one answer.
  return [...mails, { paste: explain(words.join(words.some((word) => /\s/.test(word)) ? '\n' : ' ')) }];
}

const isNameOfMail = (word: string) => /^\S+\.(?:eml|mbox|mbx)$/i.test(word);
const looksLikePath = (word: string) => /^[~./]*[^\s]*[/\\][^\s]*$|\.(?:eml|mbox|mbx|msg|txt)$/i.test(word) && !/\s/.test(word);

async function isFile(path: string): Promise<boolean> {
  // A code is a code, even where a file has its name.
  if (/^[#\d.\s-]+$/.test(path)) return false;
  const { stat } = await import('node:fs/promises');
  try {
    const found = await stat(path);
    if (found.isDirectory())
      throw new NothingToExplainError(`${path} is a folder: explain takes one report. For all of them: rebound classify ${path}`);
    return true;
  } catch (error) {
    if (error instanceof ReboundError) throw error;
    return false;
  }
}

/** Mails of a file or of standard input; text that is no mail is a paste. */
async function readFrom(path: string): Promise<Input[]> {
  const [{ readTrustSettings }, { readMails }, { parseMail }, { explain, explainMail, isMail }] = await Promise.all([
    import('../../config.ts'),
    import('../mail-files.ts'),
    import('../../mime/index.ts'),
    import('../../explain/index.ts'),
  ]);
  const options = { ...readTrustSettings(process.env), arrivedAt: new Date() };
  const inputs: Input[] = [];
  const onUnreadable = (error: Error) => {
    throw error;
  };
  for await (const { name, raw } of readMails(path, onUnreadable)) {
    const mail = parseMail(raw);
    if (isMail(mail)) inputs.push({ name: name === '-' ? 'standard input' : name, mail: explainMail(mail, options) });
    else inputs.push({ paste: explain(raw.toString('utf8')) });
  }
  return inputs;
}

async function columns(): Promise<number> {
  const { terminalWidth } = await import('../table.ts');
  return Math.min(terminalWidth() ?? WIDTH, MAX_WIDTH);
}

async function unknownLines({ explanations, unknown }: PasteExplanation): Promise<string[]> {
  const { cleanText, cutText } = await import('../terminal-text.ts');
  if (explanations.length === 0 && unknown.length === 0) return ['nothing to explain: the input is empty.'];
  return unknown.map(({ input, why }) => `${cutText(cleanText(input), 80)} cannot be explained: ${why}.`);
}
