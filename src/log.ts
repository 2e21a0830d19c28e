import { type DestinationStream, type Logger, pino } from 'pino';
import pretty from 'pino-pretty';
import type { Config } from './config.ts';

export type { Logger };

/**
 * One JSON line an event on standard output, readable lines on a terminal. `event` is from a fixed list (docs/flow.md);
 * no line holds a password, an address of a recipient, or the body of a mail.
 */
export function openLog(config: Pick<Config, 'logLevel' | 'logFormat'>): Logger {
  const readable = config.logFormat === 'pretty' || (config.logFormat === 'auto' && process.stdout.isTTY);
  const stream: DestinationStream | undefined = readable
    ? pretty({ translateTime: 'SYS:HH:MM:ss', ignore: 'pid,hostname,event', singleLine: true, sync: true })
    : undefined;
  const options = {
    level: config.logLevel,
    base: {},
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
  };
  return stream === undefined ? pino(options) : pino({ level: config.logLevel, base: {} }, stream);
}
