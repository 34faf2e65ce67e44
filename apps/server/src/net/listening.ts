import { once } from 'node:events';
import type { Server } from 'node:http';
import { codeOf, StartError } from '../start-error.ts';

/** Maximum number of attempts to find a port that is free in both address families. */
const TRIES_MAX = 20;

/** For `localhost` the server listens on both loopback addresses, because browsers try both. */
const LOOPBACKS = ['127.0.0.1', '::1'] as const;

/**
 * Starts one server, or for `localhost` one per loopback address of this machine.
 *
 * @param create makes a server that doesn't listen yet
 * @param setting name of the port's setting, for the error message
 * @throws StartError if the port is taken or the address isn't one of this machine
 */
export async function listenOn(
  host: string,
  port: number,
  create: () => Server,
  setting: string,
): Promise<{ readonly servers: readonly Server[]; readonly port: number }> {
  if (host !== 'localhost') {
    const server = create();
    return { servers: [server], port: await listen(server, host, port, setting) };
  }
  for (let tries = 1; ; tries++) {
    const first = create();
    const bound = await listen(first, LOOPBACKS[0], port, setting);
    const second = create();
    try {
      await listen(second, LOOPBACKS[1], bound, setting);
      return { servers: [first, second], port: bound };
    } catch (error) {
      const code = codeOf(error instanceof Error ? error.cause : null);
      // A machine without IPv6 has only one loopback address.
      if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') {
        return { servers: [first], port: bound };
      }
      await closeServer(first);
      // The port that the system chose for one address family may be taken in the other. The loop
      // then tries another port.
      if (port !== 0 || tries === TRIES_MAX) throw error;
    }
  }
}

export async function closeServer(server: Server): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  server.closeAllConnections();
  await closed;
}

async function listen(
  server: Server,
  host: string,
  port: number,
  setting: string,
): Promise<number> {
  try {
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
  } catch (error) {
    throw new StartError(inWords(codeOf(error), host, port, setting), { cause: error });
  }
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

function inWords(code: string | null, host: string, port: number, setting: string): string {
  switch (code) {
    case 'EADDRINUSE':
      return `Port ${port} is in use by another program. Stop it, or choose another port: ${setting}=${port === 65_535 ? port - 1 : port + 1}`;
    case 'EACCES':
      return `This process may not listen on port ${port}. Choose one above 1023: ${setting}=8080`;
    case 'EADDRNOTAVAIL':
      return `${host} is not an address of this machine. Set HOST to one that is.`;
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `The name ${host} has no address. Set HOST to an address of this machine.`;
    case null:
    default:
      return `Listening on ${host}, port ${port}, failed (${code ?? 'unknown reason'}).`;
  }
}
