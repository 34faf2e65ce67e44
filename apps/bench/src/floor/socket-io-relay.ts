/**
 * A stand-in for the open servers of this kind, most of which pair and relay with socket.io: it
 * pairs sockets in order of search and forwards lines to both sockets of a pair, and typing to the
 * other one. It runs as a separate process and prints its port.
 */
import { createServer } from 'node:http';
import { Server, type Socket } from 'socket.io';
import { Pairs } from './pairs.ts';

const http = createServer();
const server = new Server(http, { transports: ['websocket'], serveClient: false });
const pairs = new Pairs<Socket>();

server.on('connection', (socket) => {
  socket.on('search', () => {
    const first = pairs.add(socket);
    if (first === null) return;
    first.emit('paired');
    socket.emit('paired');
  });
  socket.on('chat', (text: unknown) => {
    const other = pairs.other(socket);
    if (typeof text !== 'string' || other === undefined) return;
    other.emit('chat', text);
    socket.emit('chat', text);
  });
  socket.on('typing', (text: unknown) => {
    if (typeof text === 'string') pairs.other(socket)?.emit('typing', text);
  });
  socket.on('disconnect', () => pairs.remove(socket));
});
http.listen(Number(process.env['PORT'] ?? 0), '127.0.0.1', () => {
  const address = http.address();
  if (address !== null && typeof address === 'object') console.log(`listening ${address.port}`);
});
