import { connect } from 'node:net';
import {
  clientFrame,
  closeFrame,
  OPCODE,
  ServerFrames,
  splitHead,
  textFrame,
  upgradeRequest,
} from '@farandole/e2e/web-socket-bytes';
import type { Socket, SocketListener } from '@farandole/web/signal/ports';

export interface PageSocketOptions {
  readonly port: number;
  readonly from: string;
  readonly host: string;
  readonly origin: string;
  readonly cookie: string;
  readonly token: string;
}

/**
 * A browser's WebSocket as the signal client sees it, over plain TCP. It is cheap enough to open
 * thousands per second.
 */
export function openPageSocket(options: PageSocketOptions, listener: SocketListener): Socket {
  const { port, from, host, origin, cookie, token } = options;
  const socket = connect({ port, host: '127.0.0.1', localAddress: from, noDelay: true });
  const frames = new ServerFrames();
  let head: Buffer | null = Buffer.alloc(0);
  let isOver = false;
  const over = (code: number, reason: string): void => {
    if (isOver) return;
    isOver = true;
    socket.resetAndDestroy();
    listener.closed(code, reason);
  };
  const read = (bytes: Buffer): void => {
    frames.push(bytes, ({ opcode, payload }) => {
      if (isOver) return;
      if (opcode === OPCODE.text) {
        listener.message(payload.toString('utf8'));
      } else if (opcode === OPCODE.ping) {
        socket.write(clientFrame({ opcode: OPCODE.pong, payload }));
      } else if (opcode === OPCODE.close) {
        over(payload.length < 2 ? 1005 : payload.readUInt16BE(), payload.toString('utf8', 2));
      }
    });
  };
  socket.on('error', () => {});
  // The connection ended without a close frame, so the close code is 1006.
  socket.on('end', () => over(1006, ''));
  socket.on('close', () => over(1006, ''));
  socket.on('data', (chunk: Buffer) => {
    if (isOver) return;
    if (head === null) {
      read(chunk);
      return;
    }
    head = head.length === 0 ? chunk : Buffer.concat([head, chunk]);
    const split = splitHead(head);
    if (split === null) return;
    head = null;
    if (!split.head.startsWith('HTTP/1.1 101')) over(1006, '');
    else if (split.rest.length > 0) read(split.rest);
  });
  const offered = `Sec-WebSocket-Protocol: farandole, ${token}`;
  socket.write(upgradeRequest('/ws', host, [`Origin: ${origin}`, `Cookie: ${cookie}`, offered]));
  return {
    send: (text) => {
      if (!isOver) socket.write(textFrame(text));
    },
    close: (code, reason) => {
      if (isOver) return;
      isOver = true;
      // The client resets the connection after its close frame, because a reset leaves no port in
      // TIME_WAIT. Browsers reset it too.
      socket.write(closeFrame(code, reason), () => socket.resetAndDestroy());
    },
  };
}
