/**
 * A baseline without WebSocket: a separate process that pairs TCP sockets in order of arrival
 * and forwards every byte, to both sockets of a pair if the bytes say so. It prints its port.
 */
import { createServer, type Socket } from 'node:net';
import { PAIRED, TO_BOTH } from '../load/load-client.ts';
import { Pairs } from './pairs.ts';

const FOR_BOTH = TO_BOTH.charCodeAt(0);
const pairs = new Pairs<Socket>();

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('data', (bytes) => {
    pairs.other(socket)?.write(bytes);
    if (bytes[0] === FOR_BOTH) socket.write(bytes);
  });
  socket.on('error', () => {});
  socket.on('close', () => pairs.remove(socket));
  const first = pairs.add(socket);
  if (first === null) return;
  first.write(PAIRED);
  socket.write(PAIRED);
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') console.log(`listening ${address.port}`);
});
