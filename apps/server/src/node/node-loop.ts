import { TICK_EVERY_MS } from '@farandole/cluster/limits';
import { NodeTurns, type NodeTurnsParts } from '@farandole/cluster/node-turns';
import type { Gateway } from '@farandole/gateway/gateway';
import type { AgeDeclaration } from '@farandole/gateway/handlers/age';
import type { PersonFacts } from '@farandole/gateway/people';
import type { ConnectionFacts, UnblockRecord } from '@farandole/gateway/ports';
import type { Clock, Instant } from '@farandole/kernel/clock';
import type { ConnectionId, DeviceKeyId, SubjectId } from '@farandole/kernel/id';
import type { SettledEntries } from '../outbox/store-journal.ts';
import type { SocketHandler } from '../transport/sockets.ts';

/** What happens to the node's sockets, and the node's ticks. */
export type SocketEvents = Pick<
  Gateway,
  'connectionOpened' | 'receive' | 'flooded' | 'connectionClosed' | 'tick'
>;

export interface NodeLoopParts extends Pick<NodeTurnsParts, 'pool'> {
  readonly gateway: Gateway;
  /** The gateway, or in a cluster the sessions of all nodes, which call the gateway. */
  readonly socketEvents: SocketEvents;
  readonly clock: Clock;
  readonly onTick: (now: Instant) => void;
}

/**
 * Owns the node's only timer, and passes external events to the gateway in turns (`NodeTurns`).
 * Each matching wave runs in the next turn of the event loop.
 */
export class NodeLoop implements SocketHandler {
  readonly #gateway: Gateway;
  readonly #socketEvents: SocketEvents;
  readonly #turns: NodeTurns;
  readonly #onTick: (now: Instant) => void;
  #isTurnSoon = false;
  #timer: NodeJS.Timeout | null = null;

  constructor(parts: NodeLoopParts) {
    const { clock } = parts;
    this.#gateway = parts.gateway;
    this.#socketEvents = parts.socketEvents;
    this.#onTick = parts.onTick;
    this.#turns = new NodeTurns(
      { gateway: parts.socketEvents, pool: parts.pool },
      {
        now: () => ({ monotonicMs: clock.monotonicMs(), wallMs: clock.wallMs() }),
        soon: (run) => setImmediate(run),
      },
    );
  }

  start(): void {
    this.#onTick(this.#turns.start());
    this.#timer = setInterval(() => this.#onTick(this.#turns.tick()), TICK_EVERY_MS);
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    this.#turns.stop();
  }

  connectionOpened(connection: ConnectionId, facts: ConnectionFacts): void {
    this.#turns.turn((now) => this.#socketEvents.connectionOpened(connection, facts, now));
  }

  receive(connection: ConnectionId, text: string, byteLength: number, receivedAtMs: number): void {
    this.#turns.turn((now) =>
      this.#socketEvents.receive(connection, text, byteLength, now, receivedAtMs),
    );
  }

  flooded(connection: ConnectionId): void {
    this.#turns.turn((now) => this.#socketEvents.flooded(connection, now));
  }

  deviceVerified(connection: ConnectionId, device: DeviceKeyId | null): void {
    this.#turns.turn((now) => this.#gateway.deviceVerified(connection, device, now));
  }

  connectionClosed(connection: ConnectionId, code: number): void {
    this.#turns.turn((now) => this.#socketEvents.connectionClosed(connection, code, now));
  }

  journalSettled({ entries, stored, first }: SettledEntries): void {
    this.#turns.turn((now) => {
      for (const entry of entries) this.#gateway.journalSettled(entry, stored, now, first);
    });
  }

  standingsChanged(subjects?: readonly SubjectId[]): void {
    this.#turns.turn((now) => this.#gateway.standingsChanged(now, subjects));
  }

  communitiesChanged(): void {
    this.#turns.turn((now) => this.#gateway.communitiesChanged(now));
  }

  agesRefused(declarations: readonly AgeDeclaration[]): void {
    this.#turns.turn((now) => this.#gateway.agesRefused(declarations, now));
  }

  blocksRemoved(removals: readonly UnblockRecord[]): void {
    this.#turns.turn((now) => this.#gateway.blocksRemoved(removals, now));
  }

  /** Runs work that sends messages to other nodes in a turn, at whose end they are sent. */
  turn(work: () => void): void {
    this.#turns.turn(work);
  }

  peopleRead(people: readonly PersonFacts[], asOf: number): boolean {
    let isTaken = false;
    this.#turns.turn((now) => {
      isTaken = this.#gateway.peopleRead(people, asOf, now);
    });
    return isTaken;
  }

  /** Handles the messages of other nodes that have arrived, in one turn after the pending events. */
  messagesArrived(): void {
    if (this.#isTurnSoon || this.#timer === null) return;
    this.#isTurnSoon = true;
    setImmediate(() => {
      this.#isTurnSoon = false;
      this.#turns.turn(() => {});
    });
  }

  drain(): void {
    this.#turns.turn((now) => this.#gateway.drain(now));
  }
}
