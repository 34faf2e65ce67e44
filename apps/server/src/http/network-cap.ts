import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import type { Budget } from '@farandole/gateway/budget/budget';
import { type IpAddress, parseIpAddress } from '@farandole/gateway/signal-policy/address';
import { type AddressRange, isInRange } from '../net/address-range.ts';

/**
 * Ends a new socket before reading from it if the budget has no socket left for its address. Listed
 * proxies are exempt, because they carry many users.
 */
export function capSockets(server: Server, budget: Budget, proxies: readonly AddressRange[]): void {
  server.on('connection', (socket) => {
    const peer = peerOf(socket);
    if (peer === null) {
      socket.destroy();
      return;
    }
    if (isListed(peer, proxies)) return;
    if (budget.take(peer.text) > 0) {
      socket.destroy();
      return;
    }
    socket.on('close', releaser(budget, peer.text));
  });
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

/** A separate function, whose closure keeps only the budget and the address in memory. */
function releaser(budget: Budget, address: string): () => void {
  return () => budget.release(address);
}
