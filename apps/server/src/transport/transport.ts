import type { Budget } from '@farandole/gateway/budget/budget';
import type { Runtime } from '../config/runtime.ts';
import type { createApp } from '../http/app.ts';
import type { AddressRange } from '../net/address-range.ts';
import type { Bind } from '../net/listening.ts';
import type { Log } from '../observe/log.ts';
import type { UpgradeParts } from './upgrade-parts.ts';

/** What a transport serves: the HTTP app, and the sockets of admitted clients. */
export interface TransportParts {
  readonly app: Pick<ReturnType<typeof createApp>, 'fetch'>;
  readonly upgrades: UpgradeParts;
  readonly connectionsMax: number;
  /** Limits the sockets of each network, including WebSockets. */
  readonly socketBudget: Budget;
  readonly trustedProxies: readonly AddressRange[];
  readonly log: Log;
}

/**
 * Returns the transport of a runtime, on which this process runs. Its code is imported only here,
 * because the other transport's would be loaded for nothing.
 */
export async function openTransport(runtime: Runtime, parts: TransportParts): Promise<Bind> {
  if (runtime === 'bun') {
    const { bindBun } = await import('./bun-transport.ts');
    return bindBun(parts);
  }
  const { bindWs } = await import('./node-transport.ts');
  return bindWs(parts);
}
