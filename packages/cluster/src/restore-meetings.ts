import type { SessionMoves } from '@farandole/gateway/moves/session-moves';
import type { Instant } from '@farandole/kernel/clock';
import { brandId, type ConnectionId, type MatchId, type NodeId } from '@farandole/kernel/id';
import { SEATS } from '@farandole/protocol/fields';
import { type NodeMessageOf, NODE_MESSAGE_VERSION as v } from '@farandole/protocol/node-message';
import type { NodeChannel } from './node-channel.ts';

export interface RestoreMeetingsParts {
  readonly channel: Pick<NodeChannel, 'send' | 'broadcast'>;
  readonly moves: () => SessionMoves;
  /** Gives the session of a socket of this node to another node. Does nothing for other sockets. */
  readonly give: (socket: ConnectionId, to: NodeId, match: MatchId, now: Instant) => void;
}

/**
 * Brings together users who wait on two nodes until a call of a dead node is restored. The user
 * with seat `b` moves to the user with seat `a`.
 */
export class RestoreMeetings {
  readonly #parts: RestoreMeetingsParts;

  constructor(parts: RestoreMeetingsParts) {
    this.#parts = parts;
  }

  /** Tells all nodes which users wait on this node. */
  tell(): void {
    for (const { match, seat } of this.#parts.moves().waiting()) {
      this.#parts.channel.broadcast({ type: 'restore.waiting', v, match, seat });
    }
  }

  receive(
    from: NodeId,
    message: NodeMessageOf<'restore.waiting' | 'restore.over'>,
    now: Instant,
  ): void {
    const moves = this.#parts.moves();
    const match = brandId<MatchId>(message.match);
    if (message.type === 'restore.over') moves.restoreOver(match, now);
    else if (moves.isOver(match, now))
      this.#parts.channel.send(from, { type: 'restore.over', v, match });
    else if (message.seat === SEATS[0]) this.#join(from, match, now);
  }

  #join(to: NodeId, match: MatchId, now: Instant): void {
    for (const { seat, connection } of this.#parts.moves().waiting(match)) {
      if (seat === SEATS[0] || connection === null) continue;
      this.#parts.give(connection, to, match, now);
    }
  }
}
