import { once } from 'node:events';
import { createServer } from 'node:http';

export interface ForeignSite {
  /** A site other than `localhost`, with separate cookies. */
  readonly crossSite: string;
  /** Another origin of the same site, with another port. */
  readonly sameSite: string;
  stop(): Promise<void>;
}

/** Serves the same empty page without a CSP at every path. */
export async function startForeignSite(): Promise<ForeignSite> {
  const server = createServer((_request, response) => {
    response.setHeader('Content-Type', 'text/html; charset=utf-8');
    response.end('<!doctype html><title>Somebody else</title><p id="words">plain words</p>');
  });
  // Listens on IPv4 and IPv6, because `localhost` may resolve to either.
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
