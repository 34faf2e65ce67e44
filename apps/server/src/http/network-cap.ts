import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { type IpAddress, parseIpAddress } from '@farandole/gateway/signal-policy/address';
import { type AddressRange, isInRange, networkOf } from '../net/address-range.ts';

/**
 * Ends a new socket before reading from it if its network already has the maximum number of
 * sockets. Listed proxies are exempt, because they carry many users.
 *
 * @returns the number of open sockets by network
 */
export function capSocketsPerNetwork(
  server: Server,
  socketsMax: number,
  proxies: readonly AddressRange[],
): ReadonlyMap<string, number> {
  const socketsOf = new Map<string, number>();
  server.on('connection', (socket) => {
    const peer = peerOf(socket);
    if (peer === null) {
      socket.destroy();
      return;
    }
    if (isListed(peer, proxies)) return;
    const network = networkOf(peer);
    const sockets = socketsOf.get(network) ?? 0;
    if (sockets >= socketsMax) {
      socket.destroy();
      return;
    }
    socketsOf.set(network, sockets + 1);
    socket.on('close', leaver(socketsOf, network));
  });
  return socketsOf;
}

export function isOfProxy(socket: Socket, proxies: readonly AddressRange[]): boolean {
  const peer = proxies.length === 0 ? null : peerOf(socket);
  return peer !== null && isListed(peer, proxies);
}

function peerOf(socket: Socket): IpAddress | null {
  return parseIpAddress((socket.remoteAddress ?? '').replace(/%.*/s, ''));
}

function isListed(peer: IpAddress, proxies: readonly AddressRange[]): boolean {
  return proxies.some((range) => isInRange(peer, range));
}

/**
 * This is a separate function, so that its closure keeps only the map and the network's name alive.
 */
function leaver(socketsOf: Map<string, number>, network: string): () => void {
  return () => {
    const left = (socketsOf.get(network) ?? 1) - 1;
    if (left === 0) socketsOf.delete(network);
    else socketsOf.set(network, left);
  };
}
