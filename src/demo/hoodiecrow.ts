import type { EventEmitter } from 'node:events';
import { createRequire } from 'node:module';
import type { Server, Socket } from 'node:net';
import { ReboundError } from '../errors.ts';

/** The part of hoodiecrow-imap that the demo uses; the package has no types of its own. Strings hold one byte a character. */
export interface HoodiecrowServer extends EventEmitter {
  readonly server: Server;
  readonly fetchHandlers: Record<string, FetchHandler>;
  registerCapability(name: string): void;
  setCommandHandler(command: string, handler: CommandHandler): void;
  getCommandHandler(command: string): unknown;
  processMailbox(path: string, mailbox: HoodiecrowFolder, namespace: string): void;
  listen(port: number, host: string): void;
}

export interface HoodiecrowFolder {
  uidvalidity?: number;
  messages?: HoodiecrowMessage[];
  flags?: string[];
  'special-use'?: string;
}

export interface HoodiecrowMessage {
  raw: string;
  internaldate?: Date;
  flags?: string[];
}

export interface HoodiecrowConnection {
  readonly socket: Socket | null;
  readonly state: 'Not Authenticated' | 'Authenticated' | 'Selected' | 'Logout';
  inputHandler: false | ((line: string) => void);
  /** Notices go out at once instead of with the next answer. */
  directNotifications: boolean;
  processNotifications(): void;
  send(response: object, description: string, command?: ParsedCommand, data?: string): void;
}

export interface ParsedCommand {
  readonly tag: string;
  readonly command: string;
  readonly attributes?: readonly unknown[];
}

export type CommandHandler = (
  connection: HoodiecrowConnection,
  parsed: ParsedCommand,
  data: string,
  callback: () => void,
) => void;

export interface FetchQuery {
  value: string;
  section?: readonly unknown[];
  partial?: number[];
}

export type FetchHandler = (connection: HoodiecrowConnection, message: HoodiecrowMessage, query: FetchQuery) => unknown;

export type HoodiecrowPlugin = string | ((server: HoodiecrowServer) => void);

export interface HoodiecrowOptions {
  readonly plugins: readonly HoodiecrowPlugin[];
  readonly users: Readonly<Record<string, { readonly password: string }>>;
  readonly id: Readonly<Record<string, string>>;
  readonly storage: Readonly<Record<string, HoodiecrowFolder | { folders: Record<string, HoodiecrowFolder>; separator: string }>>;
}

/** The optional package hoodiecrow-imap is not installed. */
export class SampleMailboxMissingError extends ReboundError {
  readonly code = 'SAMPLE_MAILBOX_MISSING';
  readonly retry = 'never';
}

const require = createRequire(import.meta.url);

/** Loads the optional package. Throws SampleMailboxMissingError where it was left out of the installation. */
export function loadHoodiecrow(): (options: HoodiecrowOptions) => HoodiecrowServer {
  try {
    return require('hoodiecrow-imap') as (options: HoodiecrowOptions) => HoodiecrowServer;
  } catch (cause) {
    throw new SampleMailboxMissingError(
      'The demo serves its sample mailbox with the optional package hoodiecrow-imap, which is not installed. ' +
        'Run `npm ci` without --omit=optional, or use `rebound start` with a mailbox of your own.',
      { cause },
    );
  }
}

/** Its own FETCH handlers, for plugins that replace one of them in part. */
export function loadHandlers(): Readonly<Record<string, FetchHandler>> {
  return require('hoodiecrow-imap/lib/commands/handlers/fetch.js') as Record<string, FetchHandler>;
}
