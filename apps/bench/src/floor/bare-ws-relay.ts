/**
 * The floor of every WebSocket server on Node: `ws` pairs its sockets as they come and passes every
 * frame to the other. No session, no check, no limit. A program of its own, whose CPU time and
 * memory are read from outside; it prints its port.
 */
import { type WebSocket, WebSocketServer } from 'ws';
import { PAIRED } from '../load/load-client.ts';

const server = new WebSocketServer({
  port: 0,
  host: '127.0.0.1',
  perMessageDeflate: false,
  clientTracking: false,
});
const others = new Map<WebSocket, WebSocket>();
let waiting: WebSocket | null = null;

server.on('connection', (socket) => {
  socket.on('message', (data, isBinary) => {
    others.get(socket)?.send(data, { binary: isBinary });
  });
  socket.on('error', () => {});
  socket.on('close', () => {
    if (waiting === socket) waiting = null;
    const other = others.get(socket);
    others.delete(socket);
    if (other !== undefined) others.delete(other);
  });
  if (waiting === null) {
    waiting = socket;
    return;
  }
  others.set(socket, waiting);
  others.set(waiting, socket);
  waiting.send(PAIRED);
  socket.send(PAIRED);
  waiting = null;
});
server.on('listening', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') console.log(`listening ${address.port}`);
});
