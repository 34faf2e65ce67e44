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
      return false;
    }
    underWay.set(socket, requests);
    response.once('close', () => underWay.set(socket, (underWay.get(socket) ?? 1) - 1));
    return true;
  };
}
