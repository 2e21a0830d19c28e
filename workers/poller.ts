import type { Config } from '../src/config.ts';
import { openLog } from '../src/log.ts';
import { runService } from '../src/service.ts';
import { openDatabase, startPollers } from './parts.ts';

/** `rebound poll`: reads the mailboxes. Any number may run; one works on a mailbox, the others stand by. */
export async function runPoller(config: Config): Promise<void> {
  const log = openLog(config);
  await runService(log, async (service) => {
    const store = await openDatabase(config, service, log);
    const { ended } = await startPollers(config, store, service, log);
    await ended;
  });
}
