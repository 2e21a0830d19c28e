import { Redis } from 'ioredis';
import { type Daemon, startDaemon } from './daemon.ts';
import { findOrInstall } from './servers.ts';

export interface RedisServer {
  url: string;
  port: number;
  readonly pid: number;
  kill9(): Promise<void>;
  /** Starts again on the same port and directory. */
  restart(): Promise<void>;
  /** Forgets everything, as an operator's FLUSHALL would. */
  flushall(): Promise<void>;
  /** Runs one command on a connection of its own. */
  call(name: string, ...args: string[]): Promise<unknown>;
  log(): Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts a real Redis on a free port of 127.0.0.1. With `aof` it writes its append-only file every second, else it keeps
 * nothing.
 */
export async function startRedis({ aof = false, settings = [] as string[] } = {}): Promise<RedisServer> {
  const program = await findOrInstall('redis-server');
  const daemon: Daemon = await startDaemon({
    name: 'redis',
    ports: 1,
    portTaken: /address already in use/i,
    async command(dir, [port]) {
      const options = {
        port,
        bind: '127.0.0.1',
        dir,
        save: '',
        appendonly: aof ? 'yes' : 'no',
        appendfsync: 'everysec',
        'maxmemory-policy': 'noeviction',
      };
      return {
        program,
        args: [...Object.entries(options).flatMap(([name, value]) => [`--${name}`, String(value)]), ...settings],
      };
    },
    ready: async ([port]) => (await call(port!, 'ping').catch(() => '')) === 'PONG',
  });
  const port = daemon.ports[0]!;
  return {
    url: `redis://127.0.0.1:${port}/0`,
    port,
    get pid() {
      return daemon.pid;
    },
    kill9: daemon.kill9,
    restart: daemon.restart,
    async flushall() {
      await call(port, 'flushall');
    },
    call: (name, ...args) => call(port, name, ...args),
    log: daemon.log,
    stop: daemon.stop,
  };
}

async function call(port: number, name: string, ...args: string[]): Promise<unknown> {
  const client = new Redis({ host: '127.0.0.1', port, lazyConnect: true, retryStrategy: () => null, maxRetriesPerRequest: 0 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await client.call(name, ...args);
  } finally {
    client.disconnect();
  }
}
