import type { Config } from '../src/config.ts';
import { openLog } from '../src/log.ts';
import { openProducer } from '../src/queue/producer.ts';
import { runService } from '../src/service.ts';
import { openDatabase, startProcessor } from './parts.ts';

/** `rebound work`: takes mails from the queue, understands them, commits the result. Any number may run. */
export async function runProcessor(config: Config): Promise<void> {
  const log = openLog(config);
  await runService(log, async (service) => {
    const store = await openDatabase(config, service, log);
    const probe = openProducer(config);
    await probe.check().finally(() => probe.close());
    startProcessor(config, store, service, log);
  });
}
