import { createHardenedServer } from '../http/hardened-server.ts';
import { type Bind, bindNode } from '../net/listening.ts';
import type { TransportParts } from './transport.ts';
import { WsListener } from './ws-listener.ts';

/** The transport on Node: `node:http` for requests, `ws` for WebSockets. */
export function bindWs({ upgrades, ...parts }: TransportParts): Bind {
  const listener = new WsListener(upgrades);
  const onUpgrade = listener.upgrade.bind(listener);
  return bindNode(() => createHardenedServer({ ...parts, onUpgrade }));
}
