import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';

/** Port on loopback, or path of a Unix socket. */
export type Upstream = { readonly port: number } | { readonly path: string };

/**
 * How a link is cut. `refused`: connections end, and new ones too. `silent`: connections stay open
 * and carry nothing. `deaf`: they carry only what the node sends. Bytes that a `silent` or `deaf` link
 * held back arrive after the cut, as those of a network do that was divided.
 */
export type Cut = 'refused' | 'silent' | 'deaf';

/** The connections of one node to a server, which a test can cut for this node alone. */
export interface CuttableLink {
  /** Port on loopback to which the node connects. */
  readonly port: number;
  cut(how: Cut): void;
  mend(): void;
  stop(): Promise<void>;
}

interface Pair {
  readonly node: Socket;
  readonly server: Socket;
}

export async function startLink(upstream: Upstream): Promise<CuttableLink> {
  const pairs = new Set<Pair>();
  let cut: Cut | null = null;
  const apply = ({ node, server }: Pair): void => {
    if (cut === 'refused') {
      node.destroy();
      server.destroy();
      return;
    }
    if (cut === 'silent') node.pause();
    else node.resume();
    if (cut === null) server.resume();
    else server.pause();
  };
  const listener = createServer((node) => {
    const pair = { node, server: createConnection(upstream) };
    const { server } = pair;
    pairs.add(pair);
    for (const [from, to] of [
      [node, server],
      [server, node],
    ] as const) {
      from.setNoDelay(true);
      from.on('data', (chunk) => void to.write(chunk));
      // A reset of one side ends the other.
      from.on('error', () => to.destroy());
      from.on('close', () => {
        to.end();
        if (node.destroyed && server.destroyed) pairs.delete(pair);
      });
    }
    apply(pair);
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  const address = listener.address();
  if (address === null || typeof address === 'string') throw new Error('The link has no port.');
  const applyToAll = (): void => {
    for (const pair of [...pairs]) apply(pair);
  };
  return {
    port: address.port,
    cut: (how) => {
      cut = how;
      applyToAll();
    },
    mend: () => {
      cut = null;
      applyToAll();
    },
    stop: async () => {
      const closed = once(listener, 'close');
      listener.close();
      for (const { node, server } of [...pairs]) {
        node.destroy();
        server.destroy();
      }
      await closed;
    },
  };
}
