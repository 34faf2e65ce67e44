import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { brandId, type SubjectId } from '@farandole/kernel/id';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { Site } from '../../src/net/site.ts';
import type { Log } from '../../src/observe/log.ts';
import { Admission } from '../../src/transport/admission.ts';
import { type SocketHandler, Sockets } from '../../src/transport/sockets.ts';
import { WsListener } from '../../src/transport/ws-listener.ts';
import { testBudgets } from './budgets.ts';

/** A token that these sockets refuse. They open with any other token. */
export const REFUSED_TOKEN = 'refused';

export const SOCKETS_ORIGIN = 'http://localhost:8080';

export interface ListeningSockets {
  readonly clock: SimClock;
  readonly sockets: Sockets;
  readonly server: Server;
  readonly port: number;
}

export interface ListeningSocketsOptions {
  readonly handler: SocketHandler;
  readonly connectionsMax: number;
  readonly connectionsPerNetworkMax: number;
  readonly refusedLingerMs: number;
  readonly log?: Log;
}

/** Opens a node's sockets behind a real server, without a gateway and with a simulated clock. */
export async function listenForSockets({
  handler,
  connectionsMax,
  connectionsPerNetworkMax,
  refusedLingerMs,
  log = () => {},
}: ListeningSocketsOptions): Promise<ListeningSockets> {
  const clock = new SimClock();
  const admission = new Admission({
    site: () => new Site([SOCKETS_ORIGIN]),
    signer: { subjectOf: (cookie) => brandId<SubjectId>(`subject-of-${cookie.slice(0, 4)}`) },
    budgets: testBudgets(clock, { connectionsMax, connectionsPerNetworkMax }),
    admits: (token) => token !== REFUSED_TOKEN,
    trustedProxies: [],
    onUnlisted: () => {},
  });
  const work = { take: () => 0 };
  const sockets = new Sockets({ admission, clock, work, refusedLingerMs, log });
  sockets.attach(handler);
  const listener = new WsListener({ admission, sockets, log });
  const server = createServer();
  server.on('upgrade', listener.upgrade.bind(listener));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { clock, sockets, server, port };
}
