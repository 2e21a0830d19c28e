import { randomInt } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * A TCP port on 127.0.0.1 that was free a moment ago. Another process may take it before its user binds it, so whoever binds
 * it has to be ready to ask again.
 *
 * The port lies below the range from which systems take the local ports of outgoing connections (32768 and up on Linux,
 * 49152 elsewhere): a server that is restarted on its port then finds it free.
 */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < 50; tries++) {
    const port = await tryPort(randomInt(18_000, 32_000));
    if (port !== null) return port;
  }
  const port = await tryPort(0);
  if (port === null) throw new Error('No free port was found on 127.0.0.1.');
  return port;
}

function tryPort(wanted: number): Promise<number | null> {
  return new Promise((resolve) => {
    const probe = createServer();
    probe.once('error', () => resolve(null));
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address();
      const port = typeof address === 'object' && address ? address.port : null;
      probe.close(() => resolve(port));
    });
  });
}
