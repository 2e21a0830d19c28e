import type { Config } from '../src/config.ts';
import { openLog } from '../src/log.ts';
import { runService } from '../src/service.ts';
import { openDatabase, startPollers, startProcessor } from './parts.ts';

/** `rebound start`: poller and worker in one process. With `drain` it ends when the mailbox is dealt with and the queue is empty. */
export async function runStart(config: Config, options: { readonly drain: boolean }): Promise<void> {
  const log = openLog(config);
  await runService(log, async (service) => {
    const store = await openDatabase(config, service, log);
    const pollers = await startPollers(config, store, service, log, options);
    startProcessor(config, store, service, log);
    await pollers.ended;
    if (options.drain) service.stop();
  });
}
