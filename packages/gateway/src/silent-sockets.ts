import type { Connection } from './connection.ts';

const NONE: ReadonlySet<Connection> = new Set();

/**
 * *Silent* sockets, which haven't sent a hello. Their number is limited, so that an attacker's
 * silent sockets can't use up the node's maximum number of sockets.
 */
export class SilentSockets {
  readonly #max: number;
  /** Silent sockets by network, oldest first in each network. */
  readonly #byNetwork = new Map<string, Set<Connection>>();
  #size = 0;

  constructor(max: number) {
    this.#max = max;
  }

  get size(): number {
    return this.#size;
  }

  /**
   * Adds a socket.
   * @returns the socket to close if there are too many silent sockets, otherwise null. It is the
   * oldest one of the network with the most silent sockets. If several networks have equally many,
   * the network whose sockets came first is taken
   */
  add(connection: Connection): Connection | null {
    const network = networkOf(connection);
    const ofNetwork = this.#byNetwork.get(network) ?? new Set();
    this.#byNetwork.set(network, ofNetwork.add(connection));
    this.#size += 1;
    if (this.#size <= this.#max) return null;
    // The map is in order of arrival, so among equal networks the earliest one is found.
    let most: ReadonlySet<Connection> = NONE;
    for (const others of this.#byNetwork.values()) if (others.size > most.size) most = others;
    const [oldest = null] = most;
    return oldest;
  }

  /** Removes a socket that sent a hello or closed. Does nothing for other sockets. */
  delete(connection: Connection): void {
    const network = networkOf(connection);
    const ofNetwork = this.#byNetwork.get(network);
    if (ofNetwork?.delete(connection) !== true) return;
    this.#size -= 1;
    if (ofNetwork.size === 0) this.#byNetwork.delete(network);
  }
}

function networkOf({ facts }: Connection): string {
  return facts.network?.network ?? facts.clientAddress;
}
