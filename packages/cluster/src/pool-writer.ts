import type { Instant } from '@farandole/kernel/clock';
import type { MatchId, NodeId, SubjectId, TicketId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import type { ModeId } from '@farandole/matchmaking/mode';
import type { PoolOptions } from '@farandole/matchmaking/pool';
import type { Proposal } from '@farandole/matchmaking/proposal';
import { type Broker, nodeAddress } from './broker.ts';
import { CarriedFacts } from './carried-facts.ts';
import { ConfirmedPool } from './confirmed-pool.ts';
import { compareEpochs, type Epoch } from './epoch.ts';
import { type Lane, nextSequence, openLane, takeSequence } from './lane.ts';
import { LANE_BEAT_MS, NODE_SILENT_MS } from './limits.ts';
import { MatchMemory } from './match-memory.ts';
import type { ClusterMessage, ToGatewayBody, ToWriterBody } from './messages.ts';

interface Guest {
  lane: Lane;
  /**
   * The writer missed a message of this lane, so it ignores the lane until the node opens
   * another.
   */
  isLost: boolean;
  readonly tickets: Map<TicketId, SubjectId>;
}

type ToWriter = ClusterMessage & { readonly type: 'to-writer' };

/**
 * Writes a pool for the duration of one lease grant. Starts with an empty pool and is discarded
 * when its epoch ends. `PoolHost` checks that the grant is valid. A proposal becomes a match
 * when the owners of all its tickets confirm in time and the hard rules still allow it, because
 * one user may have blocked the other since.
 */
export class PoolWriter {
  readonly epoch: Epoch;
  readonly #name: string;
  readonly #broker: Broker;
  readonly #pool: ConfirmedPool;
  readonly #guests = new Map<NodeId, Guest>();
  readonly #matches = new MatchMemory();
  readonly #facts: CarriedFacts;

  constructor(epoch: Epoch, name: string, broker: Broker, options: PoolOptions, now: Instant) {
    this.epoch = epoch;
    this.#name = name;
    this.#broker = broker;
    this.#facts = new CarriedFacts(options.facts, now.monotonicMs);
    const all = { ...options, facts: this.#facts };
    this.#pool = new ConfirmedPool(all, now.monotonicMs, (owner, event) => {
      const isOver =
        event.type === 'ticket.matched' ||
        (event.type === 'ticket.abandoned' && event.ticketIs === 'gone');
      if (isOver) this.#drop(this.#guests.get(owner), event.ticketId);
      this.#tell(owner, event);
    });
  }

  /** Number of waiting tickets by mode, without tickets in an open proposal. */
  waitingByMode(): ReadonlyMap<ModeId, number> {
    return this.#pool.waitingByMode();
  }

  receive(message: ToWriter, now: Instant): void {
    const { from, place, body } = message;
    const age = compareEpochs(place.epoch, this.epoch);
    if (age !== 0) {
      // The sender knows only an earlier writer. The host ends this writer at a later epoch.
      if (age < 0) this.introduce(from);
      return;
    }
    const guest = this.#guests.get(from);
    if (body.type === 'lane.open') {
      if (guest === undefined || place.lane > guest.lane.lane) this.#welcome(from, message, now);
      return;
    }
    if (guest === undefined || place.lane > guest.lane.lane) {
      // The message that opened this lane was lost.
      this.#welcome(from, message, now);
      this.#lose(from, message);
      return;
    }
    if (place.lane < guest.lane.lane) return;
    if (guest.isLost) {
      // Sends `lane.lost` again at each heartbeat, because the first one may have been lost.
      if (body.type === 'lane.beat') this.#lose(from, message);
      return;
    }
    switch (takeSequence(guest.lane, place, now.monotonicMs)) {
      case 'drop':
        return;
      case 'gap':
        this.#forget(guest);
        this.#lose(from, message);
        return;
      case 'take':
        this.#handle(from, guest, body, now);
    }
  }

  introduce(node: NodeId): void {
    this.#broker.publish(nodeAddress(node), {
      type: 'pool.epoch',
      pool: this.#name,
      epoch: this.epoch,
    });
  }

  /** Ends expired proposals and drops the tickets of silent nodes. */
  tick(now: Instant): void {
    this.#facts.advance(now.monotonicMs);
    this.#pool.tick(now);
    for (const [node, guest] of this.#guests) {
      if (now.monotonicMs - guest.lane.takenAtMonotonicMs >= NODE_SILENT_MS) {
        this.#forget(guest);
        this.#guests.delete(node);
      } else if (now.monotonicMs - guest.lane.beatAtMonotonicMs >= LANE_BEAT_MS && !guest.isLost) {
        guest.lane.beatAtMonotonicMs = now.monotonicMs;
        this.#tell(node, { type: 'lane.beat' });
      }
    }
    this.#matches.forgetOld(now.monotonicMs);
  }

  runWave(now: Instant, prng: Prng): void {
    this.#facts.advance(now.monotonicMs);
    this.#pool.runWave(now, prng);
  }

  #handle(from: NodeId, guest: Guest, body: ToWriterBody, now: Instant): void {
    switch (body.type) {
      case 'lane.open':
      case 'lane.beat':
        return;
      case 'ticket.submit':
        this.#submit(from, guest, body, now);
        return;
      case 'ticket.withdraw':
        if (guest.tickets.has(body.ticketId)) this.#withdraw(guest, body.ticketId);
        return;
      case 'ticket.widen':
        if (guest.tickets.has(body.ticketId)) this.#pool.widen(body.ticketId, now);
        return;
      case 'meeting.end':
        this.#pool.endMeeting(body.key, now);
        return;
      case 'proposal.confirm':
        this.#confirm(from, body.proposalId, body.ticketId, now);
        return;
      case 'proposal.reject':
        this.#reject(from, guest, body, now);
    }
  }

  #submit(
    from: NodeId,
    guest: Guest,
    { ticket, waitedMs, facts }: ToWriterBody & { readonly type: 'ticket.submit' },
    now: Instant,
  ): void {
    // Ignores the request, because a node may act only for its own tickets.
    if (ticket.node !== from) return;
    const match = this.#matches.of(ticket.id);
    if (match !== null) {
      // The node missed this match, so the writer proposes it again. The writer repeats the match
      // once the node confirms.
      this.#tell(from, { type: 'ticket.proposed', ticketId: ticket.id, proposal: match });
      return;
    }
    if (!this.#pool.submit(ticket, waitedMs, now)) return;
    guest.tickets.set(ticket.id, ticket.subject);
    if (facts !== undefined) this.#facts.add(ticket, facts);
  }

  #withdraw(guest: Guest, ticketId: TicketId): void {
    this.#pool.withdraw(ticketId);
    this.#drop(guest, ticketId);
  }

  /** Forgets a ticket that is no longer in the pool. */
  #drop(guest: Guest | undefined, ticketId: TicketId): void {
    const subject = guest?.tickets.get(ticketId);
    if (subject === undefined) return;
    guest?.tickets.delete(ticketId);
    this.#facts.delete(subject, ticketId);
  }

  #confirm(from: NodeId, proposalId: MatchId, ticketId: TicketId, now: Instant): void {
    const proposal = this.#pool.proposal(proposalId);
    if (proposal === null) {
      const match = this.#matches.of(ticketId);
      if (match?.id === proposalId && ownerOf(match, ticketId) === from) {
        this.#tell(from, { type: 'ticket.matched', ticketId, proposal: match });
      }
      return;
    }
    if (ownerOf(proposal, ticketId) !== from) return;
    const match = this.#pool.confirm(proposalId, ticketId);
    if (match !== null) this.#matches.remember(match, now.monotonicMs);
  }

  #reject(
    from: NodeId,
    guest: Guest,
    { proposalId, ticketId, areApart }: ToWriterBody & { readonly type: 'proposal.reject' },
    now: Instant,
  ): void {
    if (this.#pool.proposal(proposalId) !== null && guest.tickets.has(ticketId)) {
      this.#pool.reject(proposalId, ticketId, areApart === true, now);
      return;
    }
    const match = this.#matches.of(ticketId);
    if (match === null || match.id !== proposalId || ownerOf(match, ticketId) !== from) return;
    this.#matches.forget(ticketId);
    this.#tell(from, { type: 'ticket.abandoned', ticketId, proposalId, ticketIs: 'gone' });
  }

  #welcome(node: NodeId, { place }: ToWriter, now: Instant): void {
    const before = this.#guests.get(node);
    if (before !== undefined) this.#forget(before);
    const lane = openLane(this.epoch, place.lane, now.monotonicMs);
    lane.taken = place.seq;
    this.#guests.set(node, { lane, isLost: false, tickets: new Map() });
  }

  /** Drops all tickets of a node without notifying the node. */
  #forget(guest: Guest): void {
    guest.isLost = true;
    for (const ticketId of [...guest.tickets.keys()]) this.#withdraw(guest, ticketId);
  }

  #lose(node: NodeId, { place }: ToWriter): void {
    const guest = this.#guests.get(node);
    if (guest !== undefined) guest.isLost = true;
    this.#broker.publish(nodeAddress(node), {
      type: 'lane.lost',
      pool: this.#name,
      epoch: this.epoch,
      lane: place.lane,
    });
  }

  #tell(node: NodeId, body: ToGatewayBody): void {
    const guest = this.#guests.get(node);
    if (guest === undefined || guest.isLost) return;
    this.#broker.publish(nodeAddress(node), {
      type: 'to-gateway',
      pool: this.#name,
      place: nextSequence(guest.lane),
      body,
    });
  }
}

function ownerOf(proposal: Proposal, ticketId: TicketId): NodeId | undefined {
  return proposal.tickets.find(({ id }) => id === ticketId)?.node;
}
