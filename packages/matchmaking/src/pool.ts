import { assert, assertDefined } from '@farandole/kernel/assert';
import type { MatchId, TicketId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { attemptProbesMax } from './crowd.ts';
import { type AnyCrowd, Crowds } from './crowds.ts';
import { createPairCheck, mayWait } from './eligibility.ts';
import type { HourPlan, RoundState } from './hours.ts';
import { primaryLanguage } from './language.ts';
import {
  LIST_PROBES_PER_ATTEMPT_MAX,
  POOL_TICKETS_MAX,
  QUIET_BELOW,
  RETRY_AFTER_MS,
  WAVE_PROBES_MAX,
} from './limits.ts';
import { NONE } from './linked-lists.ts';
import { type MatchRules, type ModeId, startsAt } from './mode.ts';
import type { AddRefusal, PairFacts } from './ports.ts';
import { PrivateMeetings } from './private-meetings.ts';
import type { Proposal } from './proposal.ts';
import { countedInterests, sharedLanguages } from './score.ts';
import { type AtLeastTwo, mapSeats } from './seats.ts';
import { TagUses } from './tag-uses.ts';
import type { Ticket } from './ticket.ts';
import { NO_WAITERS, newWaiter, type Waiter } from './waiter.ts';
import { DEFAULT_WIDENING, type WideningSchedule } from './widening.ts';

export interface PoolOptions {
  readonly rules: MatchRules;
  readonly facts: PairFacts;
  /** Returns an unguessable id for a proposal, which later becomes the match id. */
  readonly mintMatchId: () => MatchId;
  readonly schedule?: WideningSchedule;
  /** How the pool chooses among several candidates. Defaults to `best`. */
  readonly choose?: 'best' | 'first';
  readonly ticketsMax?: number;
  /** A crowd with fewer waiting tickets is quiet. */
  readonly quietBelow?: number;
  readonly waveProbesMax?: number;
  readonly listProbesMax?: number;
  readonly retryAfterMs?: number;
  /** The hours of the server, from which the pool's owner computes the round of each wave. */
  readonly hours?: () => HourPlan;
}

export type Withdrawal =
  | { readonly was: 'unknown' }
  | { readonly was: 'waiting' }
  /** The ticket was part of a proposal, which was removed. The other ticket waits again. */
  | { readonly was: 'proposed'; readonly proposal: Proposal };

/**
 * A wave has probes for at least this many attempts per crowd, so that waiting tickets get
 * attempts even after new tickets exceeded their share.
 */
const WAVE_ATTEMPTS_MIN = 8;

interface OpenProposal {
  readonly proposal: Proposal;
  readonly waiters: readonly Waiter[];
}

/**
 * Pairs waiting tickets, or groups three for a mode with three seats. The results depend only on the calls, times and random numbers given.
 * Times are milliseconds of one monotonic clock and never decrease.
 * A ticket is *waiting*, *proposed* (until the pool's owner calls `confirm` or `restore`), or
 * absent. The cost of adding, withdrawing and pairing doesn't depend on the number of tickets,
 * apart from cache effects.
 */
export class Pool {
  readonly #rules: MatchRules;
  readonly #mintMatchId: () => MatchId;
  readonly #ticketsMax: number;
  readonly #waveProbesMax: number;
  /** Probes that a wave has for each crowd, see `WAVE_ATTEMPTS_MIN`. */
  readonly #crowdProbesMin: number;
  readonly #crowds: Crowds;
  readonly #waiters = new Map<TicketId, Waiter>();
  readonly #proposals = new Map<MatchId, OpenProposal>();
  readonly #tagUses = new TagUses();
  readonly #meetings = new PrivateMeetings();
  /** Number of waiting tickets of each mode. */
  readonly #waitingOf = new Map<ModeId, number>();
  #proposed = 0;
  #nowMs: number;

  constructor(options: PoolOptions, nowMs: number) {
    this.#rules = options.rules;
    this.#mintMatchId = options.mintMatchId;
    this.#ticketsMax = options.ticketsMax ?? POOL_TICKETS_MAX;
    this.#nowMs = nowMs;
    const listProbesMax = options.listProbesMax ?? LIST_PROBES_PER_ATTEMPT_MAX;
    const isPermitted = createPairCheck(options.rules, options.facts);
    const crowdOptions = {
      schedule: options.schedule ?? DEFAULT_WIDENING,
      choose: options.choose ?? 'best',
      listProbesMax,
      retryAfterMs: options.retryAfterMs ?? RETRY_AFTER_MS,
      quietBelow: options.quietBelow ?? QUIET_BELOW,
      tagUses: this.#tagUses,
      permits: (a: Waiter, b: Waiter) => isPermitted(a.ticket, b.ticket),
    };
    this.#crowds = new Crowds(options.rules, crowdOptions, nowMs);
    for (const mode of options.rules.modes.keys()) this.#waitingOf.set(mode, 0);
    this.#waveProbesMax = options.waveProbesMax ?? WAVE_PROBES_MAX;
    this.#crowdProbesMin = WAVE_ATTEMPTS_MIN * attemptProbesMax(listProbesMax);
  }

  /** Number of waiting tickets, without proposed ones. */
  get size(): number {
    return this.#waiters.size - this.#proposed;
  }

  /** Number of due attempts that no wave has run yet. */
  get backlog(): number {
    return this.#crowds.all().reduce((sum, crowd) => sum + crowd.backlog, 0);
  }

  /** Number of crowds that a wave runs. */
  get crowds(): number {
    return this.#crowds.all().length;
  }

  get openProposals(): number {
    return this.#proposals.size;
  }

  has(ticketId: TicketId): boolean {
    return this.#waiters.has(ticketId);
  }

  /** Number of waiting tickets in each mode, over all age bands. */
  waitingByMode(): ReadonlyMap<ModeId, number> {
    return new Map(this.#waitingOf);
  }

  /** Returns the longest current wait in ms, or null. Slow, because it scans every ticket. */
  oldestWaitMs(nowMs: number): number | null {
    let oldest = Number.POSITIVE_INFINITY;
    for (const waiter of this.#waiters.values()) {
      if (waiter.slot !== NONE) oldest = Math.min(oldest, waiter.sinceMs);
    }
    return Number.isFinite(oldest) ? nowMs - oldest : null;
  }

  /**
   * Adds a ticket. Idempotent by id.
   *
   * @param waitedMs how long a ticket that is resubmitted to a new pool has already waited
   */
  add(ticket: Ticket, nowMs: number, waitedMs = 0): Result<'added' | 'held', AddRefusal> {
    this.#advance(nowMs);
    if (this.#waiters.has(ticket.id)) return ok('held');
    const standing = mayWait(ticket, this.#rules);
    if (!standing.ok) return standing;
    if (!this.#meetings.admits(ticket, nowMs)) return refused('meeting-over');
    if (this.#waiters.size >= this.#ticketsMax) return refused('pool-full');
    const sinceMs = nowMs - waitedMs;
    const waiter = newWaiter(ticket, ticket.mode, sinceMs, this.#lowerWaiters(ticket, sinceMs));
    this.#waiters.set(ticket.id, waiter);
    this.#meetings.enter(ticket);
    this.#enter(waiter).noteUses(waiter, this.#tagUses, nowMs);
    return ok('added');
  }

  withdraw(ticketId: TicketId): Withdrawal {
    const waiter = this.#waiters.get(ticketId);
    if (waiter === undefined) return { was: 'unknown' };
    if (waiter.proposalId !== null) {
      const proposal = this.restore(waiter.proposalId, [ticketId]);
      return { was: 'proposed', proposal: assertDefined(proposal, 'a proposal went missing') };
    }
    this.#leave(waiter);
    this.#forget(waiter.ticket);
    return { was: 'waiting' };
  }

  /**
   * Drops the ticket's requirement of a shared interest, whether permanent (`onlyShared`) or for
   * a limited time. A proposed ticket drops it when it waits again.
   *
   * @returns whether the pool has the ticket
   */
  widen(ticketId: TicketId, nowMs: number): boolean {
    this.#advance(nowMs);
    const waiter = this.#waiters.get(ticketId);
    if (waiter === undefined) return false;
    const ticket = { ...waiter.ticket, onlyShared: false };
    for (const each of [waiter, ...waiter.lower]) {
      each.ticket = ticket;
      each.widened = true;
      if (each.slot !== NONE) this.#crowdOf(each).widened(each, nowMs);
    }
    return true;
  }

  /**
   * Runs due attempts up to the wave's limit of probes. Proposed tickets no longer wait.
   *
   * @param rounds the rounds of the hours that are on. In a pool in which users gather, the wave
   * pairs only the tickets of private meetings and exchanges
   */
  runWave(nowMs: number, prng: Prng, rounds: readonly RoundState[] = []): Proposal[] {
    this.#advance(nowMs);
    const proposals: Proposal[] = [];
    const propose = (group: AtLeastTwo<Waiter>, score: number): void => {
      proposals.push(this.#propose(group, score, prng));
    };
    this.#crowds.prune();
    const crowds = this.#crowds.enterRounds(rounds);
    for (const crowd of crowds) crowd.easeIfQuiet(nowMs);
    // Each crowd first spends up to its share and what earlier crowds left unused. The remaining
    // probes then go to all crowds in order.
    let left = Math.max(this.#waveProbesMax, crowds.length * this.#crowdProbesMin);
    for (const [i, crowd] of crowds.entries()) {
      left -= crowd.runWave(nowMs, prng, Math.max(0, left) / (crowds.length - i), propose);
    }
    for (const crowd of crowds) left -= crowd.runWave(nowMs, prng, left, propose);
    return proposals;
  }

  /** Removes the proposal and its tickets. Returns null if the proposal is unknown. */
  confirm(proposalId: MatchId): Proposal | null {
    const open = this.#proposals.get(proposalId);
    if (open === undefined) return null;
    this.#close(open);
    for (const ticket of open.proposal.tickets) this.#forget(ticket);
    return open.proposal;
  }

  /** Records that the users of a confirmed proposal met. Returns the tickets that may not wait now. */
  met({ tickets }: Proposal): readonly Ticket[] {
    return this.#meetings.met(tickets, this.#nowMs);
  }

  /** Withdraws a private meeting for good. Returns its tickets, which the caller withdraws. */
  endMeeting(key: string, nowMs: number): readonly Ticket[] {
    this.#advance(nowMs);
    return this.#meetings.withdraw(key, nowMs);
  }

  /**
   * Removes a proposal. Its tickets that aren't in `gone` wait again and keep their earlier
   * wait. Returns null if the proposal is unknown.
   */
  restore(proposalId: MatchId, gone: readonly TicketId[]): Proposal | null {
    const open = this.#proposals.get(proposalId);
    if (open === undefined) return null;
    this.#close(open);
    for (const waiter of open.waiters) {
      waiter.proposalId = null;
      if (gone.includes(waiter.ticket.id)) this.#forget(waiter.ticket);
      else this.#enter(waiter);
    }
    return open.proposal;
  }

  /**
   * Scans the whole pool. Only tests call it.
   *
   * @throws AssertionError if the pool contradicts itself
   */
  checkInvariants(): void {
    let waiting = 0;
    for (const crowd of this.#crowds.all()) {
      crowd.check();
      waiting += crowd.waiting;
    }
    const present = [...this.#waiters.values()].filter(({ slot }) => slot !== NONE);
    const lower = present.reduce((sum, waiter) => sum + waiter.lower.length, 0);
    assert(waiting === this.size + lower, 'the crowds and the pool count differently');
    const ofModes = [...this.#waitingOf.values()].reduce((sum, count) => sum + count, 0);
    assert(ofModes === this.size, 'the modes and the pool count differently');
    for (const [id, waiter] of this.#waiters) {
      for (const each of waiter.lower) {
        assert(each.ticket === waiter.ticket, 'a ticket differs between two crowds');
        assert((each.slot === NONE) === (waiter.slot === NONE), 'a ticket left only some crowds');
      }
      assert(waiter.ticket.id === id, 'a waiter is stored under another ticket’s id');
      const isWaiting = waiter.slot !== NONE;
      assert(isWaiting === (waiter.proposalId === null), 'a ticket waits and is proposed at once');
      if (isWaiting) {
        assert(this.#crowdOf(waiter).holds(waiter), 'a slot belongs to another waiter');
      } else {
        const proposalId = assertDefined(
          waiter.proposalId,
          'a ticket is in no crowd and no proposal',
        );
        const open = assertDefined(
          this.#proposals.get(proposalId),
          'a ticket is in no open proposal',
        );
        assert(open.waiters.includes(waiter), 'a ticket is not in its proposal');
      }
    }
  }

  /** Proposes tickets that have left the crowd in which they were found. */
  #propose(group: AtLeastTwo<Waiter>, score: number, prng: Prng): Proposal {
    const waiters = mapSeats(group, (waiter) => this.#ownOf(waiter));
    const tickets = mapSeats(waiters, ({ ticket }) => ticket);
    const [a, b, ...others] = tickets;
    const isCommon = (interest: string) => this.#tagUses.isCommon(interest, this.#nowMs);
    const isSpoken = (language: string) =>
      others.every(({ languages }) => languages.some((tag) => primaryLanguage(tag) === language));
    const proposal: Proposal = {
      id: this.#mintMatchId(),
      tickets,
      offerer: chooseOfferer(a, b, prng).id,
      // No mode with more seats has a wish for a shared interest.
      sharedInterests: others.length > 0 ? [] : countedInterests(a, b, isCommon),
      sharedLanguages: sharedLanguages(a, b).filter(isSpoken),
      score,
      waitedMs: mapSeats(waiters, ({ sinceMs }) => this.#nowMs - sinceMs),
    };
    assert(!this.#proposals.has(proposal.id), 'a match id was minted twice');
    this.#proposals.set(proposal.id, { proposal, waiters });
    this.#proposed += waiters.length;
    for (const waiter of waiters) {
      this.#leave(waiter);
      waiter.proposalId = proposal.id;
    }
    return proposal;
  }

  #ownOf(waiter: Waiter): Waiter {
    const { mode, ticket } = waiter;
    if (mode === ticket.mode) return waiter;
    return assertDefined(this.#waiters.get(ticket.id), 'a ticket in a crowd is in the pool');
  }

  /** Returns a waiter for each lower mode at which the user of a ticket agrees to start. */
  #lowerWaiters(ticket: Ticket, sinceMs: number): readonly Waiter[] {
    if (ticket.lowest === undefined) return NO_WAITERS;
    const { modes } = this.#rules;
    const lower = [...modes.keys()].filter(
      (id) => id !== ticket.mode && startsAt(ticket, id, modes),
    );
    return lower.map((mode) => newWaiter(ticket, mode, sinceMs));
  }

  /** Returns the crowd of the ticket's own mode. */
  #enter(waiter: Waiter): AnyCrowd {
    this.#count(waiter, 1);
    const crowd = this.#crowdOf(waiter);
    crowd.enter(waiter, this.#nowMs);
    for (const each of waiter.lower) this.#crowdOf(each).enter(each, this.#nowMs);
    return crowd;
  }

  /** Takes a ticket out of every crowd in which it still waits. */
  #leave(waiter: Waiter): void {
    this.#count(waiter, -1);
    if (waiter.slot !== NONE) this.#crowdOf(waiter).leave(waiter);
    for (const each of waiter.lower) if (each.slot !== NONE) this.#crowdOf(each).leave(each);
  }

  #count({ mode }: Waiter, change: 1 | -1): void {
    this.#waitingOf.set(mode, (this.#waitingOf.get(mode) ?? 0) + change);
  }

  #close({ proposal, waiters }: OpenProposal): void {
    this.#proposals.delete(proposal.id);
    this.#proposed -= waiters.length;
  }

  #forget(ticket: Ticket): void {
    this.#waiters.delete(ticket.id);
    this.#meetings.leave(ticket);
  }

  #crowdOf(waiter: Waiter): AnyCrowd {
    return this.#crowds.of(waiter, this.#nowMs);
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
