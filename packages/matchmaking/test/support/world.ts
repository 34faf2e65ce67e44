import type { MatchId } from '@farandole/kernel/id';
import { createPrng, type Prng } from '@farandole/kernel/prng';
import { Apart } from '@farandole/matchmaking/apart/apart';
import type { Person } from '@farandole/matchmaking/apart/person';
import { WHEEL_GRAIN_MS } from '@farandole/matchmaking/due-wheel';
import type { ExchangeInput } from '@farandole/matchmaking/exchange';
import { createMatchRules } from '@farandole/matchmaking/mode';
import { Pool, type PoolOptions } from '@farandole/matchmaking/pool';
import type { Proposal } from '@farandole/matchmaking/proposal';
import type { Ticket } from '@farandole/matchmaking/ticket';
import { Oracle, rungsOf, Violation, type WaitingTicket } from './oracle.ts';
import { countMatches } from './pools.ts';
import { makeTicket } from './tickets.ts';

/** The members of a pool that the tests call, so that a broken pool can be substituted. */
export type PoolLike = Pick<
  Pool,
  | 'size'
  | 'backlog'
  | 'openProposals'
  | 'has'
  | 'add'
  | 'withdraw'
  | 'widen'
  | 'runWave'
  | 'confirm'
  | 'restore'
  | 'waitingByMode'
  | 'oldestWaitMs'
  | 'checkInvariants'
>;

export interface WorldOptions {
  readonly choose: 'best' | 'first';
  readonly listProbesMax: number;
  readonly seed: number;
  readonly startMs: number;
}

/** A random event: its kind, and two numbers for details. A tuple, so that failures shrink well. */
export type Operation = readonly [kind: number, x: number, y: number];

const RULES = createMatchRules({
  policyVersion: 1,
  offered: ['text', 'voice', 'video', 'exchange'],
  ageBands: ['adult', 'club'],
  rematchCooldownMs: 20_000,
});
const SCHEDULE = {
  interestHeldMs: 3_000,
  languageHeldMs: 6_000,
  segmentHeldMs: 4_500,
  exchangeHeldMs: 5_500,
  quietHeldMs: 1_000,
};
/** Small, so that the crowds of these small worlds are often above it. */
const QUIET_BELOW = 4;
const RETRY_AFTER_MS = 2_000;
const INTERESTS = ['go', 'film', 'tea', 'jazz', 'chess', 'maps'];
const LANGUAGES = ['en', 'fr', 'pt-BR', 'pt'];
const COMMUNITIES = ['painters', 'polyglots'];
const LEARNT = ['en', 'fr', 'de', 'ar'];
const SUBJECTS = 12;
const ORIGINS = 6;

function personOf({ subject, deviceKey }: Ticket): Person {
  return { subject, device: deviceKey };
}

function namesOf({ subject, device }: Person): readonly string[] {
  return device === null ? [subject] : [subject, device];
}

/** Returns an exchange of one or two spoken languages and one learnt one. */
function exchangeOf(x: number, y: number): ExchangeInput {
  const [spoken = '', second = '', learnt = ''] = [0, 1 + (y & 1), 3].map(
    (step) => LEARNT[(x + step) % LEARNT.length],
  );
  const speaks = (x >> 3) % 3 === 0 ? [spoken, second] : [spoken];
  const language = (y >> 1) % 2 === 0 ? learnt : (LEARNT[(x + 3 - (y & 1) * 2) % 4] ?? '');
  const learns = [{ language: speaks.includes(language) ? learnt : language, level: 'B1' }];
  return { speaks, learns, helps: (y >> 3) % 3 === 0 };
}

/** Returns every tier and segment for some number. Restricted users are rarer. */
function placeOf(x: number): Pick<Ticket, 'tier' | 'circle'> {
  if (x % 6 === 0) return { tier: 'restricted', circle: 'restricted' };
  const tier = (['new', 'normal', 'good', 'new'] as const)[(x >> 3) % 4] ?? 'new';
  return { tier, circle: (x >> 5) % 2 === 0 ? 'normal' : 'good' };
}

