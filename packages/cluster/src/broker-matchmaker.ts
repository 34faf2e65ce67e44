import { assert } from '@farandole/kernel/assert';
import type { Instant } from '@farandole/kernel/clock';
import type { MatchId, NodeId, TicketId } from '@farandole/kernel/id';
import type { TicketFacts } from '@farandole/matchmaking/apart/ticket-facts';
import type { Matchmaker, MatchmakerListener } from '@farandole/matchmaking/ports';
import type { Ticket } from '@farandole/matchmaking/ticket';
import { type Broker, EVERY_NODE, nodeAddress, poolAddress } from './broker.ts';
import { compareEpochs, type Epoch } from './epoch.ts';
import { type Lane, nextSequence, openLane, takeSequence } from './lane.ts';
import { LANE_BEAT_MS } from './limits.ts';
import type { ClusterMessage, ToWriterBody } from './messages.ts';
import { notifyListener } from './notify-listener.ts';

export const DEFAULT_POOL = 'strangers';

/**
 * Connects the gateway of one node to the pool through the broker. Keeps no tickets. Opens one
 * lane to the pool's writer, and a new one after a change of writer or a lost message. Calls
 * `epochChanged` for each new lane. The epochs that it reports number these lanes, so only this
 * node understands them. The owner calls `tick` about every `LANE_BEAT_MS` and drains the broker
 * after each turn.
 */
export class BrokerMatchmaker implements Matchmaker {
  readonly #broker: Broker;
  readonly #node: NodeId;
  readonly #pool: string;
  readonly #factsOf: ((ticket: Ticket) => TicketFacts) | null;
  readonly #unsubscribe: readonly (() => void)[];
  #listener: MatchmakerListener | null = null;
  #lane: Lane | null = null;
  /** Number of lanes opened so far, reported to the gateway as the epoch. */
  #lanes = 0;
  #askedAtMonotonicMs = Number.NEGATIVE_INFINITY;

  /** @param factsOf returns what the pool's node must know about a ticket's user */
  constructor(
    broker: Broker,
    node: NodeId,
    pool: string = DEFAULT_POOL,
    factsOf: ((ticket: Ticket) => TicketFacts) | null = null,
  ) {
    this.#broker = broker;
    this.#node = node;
    this.#pool = pool;
    this.#factsOf = factsOf;
    const receive = (message: ClusterMessage, now: Instant): void => this.#receive(message, now);
    this.#unsubscribe = [
      broker.subscribe(nodeAddress(node), receive),
      broker.subscribe(EVERY_NODE, receive),
    ];
  }

  attach(listener: MatchmakerListener): void {
    assert(this.#listener === null, 'a matchmaker has one listener');
    this.#listener = listener;
  }

  submit(ticket: Ticket, waitedMs = 0): void {
    const facts = this.#factsOf === null ? {} : { facts: this.#factsOf(ticket) };
    this.#send({ type: 'ticket.submit', ticket, waitedMs, ...facts });
  }

  withdraw(ticketId: TicketId): void {
    this.#send({ type: 'ticket.withdraw', ticketId });
  }

  widen(ticketId: TicketId): void {
    this.#send({ type: 'ticket.widen', ticketId });
  }

  endMeeting(key: string): void {
    this.#send({ type: 'meeting.end', key });
  }

  confirm(proposalId: MatchId, ticketId: TicketId): void {
    this.#send({ type: 'proposal.confirm', proposalId, ticketId });
  }

  reject(proposalId: MatchId, ticketId: TicketId, areApart = false): void {
    const apart = areApart ? ({ areApart } as const) : {};
    this.#send({ type: 'proposal.reject', proposalId, ticketId, ...apart });
  }

  /**
   * Asks for the pool's writer if none is known. Otherwise sends the writer a heartbeat when one
   * is due.
   */
  tick(now: Instant): void {
    const lane = this.#lane;
    if (lane === null) {
      if (now.monotonicMs - this.#askedAtMonotonicMs < LANE_BEAT_MS) return;
      this.#askedAtMonotonicMs = now.monotonicMs;
      this.#broker.publish(poolAddress(this.#pool), {
        type: 'pool.who',
        from: this.#node,
        pool: this.#pool,
      });
    } else if (now.monotonicMs - lane.beatAtMonotonicMs >= LANE_BEAT_MS) {
      lane.beatAtMonotonicMs = now.monotonicMs;
      this.#send({ type: 'lane.beat' });
    }
  }

  /**
   * Stops receiving messages. The pool's writer drops this node's tickets once the node is
   * silent for `NODE_SILENT_MS`.
   */
  stop(): void {
    this.#lane = null;
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
  }

  #send(body: ToWriterBody): void {
    const lane = this.#lane;
    // No writer is known. The gateway will resubmit all its tickets when the next epoch begins.
    if (lane === null) return;
    this.#broker.publish(poolAddress(this.#pool), {
      type: 'to-writer',
      from: this.#node,
      pool: this.#pool,
      place: nextSequence(lane),
      body,
    });
  }

  #receive(message: ClusterMessage, now: Instant): void {
    if (!isToGateway(message) || message.pool !== this.#pool) return;
    const epoch = message.type === 'to-gateway' ? message.place.epoch : message.epoch;
    const known = this.#lane?.epoch;
    const age = known === undefined ? 1 : compareEpochs(epoch, known);
    // Ignores the message, because its writer was replaced and doesn't know this yet.
    if (age < 0) return;
    if (age > 0) {
      this.#open(epoch, 1, now);
      return;
    }
    switch (message.type) {
      case 'pool.epoch':
        return;
      case 'lane.lost':
        if (message.lane === this.#lane?.lane) this.#open(epoch, message.lane + 1, now);
        return;
      case 'to-gateway':
        this.#take(message, now);
    }
  }

  #take(message: ClusterMessage & { readonly type: 'to-gateway' }, now: Instant): void {
    const lane = this.#lane;
    if (lane === null || message.place.lane !== lane.lane) return;
    switch (takeSequence(lane, message.place, now.monotonicMs)) {
      case 'drop':
        return;
      case 'gap':
        this.#open(lane.epoch, lane.lane + 1, now);
        return;
      case 'take':
        if (message.body.type === 'lane.beat') return;
        notifyListener(this.#listener, this.#lanes, message.body, now);
    }
  }

  #open(epoch: Epoch, lane: number, now: Instant): void {
    this.#lane = openLane(epoch, lane, now.monotonicMs);
    this.#lanes += 1;
    this.#send({ type: 'lane.open' });
    this.#listener?.epochChanged({ epoch: this.#lanes }, now);
  }
}

type ToGateway = ClusterMessage & { readonly type: 'pool.epoch' | 'lane.lost' | 'to-gateway' };

function isToGateway(message: ClusterMessage): message is ToGateway {
  return ['pool.epoch', 'lane.lost', 'to-gateway'].includes(message.type);
}
