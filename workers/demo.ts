import { type Config, readConfig } from '../src/config.ts';
import { appendCommand } from '../src/demo/append-command.ts';
import { type SampleMailbox, serveMailbox } from '../src/demo/mailbox.ts';
import { Narrator } from '../src/demo/narrate.ts';
import { readSamples, type SampleMail } from '../src/demo/samples.ts';
import { Watch } from '../src/demo/watch.ts';
import { type EmbeddedPostgres, startEmbeddedPostgres } from '../src/embedded/postgres.ts';
import { DatabaseUnavailableError } from '../src/errors.ts';
import { type Logger, openLog } from '../src/log.ts';
import { runService, type Service } from '../src/service.ts';
import { presets } from '../src/suppression/presets.ts';
import { openDatabase, startPollers, startProcessor } from './parts.ts';

/**
 * `rebound demo`: runs poller, queue, worker, database and mailbox in this process and tells what they do. With `once` it ends when every
 * sample mail is settled; otherwise at SIGINT or SIGTERM.
 */
export async function runDemo(env: NodeJS.ProcessEnv, { once }: { readonly once: boolean }): Promise<void> {
  const { SUPPRESSION_PRESET, LOG_LEVEL, LOG_FORMAT } = env;
  const chosen = { SUPPRESSION_PRESET, LOG_FORMAT, LOG_LEVEL: LOG_LEVEL || 'warn' };
  // Read before anything is started, with a stand-in for what is only known later: a wrong setting is told at once.
  const log = openLog(readConfig({ ...chosen, DATABASE_URL: 'postgresql://127.0.0.1/demo' }, 'database'));
  const narrator = new Narrator((text) => process.stdout.write(text));

  await runService(log, async (service) => {
    narrator.line(
      'rebound on sample mails: IMAP, queue, worker and database are real, the mails and their senders are made up.\n',
    );
    // First, since it tells a person best what to do where the optional packages were left out.
    const samples = readSamples();
    const mailbox = await serveMailbox(samples);
    service.onStop(() => mailbox.close());
    narrator.step('mailbox', `${samples.length} sample mails at imap://${mailbox.host}:${mailbox.port}`);

    const postgres = await startEmbeddedPostgres({ fsync: false });
    service.onStop(() => postgres.stop());
    if (service.signal.aborted) return;
    narrator.step('database', `Postgres, embedded, at 127.0.0.1:${postgres.port}; the queue is in it too`);

    const config = readConfig({ ...chosen, ...settingsOf(postgres, mailbox) });
    const watch = await startPipeline(config, samples, service, log, narrator);
    const ended = Promise.race([watch.ended, watchServer(postgres, service)]);
    const outcomes = await Promise.race([watch.samplesAtRest, ended]);
    if (service.signal.aborted || outcomes === undefined) return;
    narrator.results(watch.sampleOutcomes(outcomes), presets[config.suppressionPreset]);
    narrator.total(outcomes);
    if (once) return service.stop();
    invite(narrator, postgres, mailbox);
    service.signal.addEventListener('abort', () => narrator.step('demo', 'stopping'), { once: true });
    await ended;
  });
}

/** The settings that a person would give for the same servers. */
function settingsOf(postgres: EmbeddedPostgres, mailbox: SampleMailbox): Record<string, string> {
  return {
    DATABASE_URL: postgres.url,
    IMAP_HOST: mailbox.host,
    IMAP_PORT: String(mailbox.port),
    IMAP_SECURITY: 'none',
    IMAP_USER: mailbox.user,
    IMAP_PASSWORD: mailbox.password,
    SETTLE: 'move',
    SENDER_DOMAINS: 'larkfield.example', // whose newsletter the samples return
    POLL_INTERVAL_SECONDS: '10',
  };
}

async function startPipeline(config: Config, samples: readonly SampleMail[], service: Service, log: Logger, narrator: Narrator) {
  const store = await openDatabase(config, service, log);
  const watch = new Watch(store, presets[config.suppressionPreset], samples, narrator);
  service.onStop(() => watch.close());
  const hooks = {
    onCommitted: watch.committed.bind(watch),
    poll: {
      enqueued: (mails: number) => narrator.pulled(mails),
      settled: (mails: number, as: 'processed' | 'failed') =>
        watch.settled(mails, as === 'failed' ? config.mailboxes[0]!.failedFolder : config.mailboxes[0]!.processedFolder),
    },
  };
  const { ended } = await startPollers(config, store, service, log, hooks);
  startProcessor(config, store, service, log, hooks);
  return Object.assign(watch, { ended });
}

/** Rejects if the database ends by itself: there is nothing left to wait for. */
async function watchServer(postgres: EmbeddedPostgres, service: Service): Promise<void> {
  await postgres.ended;
  if (!service.signal.aborted) throw new DatabaseUnavailableError('The embedded Postgres has ended. Start the demo again.');
}

function invite(narrator: Narrator, postgres: EmbeddedPostgres, mailbox: SampleMailbox): void {
  narrator.line(`
Everything keeps running. Put a mail of your own into the mailbox and watch what becomes of it:

  ${appendCommand(mailbox, 'your.eml')}

Or look at what is stored, from another terminal (the views of schema "report" are made for it):

  export DATABASE_URL=${postgres.url}
  npx rebound list
  psql "$DATABASE_URL" -c 'SELECT recipient, state, reason FROM report.suppressions'

Ctrl-C ends it and removes everything.
`);
}
