import assert from 'node:assert/strict';
import type { ConnectionId } from '@farandole/kernel/id';
import type { CloseReason } from '@farandole/protocol/close-codes';
import { parseServerMessage } from '@farandole/protocol/testing/parse-server-message';
import type { Connections } from '../../src/ports.ts';

export type Outgoing =
  | { readonly kind: 'frame'; readonly connection: ConnectionId; readonly text: string }
  | { readonly kind: 'close'; readonly connection: ConnectionId; readonly reason: CloseReason };

/**
 * Collects the node's frames until the test delivers or drops them. Validates each against the
 * protocol's schema.
 */
export class FakeConnections implements Connections {
  #outgoing: Outgoing[] = [];
  readonly #closed = new Map<ConnectionId, CloseReason>();

  send(connection: ConnectionId, text: string): void {
    assert.ok(!this.#closed.has(connection), `a frame after the close: ${text}`);
    parseServerMessage(text);
    this.#outgoing.push({ kind: 'frame', connection, text });
  }

  close(connection: ConnectionId, reason: CloseReason): void {
    assert.ok(!this.#closed.has(connection), 'a socket is closed once');
    this.#closed.set(connection, reason);
    this.#outgoing.push({ kind: 'close', connection, reason });
  }

  takeAll(): readonly Outgoing[] {
    const taken = this.#outgoing;
    this.#outgoing = [];
    return taken;
  }

  closeReason(connection: ConnectionId): CloseReason | null {
    return this.#closed.get(connection) ?? null;
  }
}
