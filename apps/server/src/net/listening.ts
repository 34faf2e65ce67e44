import { once } from 'node:events';
import type { Server } from 'node:http';
import { codeOf, StartError } from '../start-error.ts';

/** Maximum number of attempts to find a port that is free in both address families. */
const TRIES_MAX = 20;

/** For `localhost` the server listens on both loopback addresses, because browsers try both. */
const LOOPBACKS = ['127.0.0.1', '::1'] as const;

/** A server that listens on one address. */
export interface Listening {
  readonly port: number;
  /** Ends every connection, and resolves when the port is free. */
  close(): Promise<void>;
}

/**
 * Starts a server on an address; port 0 lets the system choose one.
 *
 * @throws the system's error, with its code
 */
export type Bind = (host: string, port: number) => Promise<Listening>;

/**
 * Starts one server, or for `localhost` one per loopback address of this machine.
 *
 * @param setting name of the port's setting, for the error message
 * @throws StartError if the port is taken or the address isn't one of this machine
 */
export async function listenOn(
  host: string,
  port: number,
  bind: Bind,
  setting: string,
): Promise<{ readonly servers: readonly Listening[]; readonly port: number }> {
  if (host !== 'localhost') {
    const server = await listen(bind, host, port, setting);
    return { servers: [server], port: server.port };
  }
  for (let tries = 1; ; tries++) {
    const first = await listen(bind, LOOPBACKS[0], port, setting);
    try {
      const second = await listen(bind, LOOPBACKS[1], first.port, setting);
      return { servers: [first, second], port: first.port };
    } catch (error) {
      const code = codeOf(error instanceof Error ? error.cause : null);
      // A machine without IPv6 has only one loopback address.
      if (code === 'EADDRNOTAVAIL' || code === 'EAFNOSUPPORT') {
        return { servers: [first], port: first.port };
      }
      await first.close();
      // The port that the system chose for one address family may be taken in the other. The loop
      // then tries another port.
      if (port !== 0 || tries === TRIES_MAX) throw error;
    }
  }
}

/** @param create makes a server of Node that doesn't listen yet */
export function bindNode(create: () => Server): Bind {
  return async (host, port) => {
    const server = create();
    server.listen({ host, port, exclusive: true });
    await once(server, 'listening');
    const address = server.address();
    return {
      port: typeof address === 'object' && address !== null ? address.port : port,
      close: async () => {
        const closed = once(server, 'close');
        server.close();
        server.closeAllConnections();
        await closed;
      },
    };
  };
}

async function listen(bind: Bind, host: string, port: number, setting: string): Promise<Listening> {
  try {
    return await bind(host, port);
  } catch (error) {
    throw new StartError(inWords(codeOf(error), host, port, setting), { cause: error });
  }
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
