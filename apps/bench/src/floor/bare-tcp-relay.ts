/**
 * The floor below the floor: TCP on Node without WebSocket. It pairs its sockets as they come and
 * passes every byte to the other. A program of its own, which prints its port.
 */
import { createServer, type Socket } from 'node:net';
import { PAIRED } from '../load/load-client.ts';

const others = new Map<Socket, Socket>();
let waiting: Socket | null = null;

const server = createServer({ noDelay: true }, (socket) => {
  socket.on('data', (bytes) => others.get(socket)?.write(bytes));
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
  waiting.write(PAIRED);
  socket.write(PAIRED);
  waiting = null;
});
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address !== null && typeof address === 'object') console.log(`listening ${address.port}`);
});
