import { connect, createServer, type Socket } from 'node:net';

/** A TCP relay on 127.0.0.1 through which a test spoils a connection. */
export interface TcpProxy {
  port: number;
  /** Connections that are open now. */
  readonly open: number;
  /** Connections accepted since the start. */
  readonly accepted: number;
  /** Resets every open connection; returns how many. */
  cut(): number;
  /** Keeps connections open and forwards nothing any more: the half-open socket of a NAT that forgot. */
  stall(): void;
  /** Closes new connections as soon as they are made, as a balancer without a server behind it does; `false` ends that. */
  refuse(on: boolean): void;
  /** Forwards again. */
  resume(): void;
  stop(): Promise<void>;
}

/** Relays to a port of 127.0.0.1. `alter` may change what the server sends. */
export async function startTcpProxy(target: number, alter: (chunk: Buffer) => Buffer = (chunk) => chunk): Promise<TcpProxy> {
  const pairs = new Set<[Socket, Socket]>();
  let stalled = false;
  let accepted = 0;
  let refusing = false;
  const server = createServer((near) => {
    accepted += 1;
    if (refusing) {
      near.destroy();
      return;
    }
    const far = connect(target, '127.0.0.1');
    const pair: [Socket, Socket] = [near, far];
    pairs.add(pair);
    for (const [from, to] of [pair, [far, near]] as const) {
      from.on('data', (data) => to.write(from === far ? alter(data) : data));
      from.on('end', () => to.end());
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.destroy();
        pairs.delete(pair);
      });
      if (stalled) from.pause();
    }
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const cut = () => {
    const count = pairs.size;
    for (const [near, far] of pairs) {
      near.resetAndDestroy();
      far.destroy();
    }
    return count;
  };
  return {
    port: typeof address === 'object' && address ? address.port : 0,
    get open() {
      return pairs.size;
    },
    get accepted() {
      return accepted;
    },
    cut,
    stall() {
      stalled = true;
      for (const socket of [...pairs].flat()) socket.pause();
    },
    refuse(on) {
      refusing = on;
    },
    resume() {
      stalled = false;
      for (const socket of [...pairs].flat()) socket.resume();
    },
    stop() {
      cut();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
