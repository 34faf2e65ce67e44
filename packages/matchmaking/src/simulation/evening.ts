import { assertDefined } from '@farandole/kernel/assert';
import type { MatchId, TicketId } from '@farandole/kernel/id';
import type { Prng } from '@farandole/kernel/prng';
import { mayMeet } from '../eligibility.ts';
import { RETRY_AFTER_MS } from '../limits.ts';
import { createMatchRules } from '../mode.ts';
import { Pool } from '../pool.ts';
import type { Proposal } from '../proposal.ts';
import { PairBook } from '../testing/pair-book.ts';
import type { Ticket } from '../ticket.ts';
import { DEFAULT_WIDENING, widestAfterMs } from '../widening.ts';
import { Population, type PopulationOptions } from './population.ts';

const WAVE_EVERY_MS = 100;
/** Covers the delay of the timing wheel and the wait for the next wave. */
const SLACK_MS = 500;

export interface Fare {
  /** Number of users matched. A user who is matched twice counts twice. */
  readonly matched: number;
  /** Share of matched users with interests whose partner shared one. Null if none had interests. */
  readonly sharedInterest: number | null;
  readonly sharedLanguage: number;
  readonly medianWaitMs: number;
  readonly p95WaitMs: number;
  readonly longestWaitMs: number;
  readonly waiting: number;
}

export type Kind = 'no interests' | 'interests' | 'only who shares';
const KINDS: readonly Kind[] = ['no interests', 'interests', 'only who shares'];

export interface EveningReport {
  readonly matches: number;
  readonly waves: number;
  readonly fares: ReadonlyMap<Kind, Fare>;
  /** Number of pairs that were allowed to meet but waited longer than the widening schedule. */
  readonly missedPairs: number;
}

interface Waited {
  readonly ticket: Ticket;
  readonly waitedMs: number;
  readonly sharesInterest: boolean;
  readonly sharesLanguage: boolean;
}

/** Simulates an evening in which every user searches again after a call. Repeatable by seed. */
export class Evening {
  readonly #population: Population;
  readonly #prng: Prng;
  readonly #facts = new PairBook();
  readonly #rules = createMatchRules({ policyVersion: 1 });
  readonly #pool: Pool;
  readonly #options: PopulationOptions;
  readonly #searching = new Map<TicketId, { person: number; ticket: Ticket; sinceMs: number }>();
  readonly #calls = new Map<number, (readonly [number, number])[]>();
  readonly #waited: Waited[] = [];
  #matches = 0;
  #missedPairs = 0;

  constructor(options: PopulationOptions, prng: Prng) {
    this.#options = options;
    this.#prng = prng;
    this.#population = new Population(options, prng.fork());
    this.#pool = new Pool(
      {
        rules: this.#rules,
        facts: this.#facts,
        mintMatchId: (): MatchId => this.#population.mintMatchId(),
      },
      0,
    );
  }

  run(waves: number): EveningReport {
    const comesAt = (person: number): number => Math.floor((person * 600) / this.#options.people);
    let come = 0;
    for (let wave = 0; wave < waves; wave++) {
      const nowMs = wave * WAVE_EVERY_MS;
      this.#facts.advance(nowMs);
      for (; come < this.#options.people && comesAt(come) <= wave; come++)
        this.#search(come, nowMs);
      for (const pair of this.#calls.get(wave) ?? []) {
        for (const person of pair) this.#search(person, nowMs);
      }
      this.#calls.delete(wave);
      for (const proposal of this.#pool.runWave(nowMs, this.#prng)) {
        this.#meet(proposal, wave);
      }
      // Checks only once in ten simulated seconds, because comparing every pair is slow.
      if (wave % 100 === 99) this.#countMissed(nowMs);
    }
    const endMs = (waves - 1) * WAVE_EVERY_MS;
    const fares = new Map(KINDS.map((kind) => [kind, this.#fareOf(kind, endMs)]));
    return { matches: this.#matches, waves, fares, missedPairs: this.#missedPairs };
  }

  #search(person: number, nowMs: number): void {
    const ticket = this.#population.ticketOf(person);
    this.#searching.set(ticket.id, { person, ticket, sinceMs: nowMs });
    this.#pool.add(ticket, nowMs);
  }

  #meet(proposal: Proposal, wave: number): void {
    this.#pool.confirm(proposal.id);
    this.#matches++;
    const [a, b] = proposal.tickets;
    const people = [a, b].map(({ id }) => {
      const searching = assertDefined(this.#searching.get(id), 'somebody was matched twice');
      this.#searching.delete(id);
      return searching.person;
    }) as [number, number];
    this.#facts.meet(a.subject, b.subject);
    if (this.#prng.chance(this.#options.blocks)) this.#facts.block(a.subject, b.subject);
    const sharesInterest = proposal.sharedInterests.length > 0;
    const sharesLanguage = proposal.sharedLanguages.length > 0;
    for (const [at, ticket] of proposal.tickets.entries()) {
      const waitedMs = proposal.waitedMs[at] ?? 0;
      this.#waited.push({ ticket, waitedMs, sharesInterest, sharesLanguage });
    }
    const lasts = Math.max(1, Math.ceil(this.#population.callLastsMs() / WAVE_EVERY_MS));
    const ending = this.#calls.get(wave + lasts);
    if (ending === undefined) this.#calls.set(wave + lasts, [people]);
    else ending.push(people);
  }

  #countMissed(nowMs: number): void {
    const longMs = widestAfterMs(DEFAULT_WIDENING) + RETRY_AFTER_MS + SLACK_MS;
    const long = [...this.#searching.values()].filter(({ sinceMs }) => nowMs - sinceMs >= longMs);
    const cooledDown = {
      ...this.#rules,
      // Lengthens the cool-down, because a pair whose cool-down has just ended isn't a missed pair
      // yet.
      rematchCooldownMs: this.#rules.rematchCooldownMs + RETRY_AFTER_MS + SLACK_MS,
    };
    for (const [i, { ticket: a }] of long.entries()) {
      for (const { ticket: b } of long.slice(i + 1)) {
        const shares = a.interests.some((interest) => b.interests.includes(interest));
        if ((a.onlyShared || b.onlyShared) && !shares) continue;
        if (mayMeet(a, b, cooledDown, this.#facts).ok) this.#missedPairs++;
      }
    }
  }

  #fareOf(kind: Kind, endMs: number): Fare {
    const waited = this.#waited.filter(({ ticket }) => kindOf(ticket) === kind);
    const still = [...this.#searching.values()].filter(({ ticket }) => kindOf(ticket) === kind);
    const waits = waited.map(({ waitedMs }) => waitedMs).toSorted((x, y) => x - y);
    const stillWaits = still.map(({ sinceMs }) => endMs - sinceMs);
    const quantile = (part: number): number =>
      waits[Math.min(waits.length - 1, Math.floor(part * waits.length))] ?? Number.NaN;
    return {
      matched: waited.length,
      sharedInterest: kind === 'no interests' ? null : partOf(waited, (one) => one.sharesInterest),
      sharedLanguage: partOf(waited, (one) => one.sharesLanguage),
      medianWaitMs: quantile(0.5),
      p95WaitMs: quantile(0.95),
      longestWaitMs: Math.max(0, ...waits.slice(-1), ...stillWaits),
      waiting: still.length,
    };
  }
}

function kindOf(ticket: Ticket): Kind {
  if (ticket.interests.length === 0) return 'no interests';
  return ticket.onlyShared ? 'only who shares' : 'interests';
}

function partOf<T>(items: readonly T[], is: (item: T) => boolean): number {
  return items.filter(is).length / items.length;
}
