import { brandId, type SubjectId } from '@farandole/kernel/id';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { RUNNING } from '../../src/config/runtime.ts';
import type { Listening } from '../../src/net/listening.ts';
import { Site } from '../../src/net/site.ts';
import type { Log } from '../../src/observe/log.ts';
import { Admission } from '../../src/transport/admission.ts';
import { type SocketHandler, Sockets } from '../../src/transport/sockets.ts';
import { openTransport } from '../../src/transport/transport.ts';
import { testBudgets } from './budgets.ts';

/** A token that these sockets refuse. They open with any other token. */
export const REFUSED_TOKEN = 'refused';

/** Limit of the sockets of a network in a process of its own. */
export const SOCKETS_PER_NETWORK_MAX = 12;

export const SOCKETS_ORIGIN = 'http://localhost:8080';

export interface ListeningSockets {
  readonly clock: SimClock;
  readonly sockets: Sockets;
  readonly server: Listening;
  readonly port: number;
}

export interface ListeningSocketsOptions {
  readonly handler: SocketHandler;
  readonly connectionsMax: number;
  readonly connectionsPerNetworkMax: number;
  readonly refusedLingerMs: number;
  readonly log?: Log;
}

/**
 * Opens a node's sockets behind the transport of this process's runtime, without a gateway and with
 * a simulated clock.
 */
export async function listenForSockets({
  handler,
  connectionsMax,
  connectionsPerNetworkMax,
  refusedLingerMs,
  log = () => {},
}: ListeningSocketsOptions): Promise<ListeningSockets> {
  const clock = new SimClock();
  const budgets = testBudgets(clock, { connectionsMax, connectionsPerNetworkMax });
  const admission = new Admission({
    site: () => new Site([SOCKETS_ORIGIN]),
    signer: { subjectOf: (cookie) => brandId<SubjectId>(`subject-of-${cookie.slice(0, 4)}`) },
    budgets,
    admits: (token) => token !== REFUSED_TOKEN,
    trustedProxies: [],
    onUnlisted: () => {},
  });
  const work = { take: () => 0 };
  const sockets = new Sockets({ admission, clock, work, refusedLingerMs, log });
  sockets.attach(handler);
  const bind = await openTransport(RUNNING, {
    app: { fetch: () => new Response(null, { status: 404 }) },
    upgrades: { admission, sockets, log },
    connectionsMax,
    socketBudget: budgets.connections,
    trustedProxies: [],
    log,
  });
  const server = await bind('127.0.0.1', 0);
  return { clock, sockets, server, port: server.port };
}
