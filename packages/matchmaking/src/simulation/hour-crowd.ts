import { assert, assertDefined } from '@farandole/kernel/assert';
import { brandId, type MatchId, type TicketId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import { mayMeet } from '../eligibility.ts';
import { type HourPlan, NO_HOURS, nextBellMs, roundsAt } from '../hours.ts';
import { RETRY_AFTER_MS, ROUND_MS } from '../limits.ts';
import { createMatchRules } from '../mode.ts';
import { Pool } from '../pool.ts';
import type { Proposal } from '../proposal.ts';
import { PairBook } from '../testing/pair-book.ts';
import { createTicket, type Ticket } from '../ticket.ts';

const WAVE_EVERY_MS = 1_000;
const MINUTE_MS = 60_000;
/** An attempt may pause this long after the end of a cool-down. */
const SLACK_MS = RETRY_AFTER_MS + 2 * WAVE_EVERY_MS;

/** Assumptions about simulated users. None of the figures is measured. */
export interface HourCrowdOptions {
  readonly people: number;
  /** `reminder`: all come to one hour. `always-open`: the same users come over the day. */
  readonly comes: 'reminder' | 'always-open';
}

export const HOUR_CROWD = {
  hourMs: 60 * MINUTE_MS,
  dayMs: 16 * 60 * MINUTE_MS,
  /** Share of the reminded users who come uniformly within five minutes before the start. */
  early: 0.5,
  earlyMs: 5 * MINUTE_MS,
  /** The others come after the start, by an exponential distribution with this mean. */
  lateMeanMs: 6 * MINUTE_MS,
  /** Share of calls that a user leaves early, and the mean durations of such and other calls. */
  skips: 0.3,
  skipMeanMs: 30_000,
  talkMeanMs: 8 * MINUTE_MS,
  /** Chance that a user wants one more round with a partner. */
  more: 0.35,
  /** Mean time for which a user stays, and for which a user waits for one partner. */
  stayMeanMs: 35 * MINUTE_MS,
  patienceMeanMs: 5 * MINUTE_MS,
} as const;

export interface HourReport {
  /** Waits until a match or until the user gave up, sorted, in ms. */
  readonly waitsMs: readonly number[];
  /** Number of different partners of each user. */
  readonly partners: readonly number[];
  /** Number of pairs that may meet and both waited in a round (I16). */
  readonly missedPairs: number;
}

interface Visitor {
  readonly number: number;
  readonly comesMs: number;
  readonly leavesMs: number;
  readonly partners: Set<number>;
  ticket: Ticket | null;
  sinceMs: number;
  givesUpMs: number;
}

interface Talk {
  readonly pair: readonly [Visitor, Visitor];
  readonly fromMs: number;
  readonly endsMs: number;
}

/** Simulates the users of one hour, or of a day without hours, with the real pool and schedule. */
export class HourCrowd {
  readonly #plan: HourPlan;
  readonly #startMs: number;
  readonly #endMs: number;
  readonly #prng: Prng;
  readonly #rules = createMatchRules({ policyVersion: 1 });
  readonly #facts = new PairBook();
  readonly #pool: Pool;
  readonly #visitors: readonly Visitor[];
  readonly #byTicket = new Map<TicketId, Visitor>();
  #talks: Talk[] = [];
  readonly #waitsMs: number[] = [];
  #tickets = 0;
  #matches = 0;
  #missedPairs = 0;

  constructor({ people, comes }: HourCrowdOptions, prng: Prng) {
    const isHour = comes === 'reminder';
    this.#prng = prng;
    this.#startMs = isHour ? HOUR_CROWD.earlyMs : 0;
    this.#endMs = this.#startMs + (isHour ? HOUR_CROWD.hourMs : HOUR_CROWD.dayMs);
    const common = { id: 'hour-0001', title: 'Simulated', mode: 'video' };
    const hour = { ...common, startMs: this.#startMs, endMs: this.#endMs };
    this.#plan = isHour ? { door: 'closed', hours: [hour] } : NO_HOURS;
    const mintMatchId = (): MatchId => brandId<MatchId>(`match-${++this.#matches}`.padEnd(12, '-'));
    this.#pool = new Pool({ rules: this.#rules, facts: this.#facts, mintMatchId }, 0);
    this.#visitors = Array.from({ length: people }, (_, number) => {
      const comesMs = isHour ? this.#reminded() : this.#prng.unit() * this.#endMs;
      const leavesMs = comesMs + this.#drawn(HOUR_CROWD.stayMeanMs);
      const partners = new Set<number>();
      return { number, comesMs, leavesMs, partners, ticket: null, sinceMs: 0, givesUpMs: 0 };
    });
  }

  run(): HourReport {
    const coming = this.#visitors.toSorted((a, b) => a.comesMs - b.comesMs);
    let come = 0;
    let bellMs: number | null = null;
    for (let nowMs = this.#startMs; nowMs < this.#endMs; nowMs += WAVE_EVERY_MS) {
      this.#facts.advance(nowMs);
      if (bellMs !== null && nowMs >= bellMs) this.#ring(nowMs);
      const [hour] = this.#plan.hours;
      bellMs = hour === undefined ? null : nextBellMs(hour, nowMs);
      for (; (coming[come]?.comesMs ?? Number.POSITIVE_INFINITY) <= nowMs; come++) {
        this.#search(assertDefined(coming[come], 'a visitor comes'), nowMs);
      }
      this.#endTalks((talk) => nowMs >= talk.endsMs, nowMs);
      this.#giveUp(nowMs);
      const rounds = roundsAt(this.#plan, nowMs);
      for (const proposal of this.#pool.runWave(nowMs, this.#prng, rounds)) {
        this.#meet(proposal, nowMs);
      }
      if (rounds[0]?.gathers === false) this.#countMissed(nowMs);
    }
    for (const visitor of this.#byTicket.values()) this.#noteWait(visitor, this.#endMs);
    return {
      waitsMs: this.#waitsMs.toSorted((a, b) => a - b),
      partners: this.#visitors.map(({ partners }) => partners.size),
      missedPairs: this.#missedPairs,
    };
  }

  #reminded(): number {
    if (this.#prng.chance(HOUR_CROWD.early)) return this.#prng.unit() * this.#startMs;
    return this.#startMs + this.#drawn(HOUR_CROWD.lateMeanMs);
  }

  #drawn(meanMs: number): number {
    return -meanMs * Math.log(1 - this.#prng.unit());
  }

  #search(visitor: Visitor, nowMs: number): void {
    if (nowMs >= visitor.leavesMs) return;
    const ticket = createTicket({
      id: `ticket-${this.#tickets++}`.padEnd(12, '-'),
      node: 'simulated-node',
      session: `session-of-${visitor.number}`,
      subject: `subject-${visitor.number}`.padEnd(12, '-'),
      deviceKey: `device-of-${visitor.number}`,
      mode: 'video',
      ageBand: 'adult',
      ageState: 'declared',
      policyVersion: 1,
      sanctioned: false,
      tier: 'new',
      circle: 'normal',
      interests: [],
      onlyShared: false,
      languages: [],
    });
    assert(ticket.ok, 'a simulated ticket is malformed');
    visitor.ticket = ticket.value;
    visitor.sinceMs = nowMs;
    visitor.givesUpMs = nowMs + this.#drawn(HOUR_CROWD.patienceMeanMs);
    this.#byTicket.set(ticket.value.id, visitor);
    this.#pool.add(ticket.value, nowMs);
  }

  #giveUp(nowMs: number): void {
    for (const visitor of [...this.#byTicket.values()]) {
      if (nowMs < Math.min(visitor.givesUpMs, visitor.leavesMs)) continue;
      this.#noteWait(visitor, nowMs);
      const { id } = assertDefined(visitor.ticket, 'a waiting visitor has a ticket');
      this.#pool.withdraw(id);
      this.#byTicket.delete(id);
    }
  }

  #noteWait({ sinceMs }: Visitor, nowMs: number): void {
    this.#waitsMs.push(nowMs - sinceMs);
  }

  #meet({ id, tickets }: Proposal, nowMs: number): void {
    this.#pool.confirm(id);
    const [a, b] = tickets.map((ticket) => {
      const visitor = assertDefined(this.#byTicket.get(ticket.id), 'a user was matched twice');
      this.#byTicket.delete(ticket.id);
      this.#noteWait(visitor, nowMs);
      return visitor;
    }) as [Visitor, Visitor];
    a.partners.add(b.number);
    b.partners.add(a.number);
    const isSkipped = this.#prng.chance(HOUR_CROWD.skips);
    const lastsMs = this.#drawn(isSkipped ? HOUR_CROWD.skipMeanMs : HOUR_CROWD.talkMeanMs);
    const endsMs = Math.min(nowMs + lastsMs, a.leavesMs, b.leavesMs);
    this.#talks.push({ pair: [a, b], fromMs: nowMs, endsMs });
  }

  /** Ends the talks of a round, unless both users want one more. */
  #ring(nowMs: number): void {
    this.#endTalks(({ fromMs }) => {
      const wants = [HOUR_CROWD.more, HOUR_CROWD.more].map((more) => this.#prng.chance(more));
      // A young call goes on until the next bell, as on a node.
      return nowMs - fromMs >= ROUND_MS / 4 && !wants.every(Boolean);
    }, nowMs);
  }

  #endTalks(ends: (talk: Talk) => boolean, nowMs: number): void {
    const kept: Talk[] = [];
    for (const talk of this.#talks) {
      if (!ends(talk)) {
        kept.push(talk);
        continue;
      }
      const [a, b] = talk.pair;
      this.#facts.meet(subjectOf(a), subjectOf(b));
      for (const visitor of talk.pair) this.#search(visitor, nowMs);
    }
    this.#talks = kept;
  }

  /** Counts the pairs that may meet although both wait (I16), by the rules and not by the pool. */
  #countMissed(nowMs: number): void {
    const cooldown = this.#rules.rematchCooldownMs + SLACK_MS;
    const cooledDown = { ...this.#rules, rematchCooldownMs: cooldown };
    const waiting = [...this.#byTicket.values()].filter(({ sinceMs }) => sinceMs < nowMs);
    for (const [at, { ticket: a }] of waiting.entries()) {
      for (const { ticket: b } of waiting.slice(at + 1)) {
        if (a !== null && b !== null && mayMeet(a, b, cooledDown, this.#facts).ok) {
          this.#missedPairs += 1;
        }
      }
    }
  }
}

function subjectOf({ ticket }: Visitor): Ticket['subject'] {
  return assertDefined(ticket, 'a user who talked had a ticket').subject;
}
