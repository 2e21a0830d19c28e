import { type FetchHandler, type HoodiecrowPlugin, type HoodiecrowServer, loadHandlers } from './hoodiecrow.ts';

/**
 * What hoodiecrow-imap 2.1 gets wrong and a client that keeps to the standard stumbles over, put right from outside.
 * Each is a plugin; plugins run before the folders are read.
 */
export const repairs: readonly HoodiecrowPlugin[] = [partialFetch, idle, knownCommandsOnly, manyConnections];

/** Gives every folder this UIDVALIDITY; without it each start says 1, and a kept database takes new mails for known ones. */
export function uidValidity(value: number): HoodiecrowPlugin {
  return (server) => {
    const processMailbox = server.processMailbox.bind(server);
    server.processMailbox = (path, mailbox, namespace) => {
      mailbox.uidvalidity ??= value;
      processMailbox(path, mailbox, namespace);
    };
  };
}

/**
 * `BODY.PEEK[]<0.n>` of several mails: the original shortens the request itself while it answers the first mail, so that
 * every further mail comes back empty.
 */
function partialFetch(server: HoodiecrowServer): void {
  const standard = loadHandlers();
  const asked = new WeakMap<object, readonly number[]>();
  const body: FetchHandler = (connection, message, query) => {
    const wholeMail = query.section !== undefined && query.section.length === 0;
    if (!wholeMail || query.partial === undefined) return standard['BODY']!(connection, message, query);
    const [start = 0, length = 0] = asked.get(query) ?? query.partial;
    asked.set(query, [start, length]);
    query.partial = [start]; // the answer names the start alone (RFC 9051 §7.5.2)
    return { type: 'LITERAL', value: message.raw.slice(start, start + length) };
  };
  server.fetchHandlers['BODY'] = body;
  server.fetchHandlers['BODY.PEEK'] = body;
}

/**
 * IDLE (RFC 2177). After the original's, notices keep going out in the middle of answers to other commands, and its timer of
 * half an hour outlives a connection that broke off and holds the process.
 */
function idle(server: HoodiecrowServer): void {
  server.registerCapability('IDLE');
  server.setCommandHandler('IDLE', (connection, parsed, data, callback) => {
    const answer = (command: 'OK' | 'BAD', text: string) =>
      connection.send({ tag: parsed.tag, command, attributes: [{ type: 'TEXT', value: text }] }, 'IDLE', parsed, data);
    if (connection.state === 'Not Authenticated') {
      answer('BAD', 'Log in first');
      return callback();
    }
    connection.directNotifications = true;
    connection.inputHandler = (line) => {
      connection.inputHandler = false;
      connection.directNotifications = false;
      if (line.toUpperCase() === 'DONE') answer('OK', 'IDLE terminated');
      else answer('BAD', 'Expected DONE');
      callback();
    };
    connection.socket?.write('+ idling\r\n');
    connection.processNotifications();
  });
}

/** The original loads whatever file a command's name leads to. */
function knownCommandsOnly(server: HoodiecrowServer): void {
  const getCommandHandler = server.getCommandHandler.bind(server);
  server.getCommandHandler = (command) => (/^[A-Z]+( [A-Z]+)?$/i.test(command) ? getCommandHandler(command) : false);
}

/** Each connection listens to the server; more than ten are no leak. */
function manyConnections(server: HoodiecrowServer): void {
  server.setMaxListeners(0);
}
