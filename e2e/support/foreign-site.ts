import { once } from 'node:events';
import { createServer } from 'node:http';

/** Pages of somebody else, on this machine. */
export interface ForeignSite {
  /** Another site than `localhost`: its cookies are not the node's, nor the other way round. */
  readonly crossSite: string;
  /** Another origin of the same site, since a port makes no site. */
  readonly sameSite: string;
  stop(): Promise<void>;
}

/** Every path is the same page, with nothing in it that a test did not put there, and no policy. */
export async function startForeignSite(): Promise<ForeignSite> {
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end('<!doctype html><title>Somebody else</title><p id="words">plain words</p>');
  });
  // By IPv4 and IPv6 both, whatever the browser takes `localhost` for.
  server.listen(0, '::');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    crossSite: `http://127.0.0.1:${address.port}`,
    sameSite: `http://localhost:${address.port}`,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
