/**
 * The baseline of a WebSocket server on Node: `ws` pairs sockets in order of arrival and
 * forwards every frame, to both sockets of a pair if the frame says so. It runs as a separate process, so that its CPU time and memory can be
 * read from outside, and prints its port.
 */
import { type WebSocket, WebSocketServer } from 'ws';
import { PAIRED, TO_BOTH } from '../load/load-client.ts';
import { Pairs } from './pairs.ts';

const FOR_BOTH = TO_BOTH.charCodeAt(0);

const server = new WebSocketServer({
  port: Number(process.env['PORT'] ?? 0),
  host: '127.0.0.1',
  perMessageDeflate: false,
  clientTracking: false,
});
const pairs = new Pairs<WebSocket>();

server.on('connection', (socket) => {
  socket.on('message', (data: Buffer, isBinary) => {
    pairs.other(socket)?.send(data, { binary: isBinary });
    if (data[0] === FOR_BOTH) socket.send(data, { binary: isBinary });
  });
  socket.on('error', () => {});
  socket.on('close', () => pairs.remove(socket));
  const first = pairs.add(socket);
  if (first === null) return;
  first.send(PAIRED);
  socket.send(PAIRED);
});
server.on('listening', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') console.log(`listening ${address.port}`);
});
