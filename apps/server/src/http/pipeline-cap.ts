import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Whether a request may be answered; false when its socket is ended instead. */
export type PipelineCap = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * Ends a socket that asks for more before it has what it asked for. One read may bring a thousand
 * requests, and Node begins with all of them at once: their answers would queue in memory, for
 * somebody who need not even read them. No browser sends a second one before the first is answered.
 *
 * @param requestsMax that may be under way on one socket
 */
export function capPipelines(requestsMax: number): PipelineCap {
  const underWay = new WeakMap<Socket, number>();
  return ({ socket }, response) => {
    const requests = (underWay.get(socket) ?? 0) + 1;
    if (requests > requestsMax) {
      socket.destroy();
      stopParser(socket);
      return false;
    }
    underWay.set(socket, requests);
    response.once('close', () => underWay.set(socket, (underWay.get(socket) ?? 1) - 1));
    return true;
  };
}

/** What the parser is told after the head of a message whose rest is not HTTP (an upgrade). */
const NO_MORE_HTTP = 2;

/**
 * Keeps the parser from the rest of what was read. Destroying its socket does not: Node would still
 * make a request and an answer of each of the thousand, and hold them until all sockets of this
 * turn have been read, four megabytes for each socket.
 *
 * Node says no word about `socket.parser`, and is pinned to one version; the test of this file shows
 * that it still does what it is for.
 */
function stopParser(socket: Socket): void {
  const parser: unknown = Reflect.get(socket, 'parser');
  if (typeof parser !== 'object' || parser === null || !('onIncoming' in parser)) return;
  parser.onIncoming = () => NO_MORE_HTTP;
}
