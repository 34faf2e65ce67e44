import type { Server } from 'node:http';
import { parseIpAddress } from '@farandole/gateway/signal-policy/address';
import { type AddressRange, isInRange, networkOf } from '../address-range.ts';

/**
 * Ends each new socket of a network that has so many already, before a byte of it is read: the
 * places that a server has for sockets are everybody's. A listed proxy brings many people, and
 * counts them itself.
 */
export function capSocketsPerNetwork(
  server: Server,
  socketsMax: number,
  proxies: readonly AddressRange[],
): void {
  const socketsOf = new Map<string, number>();
  server.on('connection', (socket) => {
    const peer = parseIpAddress((socket.remoteAddress ?? '').replace(/%.*$/, ''));
    if (peer === null) {
      socket.destroy();
      return;
    }
    if (proxies.some((range) => isInRange(peer, range))) return;
    const network = networkOf(peer);
    const sockets = socketsOf.get(network) ?? 0;
    if (sockets >= socketsMax) {
      socket.destroy();
      return;
    }
    socketsOf.set(network, sockets + 1);
    socket.on('close', () => {
      const left = (socketsOf.get(network) ?? 1) - 1;
      if (left === 0) socketsOf.delete(network);
      else socketsOf.set(network, left);
    });
  });
}