/** Applies random events to a small pool. Throws a `Violation` when the pool breaks a rule. */
export class World {
  readonly pool: PoolLike;
  readonly oracle: Oracle;
  /** The events of a run, so that two runs can be compared. Times count from the run's start. */
  readonly history: string[] = [];
  states = 0;
  matches = 0;
  readonly #options: WorldOptions;
  readonly #facts = new Apart();
  readonly #prng: Prng;
  readonly #waiting = new Map<string, WaitingTicket>();
  readonly #proposals = new Map<MatchId, readonly [WaitingTicket, WaitingTicket]>();
  readonly #refused: Ticket[] = [];
  #nowMs: number;
  #made = 0;
  #blocks = 0;

  constructor(
    options: WorldOptions,
    createPool: (options: PoolOptions, nowMs: number) => PoolLike = (given, nowMs) =>
      new Pool(given, nowMs),
  ) {
    this.#options = options;
    this.#nowMs = options.startMs;
    this.#facts.advance(options.startMs);
    this.#prng = createPrng(options.seed);
    this.oracle = new Oracle(RULES, SCHEDULE, QUIET_BELOW);
    this.pool = createPool(
      {
        rules: RULES,
        facts: this.#facts,
        mintMatchId: countMatches(),
        schedule: SCHEDULE,
        retryAfterMs: RETRY_AFTER_MS,
        quietBelow: QUIET_BELOW,
        choose: options.choose,
        listProbesMax: options.listProbesMax,
        waveProbesMax: 0,
      },
      options.startMs,
    );
  }

  step([kind, x, y]: Operation): void {
    switch (kind) {
      case 0:
      case 1:
      case 2:
      case 3:
        this.#add(x, y);
        break;
      case 4:
      case 5:
        this.#advance((y % 30) * 50);
        this.#wave();
        break;
      case 6:
        this.#withdraw(x, y);
        break;
      case 7:
        this.#widen(x);
        break;
      case 8:
        this.#settle(x, y);
        break;
      default:
        this.#block(x, y);
    }
    this.#check();
  }

