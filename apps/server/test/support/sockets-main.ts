/**
 * Opens a node's sockets on the runtime of this process, for a test in another process. Takes
 * orders and reports events by the channel between the processes.
 */
import type { ConnectionFacts } from '@farandole/gateway/ports';
import { brandId, type ConnectionId } from '@farandole/kernel/id';
import type { CloseReason } from '@farandole/protocol/close-codes';
import { REFUSED_LINGER_MS } from '../../src/limits.ts';
import { listenForSockets, SOCKETS_PER_NETWORK_MAX } from './listening-sockets.ts';

export type Order =
  | {
      readonly do: 'send';
      readonly id: string;
      readonly texts: readonly string[];
      readonly times?: number;
    }
  | { readonly do: 'close'; readonly id: string; readonly reason: CloseReason }
  | { readonly do: 'pass'; readonly ms: number }
  | { readonly do: 'close-all' };

export type Told =
  | { readonly told: 'listening'; readonly port: number }
  | { readonly told: 'opened'; readonly id: string; readonly facts: ConnectionFacts }
  | { readonly told: 'said'; readonly id: string; readonly text: string; readonly bytes: number }
  | { readonly told: 'flooded'; readonly id: string }
  | { readonly told: 'closed'; readonly id: string; readonly code: number }
  | { readonly told: 'logged'; readonly reason: string }
  | { readonly told: 'done'; readonly size: number };

function tell(told: Told): void {
  process.send?.(told);
}

const { clock, sockets, server, port } = await listenForSockets({
  handler: {
    connectionOpened: (id, facts) => tell({ told: 'opened', id, facts }),
    receive: (id, text, bytes) => tell({ told: 'said', id, text, bytes }),
    flooded: (id) => tell({ told: 'flooded', id }),
    connectionClosed: (id, code) => tell({ told: 'closed', id, code }),
  },
  connectionsMax: 100,
  connectionsPerNetworkMax: SOCKETS_PER_NETWORK_MAX,
  refusedLingerMs: REFUSED_LINGER_MS,
  log: (event) => event.event === 'socket-closed' && tell({ told: 'logged', reason: event.reason }),
});

const connection = (id: string): ConnectionId => brandId<ConnectionId>(id);

async function obey(order: Order): Promise<void> {
  switch (order.do) {
    case 'send':
      for (let time = 0; time < (order.times ?? 1); time++) {
        for (const text of order.texts) sockets.send(connection(order.id), text);
      }
      break;
    case 'close':
      sockets.close(connection(order.id), order.reason);
      break;
    case 'pass':
      for (let passed = 0; passed < order.ms; passed += 50) {
        clock.advance(50);
        sockets.tick(clock.monotonicMs());
      }
      break;
    case 'close-all':
      sockets.closeAll('server-moving');
      await sockets.whenEmpty();
      await server.close();
      break;
  }
  tell({ told: 'done', size: sockets.size });
}

process.on('message', (order: Order) => void obey(order));
process.on('disconnect', () => process.exit());
tell({ told: 'listening', port });
