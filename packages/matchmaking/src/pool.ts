import { assert, assertDefined } from '@farandole/kernel/assert';
import type { MatchId, TicketId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { Crowd, type CrowdOptions, turnLooksMax } from './crowd.ts';
import { mayMeet, mayWait } from './eligibility.ts';
import { checkCrowd } from './invariants.ts';
import {
  LIST_LOOKS_PER_TURN_MAX,
  POOL_TICKETS_MAX,
  RETRY_AFTER_MS,
  WAVE_LOOKS_MAX,
} from './limits.ts';
import { NONE } from './linked-lists.ts';
import type { AgeBand, MatchRules, ModeId } from './mode.ts';
import type { AddRefusal, PairFacts } from './ports.ts';
import type { Proposal } from './proposal.ts';
import { sharedInterests, sharedLanguages } from './score.ts';
import type { Ticket } from './ticket.ts';
import type { Waiter } from './waiter.ts';
import { DEFAULT_WIDENING, type WideningSchedule, wishesNamed } from './widening.ts';

export interface PoolOptions {
  readonly rules: MatchRules;
  readonly facts: PairFacts;
  /** A new id for each proposal, unguessable: the match that may come of it keeps it. */
  readonly mintMatchId: () => MatchId;
  readonly schedule?: WideningSchedule;
  /** See `PairingPolicy`; `best` unless said otherwise. */
  readonly choose?: 'best' | 'first';
  readonly ticketsMax?: number;
  readonly waveLooksMax?: number;
  readonly listLooksMax?: number;
  readonly retryAfterMs?: number;
}

/** What `withdraw` did. */
export type Withdrawal =
  /** The pool does not hold the ticket. */
  | { readonly was: 'unknown' }
  /** It waited, and is gone. */
  | { readonly was: 'waiting' }
  /** It was proposed; the proposal is gone with it, and the other ticket waits again. */
  | { readonly was: 'proposed'; readonly proposal: Proposal };

/**
 * Turns that every crowd can take in a wave, however small the wave: so that those who look again
 * have one even when the newcomers' last turn went over.
 */
const WAVE_TURNS_MIN = 8;

/** The two crowds of a mode and an age band. */
interface CrowdPair {
  readonly open: Crowd;
  readonly restricted: Crowd;
}

interface OpenProposal {
  readonly proposal: Proposal;
  readonly waiters: readonly Waiter[];
}

/**
 * Everybody who waits for a stranger, and who is brought together with whom.
 *
 * Pure: the same calls with the same times and the same chance give the same proposals. Times are
 * milliseconds of one monotonic clock, and never go back from one call to the next.
 *
 * A ticket is *waiting*, or *proposed* (with others, in a proposal that the owner of the pool
 * must `confirm` or `restore`), or not in the pool. Adding, withdrawing and pairing cost the same
 * with 100 and with 100,000 waiting, within the depth of the memory's caches.
 */
export class Pool {
  readonly #rules: MatchRules;
  readonly #facts: PairFacts;
  readonly #mintMatchId: () => MatchId;
  readonly #ticketsMax: number;
  readonly #waveLooksMax: number;
  /** By mode, then by age band; a ticket never leaves its crowd for another. */
  readonly #crowds: ReadonlyMap<ModeId, ReadonlyMap<AgeBand, CrowdPair>>;
  readonly #waves: readonly Crowd[];
  readonly #waiters = new Map<TicketId, Waiter>();
  readonly #proposals = new Map<MatchId, OpenProposal>();
  /** Tickets in open proposals. */
  #proposed = 0;
  #nowMs: number;

  constructor(options: PoolOptions, nowMs: number) {
    this.#rules = options.rules;
    this.#facts = options.facts;
    this.#mintMatchId = options.mintMatchId;
    this.#ticketsMax = options.ticketsMax ?? POOL_TICKETS_MAX;
    this.#nowMs = nowMs;
    const crowdOptions: Omit<CrowdOptions, 'wishes'> = {
      schedule: options.schedule ?? DEFAULT_WIDENING,
      choose: options.choose ?? 'best',
      listLooksMax: options.listLooksMax ?? LIST_LOOKS_PER_TURN_MAX,
      retryAfterMs: options.retryAfterMs ?? RETRY_AFTER_MS,
      permits: (a, b) => mayMeet(a.ticket, b.ticket, this.#rules, this.#facts).ok,
    };
    const crowds = new Map<ModeId, Map<AgeBand, CrowdPair>>();
    const waves: Crowd[] = [];
    for (const [mode, { wishes }] of options.rules.modes) {
      const ofCrowd = { ...crowdOptions, wishes: wishesNamed(wishes) };
      const ofMode = new Map<AgeBand, CrowdPair>();
      for (const band of options.rules.ageBands) {
        const pair = {
          open: new Crowd(ofCrowd, nowMs),
          restricted: new Crowd(ofCrowd, nowMs),
        };
        ofMode.set(band, pair);
        waves.push(pair.open, pair.restricted);
      }
      crowds.set(mode, ofMode);
    }
    this.#crowds = crowds;
    this.#waves = waves;
    this.#waveLooksMax = Math.max(
      options.waveLooksMax ?? WAVE_LOOKS_MAX,
      waves.length * WAVE_TURNS_MIN * turnLooksMax(crowdOptions.listLooksMax),
    );
  }

  /** How many tickets wait; those in a proposal do not. */
  get size(): number {
    return this.#waiters.size - this.#proposed;
  }

  /** How many waiting tickets have a turn due that no wave has given them yet. */
  get backlog(): number {
    return this.#waves.reduce((sum, crowd) => sum + crowd.backlog, 0);
  }

  /** How many proposals are neither confirmed nor restored. */
  get openProposals(): number {
    return this.#proposals.size;
  }

  /** Whether the pool holds the ticket, waiting or proposed. */
  has(ticketId: TicketId): boolean {
    return this.#waiters.has(ticketId);
  }

  /** How many tickets wait in each mode, of all age bands together. */
  waitingByMode(): ReadonlyMap<ModeId, number> {
    const counts = new Map<ModeId, number>();
    for (const [mode, crowds] of this.#crowds) {
      let count = 0;
      for (const { open, restricted } of crowds.values()) {
        count += open.waiting + restricted.waiting;
      }
      counts.set(mode, count);
    }
    return counts;
  }

  /**
   * How long the longest waiting ticket has waited, or null when nobody waits. Looks at every
   * ticket: for statistics on a timer, not for each event.
   */
  oldestWaitMs(nowMs: number): number | null {
    let oldest = Number.POSITIVE_INFINITY;
    for (const waiter of this.#waiters.values()) {
      if (waiter.slot !== NONE) oldest = Math.min(oldest, waiter.sinceMs);
    }
    return Number.isFinite(oldest) ? nowMs - oldest : null;
  }

  /**
   * Lets a ticket wait. A ticket whose id the pool holds already changes nothing.
   *
   * @param waitedMs How long the person has waited before: more than zero when a ticket is
   *   submitted again to a new pool.
   */
  add(ticket: Ticket, nowMs: number, waitedMs = 0): Result<'added' | 'held', AddRefusal> {
    this.#advance(nowMs);
    if (this.#waiters.has(ticket.id)) return ok('held');
    const standing = mayWait(ticket, this.#rules);
    if (!standing.ok) return standing;
    if (this.#waiters.size >= this.#ticketsMax) return refused('pool-full');
    const waiter: Waiter = {
      ticket,
      sinceMs: nowMs - waitedMs,
      widened: false,
      slot: NONE,
      proposalId: null,
    };
    this.#waiters.set(ticket.id, waiter);
    this.#crowdOf(waiter).enter(waiter, nowMs);
    return ok('added');
  }

  /** The ticket is gone, and a proposal that it was part of. */
  withdraw(ticketId: TicketId): Withdrawal {
    const waiter = this.#waiters.get(ticketId);
    if (waiter === undefined) return { was: 'unknown' };
    if (waiter.proposalId !== null) {
      const proposal = this.restore(waiter.proposalId, [ticketId]);
      return { was: 'proposed', proposal: assertDefined(proposal, 'a proposal went missing') };
    }
    this.#crowdOf(waiter).leave(waiter);
    this.#waiters.delete(ticketId);
    return { was: 'waiting' };
  }

  /**
   * The person drops the wish for a shared interest, whether by "only people who share one" or by
   * the widening schedule. Of a proposed ticket it is remembered, should it wait again.
   *
   * @returns Whether the pool holds the ticket.
   */
  widen(ticketId: TicketId, nowMs: number): boolean {
    this.#advance(nowMs);
    const waiter = this.#waiters.get(ticketId);
    if (waiter === undefined) return false;
    waiter.ticket = { ...waiter.ticket, onlyShared: false };
    waiter.widened = true;
    if (waiter.slot !== NONE) this.#crowdOf(waiter).widened(waiter, nowMs);
    return true;
  }

  /**
   * Brings people together: gives each ticket whose turn it is a look at the others, as far as
   * the wave's looks go; the next wave goes on where this one stopped. The tickets of a proposal
   * no longer wait.
   */
  runWave(nowMs: number, prng: Prng): Proposal[] {
    this.#advance(nowMs);
    const proposals: Proposal[] = [];
    const propose = (a: Waiter, b: Waiter, score: number): void => {
      proposals.push(this.#propose(a, b, score, prng));
    };
    // Each crowd may spend its part and what the ones before it left, then all what is left.
    let left = this.#waveLooksMax;
    for (const [i, crowd] of this.#waves.entries()) {
      left -= crowd.runWave(nowMs, prng, Math.max(0, left) / (this.#waves.length - i), propose);
    }
    for (const crowd of this.#waves) left -= crowd.runWave(nowMs, prng, left, propose);
    return proposals;
  }

  /**
   * Every owner said yes: the tickets are spent.
   *
   * @returns The proposal, or null when the pool holds none of that id.
   */
  confirm(proposalId: MatchId): Proposal | null {
    const open = this.#proposals.get(proposalId);
    if (open === undefined) return null;
    this.#close(open);
    for (const { id } of open.proposal.tickets) this.#waiters.delete(id);
    return open.proposal;
  }

  /**
   * The proposal comes to nothing. Its tickets wait again, each since when it did before, save
   * those in `gone`.
   *
   * @returns The proposal, or null when the pool holds none of that id.
   */
  restore(proposalId: MatchId, gone: readonly TicketId[]): Proposal | null {
    const open = this.#proposals.get(proposalId);
    if (open === undefined) return null;
    this.#close(open);
    for (const waiter of open.waiters) {
      waiter.proposalId = null;
      if (gone.includes(waiter.ticket.id)) this.#waiters.delete(waiter.ticket.id);
      else this.#crowdOf(waiter).enter(waiter, this.#nowMs);
    }
    return open.proposal;
  }

  /** @throws AssertionError when the pool contradicts itself. Looks at everything: for tests. */
  checkInvariants(): void {
    let waiting = 0;
    for (const crowd of this.#waves) {
      checkCrowd(crowd);
      waiting += crowd.waiting;
    }
    assert(waiting === this.size, 'the crowds and the pool count differently');
    for (const [id, waiter] of this.#waiters) {
      assert(waiter.ticket.id === id, 'a waiter is kept under the id of another ticket');
      const isWaiting = waiter.slot !== NONE;
      assert(isWaiting === (waiter.proposalId === null), 'a ticket waits and is proposed at once');
      if (isWaiting) {
        const { slots } = this.#crowdOf(waiter).index;
        assert(slots.waiter(waiter.slot) === waiter, 'a slot is taken by somebody else');
      } else {
        const proposalId = assertDefined(waiter.proposalId, 'a ticket is nowhere');
        const open = assertDefined(
          this.#proposals.get(proposalId),
          'a ticket is in no open proposal',
        );
        assert(open.waiters.includes(waiter), 'a ticket is not in its proposal');
      }
    }
  }

  /** The pairing finds two: every mode of today has two seats. */
  #propose(a: Waiter, b: Waiter, score: number, prng: Prng): Proposal {
    const proposal: Proposal = {
      id: this.#mintMatchId(),
      tickets: [a.ticket, b.ticket],
      offerer: chooseOfferer(a.ticket, b.ticket, prng).id,
      sharedInterests: sharedInterests(a.ticket, b.ticket),
      sharedLanguages: sharedLanguages(a.ticket, b.ticket),
      score,
      waitedMs: [this.#nowMs - a.sinceMs, this.#nowMs - b.sinceMs],
    };
    assert(!this.#proposals.has(proposal.id), 'a match id was minted twice');
    this.#proposals.set(proposal.id, { proposal, waiters: [a, b] });
    this.#proposed += 2;
    a.proposalId = proposal.id;
    b.proposalId = proposal.id;
    return proposal;
  }

  #close({ proposal, waiters }: OpenProposal): void {
    this.#proposals.delete(proposal.id);
    this.#proposed -= waiters.length;
  }

  #crowdOf(waiter: Waiter): Crowd {
    const { mode, ageBand, circle } = waiter.ticket;
    const crowds = this.#crowds.get(mode)?.get(ageBand);
    const { open, restricted } = assertDefined(crowds, 'a ticket waits in no crowd');
    return circle === 'restricted' ? restricted : open;
  }

  #advance(nowMs: number): void {
    assert(nowMs >= this.#nowMs, 'the monotonic clock went back');
    this.#nowMs = nowMs;
  }
}

function chooseOfferer(a: Ticket, b: Ticket, prng: Prng): Ticket {
  if (a.hasOffer !== b.hasOffer) return a.hasOffer ? a : b;
  return prng.chance(1 / 2) ? a : b;
}
