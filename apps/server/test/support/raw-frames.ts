import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import type { WebSocket } from 'ws';

export function rawOf(socket: WebSocket): Socket {
  const raw: unknown = Reflect.get(socket, '_socket');
  assert.ok(raw !== null && typeof raw === 'object' && 'write' in raw);
  return raw as Socket;
}

/** A client's frame (RFC 6455, section 5.2), masked with zeros; at most 65,535 bytes. */
export function frame(opcode: number, payload: Buffer, isFinal = true): Buffer {
  const { length } = payload;
  const header =
    length < 126
      ? Buffer.of((isFinal ? 0x80 : 0) | opcode, 0x80 | length)
      : Buffer.of((isFinal ? 0x80 : 0) | opcode, 0x80 | 126, length >> 8, length & 0xff);
  return Buffer.concat([header, Buffer.alloc(4), payload]);
}