  /** Runs waves until the widening schedule has ended and no attempt is due. */
  comeToRest(): void {
    for (const id of this.#proposals.keys()) this.#confirm(id);
    const endMs =
      this.#nowMs + Math.max(...Object.values(SCHEDULE)) + RETRY_AFTER_MS + 2 * WHEEL_GRAIN_MS;
    const wavesMax = 500 + this.#waiting.size ** 2;
    for (let wave = 0; this.#nowMs < endMs || this.pool.backlog > 0; wave++) {
      if (wave > wavesMax) throw new Violation('MM-60', 'the pool never comes to rest');
      this.#advance(250);
      this.#wave();
      for (const id of this.#proposals.keys()) this.#confirm(id);
      this.#check();
    }
  }

  #add(x: number, y: number): void {
    const number = this.#made++;
    const ticket = makeTicket(number, {
      subject: `subject-${x % SUBJECTS}`,
      deviceKey: `device-${(x % SUBJECTS) - ((x >> 4) % 13 === 0 ? 1 : 0)}x`,
      mode: y % 5 === 0 ? 'text' : y % 9 === 1 ? 'voice' : 'video',
      lowest: x % 11 === 1 ? 'text' : x % 7 === 1 ? 'voice' : undefined,
      ageBand: y % 7 === 0 ? 'club' : 'adult',
      ageState: y % 31 === 0 ? 'unknown' : 'declared',
      policyVersion: y % 29 === 0 ? 0 : 1,
      sanctioned: y % 23 === 0,
      network: x % 5 === 0 ? `network-${y % 2}` : null,
      origin: x % 3 === 0 ? null : `origin-${(x >> 3) % ORIGINS}`,
      proven: (y >> 4) % 3 === 0,
      ...placeOf(x ^ y),
      interests: INTERESTS.filter((_, i) => ((x >> (4 + i)) & 1) === 1).slice(0, 5),
      onlyShared: y % 4 === 1,
      languages: LANGUAGES.filter((_, i) => ((y >> (2 + i)) & 3) === 0),
      hasOffer: x % 2 === 0,
      exchange: (x ^ (y >> 2)) % 9 === 0 ? exchangeOf(x >> 2, y) : undefined,
      meeting:
        (x ^ y) % 5 === 1
          ? { key: `meeting-${x % 3}`, seat: y % 2 === 0 ? 'a' : 'b', by: 'invitation' }
          : undefined,
      community: (x >> 2) % 7 === 0 ? COMMUNITIES[y % COMMUNITIES.length] : undefined,
    });
    const waitedMs = y % 3 === 0 ? (x % 16) * 500 : 0;
    const result = this.pool.add(ticket, this.#nowMs, waitedMs);
    this.#note('add', ticket.id, result.ok);
    if (result.ok !== this.oracle.mayWait(ticket)) {
      throw new Violation('MM-14', `the pool let the wrong ones wait: ${JSON.stringify(ticket)}`);
    }
    if (!result.ok) {
      this.#refused.push(ticket);
      return;
    }
    this.#waiting.set(ticket.id, {
      ticket,
      sinceMs: this.#nowMs - waitedMs,
      widened: false,
      eased: new Set(),
    });
    this.oracle.use(ticket, this.#nowMs);
    // Resubmitting a ticket must change nothing.
    this.pool.add(ticket, this.#nowMs, waitedMs + 1_000);
  }

  #wave(): void {
    for (const { ticket } of this.#waiting.values()) {
      for (const mode of rungsOf(ticket)) {
        this.oracle.ease(this.#crowdOf(ticket, mode), mode, this.#nowMs);
      }
    }
    const proposals = this.pool.runWave(this.#nowMs, this.#prng);
    for (const proposal of proposals) {
      const ids = proposal.tickets.map(({ id }) => id);
      this.#note('pair', ...ids, proposal.score, proposal.offerer);
      this.#checkProposal(proposal);
      const pair = ids.map((id) => this.#waiting.get(id));
      this.#proposals.set(proposal.id, pair as [WaitingTicket, WaitingTicket]);
      for (const id of ids) this.#waiting.delete(id);
    }
    if (this.pool.backlog === 0) this.#checkNobodyIsMissed();
  }

  #withdraw(x: number, y: number): void {
    const proposed = [...this.#proposals.values()].flat();
    const from = y % 2 === 0 && proposed.length > 0 ? proposed : [...this.#waiting.values()];
    const one = from[x % Math.max(1, from.length)];
    if (one === undefined) return;
    const { id } = one.ticket;
    this.#note('withdraw', id);
    this.pool.withdraw(id);
    this.#waiting.delete(id);
    for (const [proposalId, pair] of this.#proposals) {
      if (pair.includes(one)) this.#restoreModel(proposalId, [id]);
    }
  }

  #widen(x: number): void {
    const all = [...this.#waiting.values(), ...[...this.#proposals.values()].flat()];
    const one = all[x % Math.max(1, all.length)];
    if (one === undefined) return;
    this.#note('widen', one.ticket.id);
    this.pool.widen(one.ticket.id, this.#nowMs);
    one.ticket = { ...one.ticket, onlyShared: false };
    one.widened = true;
  }

  #settle(x: number, y: number): void {
    const ids = [...this.#proposals.keys()];
    const id = ids[x % Math.max(1, ids.length)];
    if (id === undefined) return;
    if (y % 4 === 0) {
      this.#confirm(id);
      return;
    }
    const pair = this.#proposals.get(id) ?? [];
    const gone = pair.filter((_, i) => ((y % 4) >> i) % 2 === 1).map(({ ticket }) => ticket.id);
    this.#note('restore', id, gone.join());
    this.pool.restore(id, gone);
    this.#restoreModel(id, gone);
  }

  #confirm(id: MatchId): void {
    const pair = this.#proposals.get(id);
    if (pair === undefined) return;
    const [a, b] = pair;
    this.#note('confirm', id);
    this.pool.confirm(id);
    this.#proposals.delete(id);
    this.#facts.meet(personOf(a.ticket), personOf(b.ticket));
    this.oracle.meet(a.ticket, b.ticket, this.#nowMs);
    this.matches++;
  }

  #block(x: number, y: number): void {
    const [by, of] = [x, y].map((number) => {
      const ticket = makeTicket(number % SUBJECTS, { deviceKey: `device-${number % SUBJECTS}x` });
      const { subject, device } = personOf(ticket);
      return { subject, device: (number >> 5) % 2 === 0 ? device : null };
    }) as [Person, Person];
    // Blocks are rare events, because otherwise soon no two users could be matched.
    const network = (x >> 8) % 5 === 0 ? `origin-${y % ORIGINS}` : null;
    const mark = `mark-${this.#blocks++}`;
    this.#facts.separate({ by, of, network, mark, isOwned: true });
    this.oracle.block({ by: namesOf(by), of: namesOf(of), network });
  }

  #restoreModel(id: MatchId, gone: readonly string[]): void {
    for (const one of this.#proposals.get(id) ?? []) {
      if (!gone.includes(one.ticket.id)) this.#waiting.set(one.ticket.id, one);
    }
    this.#proposals.delete(id);
  }

  #advance(ms: number): void {
    this.#nowMs += ms;
    this.#facts.advance(this.#nowMs);
  }

  /** Returns the tickets with which a ticket waits in a mode. */
  #crowdOf(ticket: Ticket, mode: string): WaitingTicket[] {
    return [...this.#waiting.values()].filter(
      (one) =>
        rungsOf(one.ticket).includes(mode) &&
        one.ticket.ageBand === ticket.ageBand &&
        one.ticket.community === ticket.community &&
        (one.ticket.meeting === undefined) === (ticket.meeting === undefined) &&
        (one.ticket.exchange === undefined) === (ticket.exchange === undefined) &&
        (ticket.meeting !== undefined ||
          ticket.exchange !== undefined ||
          (one.ticket.tier === 'restricted') === (ticket.tier === 'restricted')),
    );
  }

  #checkProposal(proposal: Proposal): void {
    const [a, b] = proposal.tickets.map(({ id }) => this.#waiting.get(id));
    if (a === undefined || b === undefined || a === b) {
      throw new Violation('MM-50', 'one who does not wait was proposed');
    }
    const broken = this.oracle.forbids(a.ticket, b.ticket, this.#nowMs);
    if (broken !== null) throw new Violation(broken, `${a.ticket.id} met ${b.ticket.id}`);
    const rungs = rungsOf(a.ticket).filter((mode) => rungsOf(b.ticket).includes(mode));
    const fitting = rungs.filter((mode) => this.oracle.wishesMet(a, b, mode, this.#nowMs));
    if (fitting.length === 0) {
      throw new Violation('MM-30', `${a.ticket.id} met ${b.ticket.id} against a wish`);
    }
    // A pair may be found in each crowd in which both wait, and the crowds weigh differently.
    const scores = fitting.map((mode) => {
      const crowd = this.#crowdOf(a.ticket, mode);
      return { mode, crowd, score: this.oracle.score(a, b, crowd, this.#nowMs) };
    });
    const found = scores.filter(({ score }) => score === proposal.score);
    if (found.length === 0) {
      const expected = scores.map(({ score }) => score).join(' or ');
      throw new Violation('MM-40', `a score of ${proposal.score} should be ${expected}`);
    }
    const shared = this.oracle.shared(a.ticket, b.ticket, this.#nowMs);
    if (proposal.sharedInterests.join() !== shared.join()) {
      throw new Violation('MM-40', 'the shared interests are others');
    }
    const { waitedMs } = proposal;
    if (waitedMs[0] !== this.#nowMs - a.sinceMs || waitedMs[1] !== this.#nowMs - b.sinceMs) {
      throw new Violation('MM-52', 'the waiting was counted anew');
    }
    const offers = [a, b].filter(({ ticket }) => ticket.hasOffer);
    const offerers = (offers.length > 0 ? offers : [a, b]).map(({ ticket }) => ticket.id);
    if (!offerers.includes(proposal.offerer)) {
      throw new Violation('MM-54', 'the side without an offer makes it');
    }
    // With these options one attempt can examine the whole crowd, so its best candidate is the
    // best of all.
    if (this.#options.choose === 'best' && this.#options.listProbesMax >= 32) {
      const better = found.map(({ mode, crowd, score }) =>
        crowd.find(
          (other) =>
            this.#surelyWouldDo(a, other, mode) &&
            this.oracle.score(a, other, crowd, this.#nowMs) > score,
        ),
      );
      if (better.every((other) => other !== undefined)) {
        throw new Violation('MM-43', `${better[0]?.ticket.id} suits ${a.ticket.id} better`);
      }
    }
  }

  /** Checks slightly early, because the timing wheel can drop a wish late by its grain. */
  #surelyWouldDo(
    a: WaitingTicket,
    b: WaitingTicket,
    mode: string,
    tagsAsOfMs = this.#nowMs,
  ): boolean {
    if (a === b || this.oracle.forbids(a.ticket, b.ticket, this.#nowMs) !== null) return false;
    return this.oracle.wishesMet(a, b, mode, this.#nowMs - WHEEL_GRAIN_MS, tagsAsOfMs);
  }

  #checkNobodyIsMissed(): void {
    const longSinceMs = this.#nowMs - RETRY_AFTER_MS - 2 * WHEEL_GRAIN_MS;
    for (const a of this.#waiting.values()) {
      for (const b of this.#waiting.values()) {
        // The pool notices only after a ticket's next pause that a cool-down ended or that an
        // interest became common.
        const rungs = rungsOf(a.ticket).filter((mode) => rungsOf(b.ticket).includes(mode));
        if (!rungs.some((mode) => this.#surelyWouldDo(a, b, mode, longSinceMs))) continue;
        if (this.oracle.forbids(a.ticket, b.ticket, longSinceMs) !== null) continue;
        throw new Violation('MM-60', `${a.ticket.id} and ${b.ticket.id} are left waiting`);
      }
    }
  }

  #check(): void {
    this.states++;
    const proposed = [...this.#proposals.values()].flat();
    const { pool } = this;
    if (pool.size !== this.#waiting.size || pool.openProposals !== this.#proposals.size) {
      throw new Violation('MM-51', 'the pool holds others than were left to it');
    }
    for (const { ticket } of [...this.#waiting.values(), ...proposed]) {
      if (!pool.has(ticket.id)) throw new Violation('MM-52', `${ticket.id} went missing`);
    }
    for (const { id } of this.#refused) {
      if (pool.has(id)) throw new Violation('MM-14', `${id} waits although it was refused`);
    }
    for (const [mode, count] of pool.waitingByMode()) {
      const waiting = [...this.#waiting.values()].filter(({ ticket }) => ticket.mode === mode);
      if (waiting.length !== count) throw new Violation('MM-55', `${mode} is miscounted`);
    }
    const sinces = [...this.#waiting.values()].map(({ sinceMs }) => sinceMs);
    const oldest = sinces.length === 0 ? null : this.#nowMs - Math.min(...sinces);
    if (pool.oldestWaitMs(this.#nowMs) !== oldest) {
      throw new Violation('MM-55', 'the longest wait is another');
    }
    pool.checkInvariants();
  }

  #note(...what: readonly unknown[]): void {
    this.history.push([this.#nowMs - this.#options.startMs, ...what].join(' '));
  }
}
