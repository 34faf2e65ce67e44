import { assert } from '@farandole/kernel/assert';
import type { Instant } from '@farandole/kernel/clock';
import type { MatchId, TicketId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import type { ModeId } from '@farandole/matchmaking/mode';
import type { PoolOptions } from '@farandole/matchmaking/pool';
import type { Matchmaker, MatchmakerListener } from '@farandole/matchmaking/ports';
import type { Ticket } from '@farandole/matchmaking/ticket';
import { ConfirmedPool } from './confirmed-pool.ts';
import type { NodePool } from './node-turns.ts';
import { notifyListener } from './notify-listener.ts';

/** The epoch never changes, because one process has a single writer. */
const EPOCH = 1;

/**
 * The pool of a single-node server, called directly instead of through a broker, so it needs no
 * lease and loses no message. Calls and events share one queue, which `drain` empties in order.
 * So a call reports nothing before it returns, and event handlers may make further calls. The
 * queue holds at most a few entries per open ticket.
 */
export class DirectMatchmaker implements Matchmaker, NodePool {
  readonly #pool: ConfirmedPool;
  readonly #prng: Prng;
  #listener: MatchmakerListener | null = null;
  #queue: ((now: Instant) => void)[] = [];
  #isDraining = false;

  constructor(options: PoolOptions, prng: Prng, startedAt: Instant) {
    this.#prng = prng;
    this.#pool = new ConfirmedPool(options, startedAt.monotonicMs, (_owner, event) => {
      this.#queue.push((now) => notifyListener(this.#listener, EPOCH, event, now));
    });
  }

  attach(listener: MatchmakerListener): void {
    assert(this.#listener === null, 'a matchmaker has one listener');
    this.#listener = listener;
    this.#queue.push((now) => listener.epochChanged({ epoch: EPOCH }, now));
  }

  submit(ticket: Ticket, waitedMs = 0): void {
    this.#queue.push((now) => void this.#pool.submit(ticket, waitedMs, now));
  }

  withdraw(ticketId: TicketId): void {
    this.#queue.push(() => this.#pool.withdraw(ticketId));
  }

  widen(ticketId: TicketId): void {
    this.#queue.push((now) => this.#pool.widen(ticketId, now));
  }

  endMeeting(key: string): void {
    this.#queue.push((now) => this.#pool.endMeeting(key, now));
  }

  confirm(proposalId: MatchId, ticketId: TicketId): void {
    this.#queue.push(() => void this.#pool.confirm(proposalId, ticketId));
  }

  reject(proposalId: MatchId, ticketId: TicketId, areApart = false): void {
    this.#queue.push((now) => this.#pool.reject(proposalId, ticketId, areApart, now));
  }

  waitingByMode(): ReadonlyMap<ModeId, number> {
    return this.#pool.waitingByMode();
  }

  tick(now: Instant): void {
    this.#pool.tick(now);
    this.runWave(now);
  }

  runWave(now: Instant): void {
    this.#pool.runWave(now, this.#prng);
  }

  drain(now: Instant): number {
    assert(!this.#isDraining, 'a matchmaker was drained from inside a handler');
    this.#isDraining = true;
    let done = 0;
    try {
      while (this.#queue.length > 0) {
        const batch = this.#queue;
        this.#queue = [];
        for (const run of batch) run(now);
        done += batch.length;
      }
    } finally {
      this.#isDraining = false;
    }
    return done;
  }
}
