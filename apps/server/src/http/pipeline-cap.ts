import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** Counts a request. Returns false if the socket had too many unanswered requests and was ended. */
export type PipelineCap = (request: IncomingMessage, response: ServerResponse) => boolean;

/**
 * Ends a socket with too many unanswered requests. Otherwise responses would queue in memory for a
 * client that never reads, because one chunk of input may contain a thousand requests and Node
 * starts all of them. Browsers wait for each response, so the limit doesn't affect them.
 *
 * @param requestsMax maximum number of unanswered requests per socket
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

/**
 * Value that the parser's `onIncoming` returns after an upgrade. The parser then stops, because the
 * bytes that follow aren't HTTP.
 */
const NO_MORE_HTTP = 2;

/**
 * Stops Node's HTTP parser from reading the rest of a chunk. Destroying the socket isn't enough,
 * because Node would still create a request and a response for each of a thousand requests and keep
 * them until the end of the event-loop turn. That takes 4 MB per socket.
 *
 * `socket.parser` is undocumented. Node's version is pinned, and a test checks that this function
 * still works.
 */
function stopParser(socket: Socket): void {
  const parser: unknown = Reflect.get(socket, 'parser');
  if (typeof parser !== 'object' || parser === null || !('onIncoming' in parser)) return;
  parser.onIncoming = () => NO_MORE_HTTP;
}
