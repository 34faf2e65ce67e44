import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TicketId } from '@farandole/kernel/id';
import { createPrng } from '@farandole/kernel/prng';
import { Apart } from '@farandole/matchmaking/apart/apart';
import { mayMeet, mayWait } from '@farandole/matchmaking/eligibility';
import { GROUP_PROBES_PER_ATTEMPT_MAX, GROUP_RETRY_AFTER_MS } from '@farandole/matchmaking/limits';
import { carries, createMatchRules, defaultModes, isBelow } from '@farandole/matchmaking/mode';
import { Pool, type PoolOptions } from '@farandole/matchmaking/pool';
import type { PairFacts } from '@farandole/matchmaking/ports';
import type { Ticket, TicketInput } from '@farandole/matchmaking/ticket';
import { Oracle, Violation, type WaitingTicket } from './support/oracle.ts';
import { countMatches } from './support/pools.ts';
import { makeTicket } from './support/tickets.ts';

const RULES = createMatchRules({
  policyVersion: 1,
  offered: ['video', 'text', 'question'],
  rematchCooldownMs: 20_000,
});
const SCHEDULE = {
  interestHeldMs: 3_000,
  languageHeldMs: 6_000,
  segmentHeldMs: 4_500,
  exchangeHeldMs: 0,
  quietHeldMs: 1_000,
};
const QUIET_BELOW = 4;

const ASKER = { mode: 'question', role: 'asker', proven: true } as const;
const ANSWERER = { mode: 'question', role: 'answerer' } as const;

type CreatePool = (options: PoolOptions, nowMs: number) => Pool;

const createPool: CreatePool = (options, nowMs) => new Pool(options, nowMs);

function poolOf(facts: PairFacts, create = createPool): Pool {
  const options = { rules: RULES, facts, mintMatchId: countMatches(), schedule: SCHEDULE };
  return create({ ...options, quietBelow: QUIET_BELOW }, 0);
}

/** A random crowd of askers and answerers, checked with the oracle's own hard rules. */
class World {
  readonly pool: Pool;
  readonly history: string[] = [];
  groups = 0;
  readonly #facts = new Apart();
  readonly #oracle = new Oracle(RULES, SCHEDULE, QUIET_BELOW);
  readonly #prng;
  readonly #waiting = new Map<string, WaitingTicket>();
  #nowMs = 0;
  #made = 0;

  constructor(seed: number, create?: CreatePool) {
    this.#facts.advance(0);
    this.#prng = createPrng(seed);
    this.pool = poolOf(this.#facts, create);
  }

  run(steps: number): void {
    for (let step = 0; step < steps; step++) {
      const kind = this.#prng.below(8);
      if (kind < 4) this.#add();
      else if (kind < 5) this.#withdraw();
      else if (kind < 6) this.#block();
      else this.#advance(this.#prng.below(1_500));
    }
    for (let at = 0; at < 8; at++) this.#advance(GROUP_RETRY_AFTER_MS);
  }

  #add(): void {
    const prng = this.#prng;
    const x = prng.below(12);
    const tier = prng.below(6) === 0 ? 'restricted' : 'normal';
    const ticket = makeTicket(this.#made++, {
      mode: prng.below(8) === 0 ? 'text' : 'question',
      ...(prng.below(8) > 0 && { role: prng.below(3) === 0 ? 'asker' : 'answerer' }),
      subject: `subject-${x}`,
      deviceKey: `device-${x % 10}`,
      network: prng.below(3) === 0 ? `network-${prng.below(4)}` : null,
      proven: prng.below(4) > 0,
      origin: `origin-${x % 6}-000`,
      sanctioned: prng.below(12) === 0,
      languages: prng.below(3) === 0 ? [] : [prng.pick(['en', 'fr', 'pt-BR'])],
      ...{ tier, circle: tier },
    });
    const added = this.pool.add(ticket, this.#nowMs);
    if (added.ok !== this.#oracle.mayWait(ticket)) throw new Violation('MM-140', ticket.id);
    if (!added.ok) return;
    const waiting = { ticket, sinceMs: this.#nowMs, widened: false, eased: new Set<string>() };
    this.#waiting.set(ticket.id, waiting);
    this.#wave();
  }

  #withdraw(): void {
    const [id] = this.#waiting.keys();
    if (id === undefined) return;
    this.#waiting.delete(id);
    this.pool.withdraw(id as TicketId);
  }

  #block(): void {
    const [one, other] = [this.#prng.below(12), this.#prng.below(12)];
    if (one === other) return;
    const a = makeTicket(0, { subject: `subject-${one}`, deviceKey: `device-${one % 10}` });
    const b = makeTicket(0, { subject: `subject-${other}`, deviceKey: `device-${other % 10}` });
    const mark = `block-${this.#made}-${this.#nowMs}`;
    const person = ({ subject, deviceKey: device }: Ticket) => ({ subject, device });
    const by = person(a);
    const of = person(b);
    const separation = { by, of, network: null, mark, match: null, isOwned: true };
    this.#facts.separate(separation as never, 0);
    const names = ({ subject, deviceKey }: Ticket) => [subject, deviceKey];
    this.#oracle.block({ by: names(a), of: names(b), network: null });
  }

  #advance(ms: number): void {
    this.#nowMs += ms;
    this.#facts.advance(this.#nowMs);
    this.#wave();
  }

  #wave(): void {
    const crowd = [...this.#waiting.values()].filter(({ ticket }) => ticket.mode === 'question');
    for (const kind of ['open', 'restricted']) {
      const isOfKind = ({ ticket }: WaitingTicket) =>
        (ticket.circle === 'restricted') === (kind === 'restricted');
      this.#oracle.ease(crowd.filter(isOfKind), 'question', this.#nowMs);
    }
    do {
      const proposals = this.pool.runWave(this.#nowMs, this.#prng);
      this.pool.checkInvariants();
      for (const { tickets } of proposals) {
        this.history.push(tickets.map((ticket) => ticket.id).join(' '));
        const found = tickets.map((ticket) => this.#waiting.get(ticket.id) as WaitingTicket);
        if (tickets.length > 2) this.#checkGroup(found);
      }
      for (const { tickets, id } of proposals) {
        // A failed proposal puts the tickets back, so that they are proposed again.
        if (tickets.length === 3 && this.#prng.below(4) === 0) this.pool.restore(id, []);
        else {
          this.pool.confirm(id);
          this.#forget(tickets);
          this.#meet(tickets);
        }
      }
    } while (this.pool.backlog > 0);
    this.pool.checkInvariants();
    this.#checkNobodyIsMissed();
  }

  #forget(tickets: readonly Ticket[]): void {
    for (const { id } of tickets) this.#waiting.delete(id);
  }

  #meet(tickets: readonly Ticket[]): void {
    for (const [a, b] of pairsOf(tickets)) {
      const person = ({ subject, deviceKey: device }: Ticket) => ({ subject, device });
      this.#facts.meet(person(a), person(b), 0);
      this.#oracle.meet(a, b, this.#nowMs);
    }
  }

  #checkGroup(group: readonly WaitingTicket[]): void {
    this.groups += 1;
    const roles = group.map(({ ticket }) => ticket.role);
    if (roles.join() !== 'asker,answerer,answerer') throw new Violation('MM-141', roles.join());
    for (const [a, b] of pairsOf(group)) {
      const rule = this.#oracle.forbids(a.ticket, b.ticket, this.#nowMs);
      if (rule !== null) throw new Violation(rule, `${a.ticket.id} meets ${b.ticket.id}`);
      if (!this.#wishesMet(a, b)) throw new Violation('MM-143', 'a wish is not met');
    }
  }

  /** Compares every three waiting tickets, one second after the pool's last chance to do so. */
  #checkNobodyIsMissed(): void {
    const crowd = [...this.#waiting.values()].filter(({ ticket }) => ticket.mode === 'question');
    const askers = crowd.filter(({ ticket }) => ticket.role === 'asker');
    const answerers = crowd.filter(({ ticket }) => ticket.role === 'answerer');
    const fit = (a: WaitingTicket, b: WaitingTicket) =>
      this.#oracle.forbids(a.ticket, b.ticket, this.#nowMs - GROUP_RETRY_AFTER_MS) === null &&
      this.#oracle.forbids(a.ticket, b.ticket, this.#nowMs) === null &&
      this.#wishesMet(a, b, this.#nowMs - GROUP_RETRY_AFTER_MS);
    for (const asker of askers) {
      for (const [a, b] of pairsOf(answerers)) {
        if (!fit(asker, a) || !fit(asker, b) || !fit(a, b)) continue;
        throw new Violation('MM-144', [asker, a, b].map(({ ticket }) => ticket.id).join());
      }
    }
  }

  #wishesMet(a: WaitingTicket, b: WaitingTicket, nowMs = this.#nowMs): boolean {
    // A question has no other wish than a shared language.
    const plain = ({ ticket, ...rest }: WaitingTicket): WaitingTicket => ({
      ...rest,
      ticket: { ...ticket, interests: [], circle: 'normal' },
    });
    return this.#oracle.wishesMet(plain(a), plain(b), 'question', nowMs);
  }
}

function pairsOf<Item>(items: readonly Item[]): (readonly [Item, Item])[] {
  return items.flatMap((one, at) => items.slice(at + 1).map((other) => [one, other] as const));
}

function brokenRules(create: CreatePool, worlds = 200): Set<string> {
  const broken = new Set<string>();
  for (let seed = 0; seed < worlds; seed++) {
    try {
      new World(seed, create).run(60);
    } catch (error) {
      if (!(error instanceof Violation)) throw error;
      broken.add(error.rule);
    }
  }
  return broken;
}

function withFacts(change: Partial<PairFacts>): CreatePool {
  return (options, nowMs) => {
    const { facts } = options;
    const truth: PairFacts = {
      keptApart: (a, b) => facts.keptApart(a, b),
      metWithin: (a, b, cooldownMs) => facts.metWithin(a, b, cooldownMs),
    };
    return new Pool({ ...options, facts: { ...truth, ...change } }, nowMs);
  };
}

function withSight(see: (ticket: Ticket) => Ticket): CreatePool {
  return (options, nowMs) => {
    const pool = new Pool(options, nowMs);
    const add = pool.add.bind(pool);
    pool.add = (ticket, atMs, waitedMs) => add(see(ticket), atMs, waitedMs);
    return pool;
  };
}

test('[MM-140] has one asker, who sends nothing, and two answerers who write', () => {
  const question = RULES.modes.get('question');
  assert.ok(question !== undefined);
  assert.deepEqual(
    question.seats.map(({ role, sends }) => [role, ...sends]),
    [['asker'], ['answerer', 'text'], ['answerer', 'text']],
  );
  for (const medium of ['sound', 'picture'] as const) assert.ok(!carries(question, medium));
  assert.equal(question.turnsTo, null);
  for (const { id } of defaultModes('declared', ['video', 'voice', 'text', 'question'])) {
    assert.ok(!isBelow('question', id, RULES.modes) && !isBelow(id, 'question', RULES.modes));
  }
});

test('[MM-140] refuses a ticket without a valid role, and an unproven asker', () => {
  const reasonOf = (changes: Partial<TicketInput>) => {
    const may = mayWait(makeTicket(1, changes), RULES);
    return may.ok ? null : may.reason;
  };
  assert.equal(reasonOf(ASKER), null);
  assert.equal(reasonOf(ANSWERER), null);
  assert.equal(reasonOf({ ...ASKER, proven: false }), 'not-proven');
  assert.equal(reasonOf({ mode: 'question' }), 'role-unknown');
  assert.equal(reasonOf({ mode: 'question', role: 'peer' }), 'role-unknown');
  assert.equal(reasonOf({ mode: 'text', role: 'asker', proven: true }), 'role-unknown');
  const meeting = { key: 'meeting-1', seat: 'a', by: 'invitation' } as const;
  assert.equal(reasonOf({ ...ANSWERER, meeting }), 'role-unknown');
});

test('[MM-142] never lets two askers meet, nor a question ticket and another', () => {
  const facts = new Apart();
  const reasonOf = (a: Partial<TicketInput>, b: Partial<TicketInput>) => {
    const may = mayMeet(makeTicket(1, a), makeTicket(2, b), RULES, facts);
    return may.ok ? null : may.reason;
  };
  assert.equal(reasonOf(ASKER, ASKER), 'role-taken');
  assert.equal(reasonOf(ASKER, ANSWERER), null);
  assert.equal(reasonOf(ANSWERER, ANSWERER), null);
  assert.equal(reasonOf(ANSWERER, { mode: 'text' }), 'mode-differs');
});

test('[MM-141] proposes the three who waited longest, the asker first', () => {
  const pool = poolOf(new Apart());
  const waits = [ANSWERER, ANSWERER, ASKER, ANSWERER, ASKER];
  for (const [at, changes] of waits.entries()) {
    assert.deepEqual(pool.runWave(at, createPrng(1)), []);
    assert.ok(pool.add(makeTicket(at, changes), at).ok);
    if (at === 2) break;
  }
  for (const at of [3, 4]) pool.add(makeTicket(at, waits[at]), 3);
  const [proposal, ...others] = pool.runWave(5, createPrng(1));
  assert.deepEqual(others, []);
  assert.deepEqual(
    proposal?.tickets.map(({ id }) => id),
    ['ticket-2', 'ticket-0', 'ticket-1'],
  );
  assert.deepEqual(proposal?.waitedMs, [3, 5, 4]);
  assert.equal(pool.size, 2);
  pool.checkInvariants();
});

test('[MM-52] returns the two others to their positions if one ticket is gone', () => {
  const pool = poolOf(new Apart());
  for (const [at, changes] of [ASKER, ANSWERER, ANSWERER, ANSWERER].entries()) {
    pool.add(makeTicket(at, changes), at);
  }
  const [first] = pool.runWave(4, createPrng(1));
  assert.ok(first !== undefined);
  pool.restore(first.id, [first.tickets[1].id]);
  const [second] = pool.runWave(5, createPrng(1));
  assert.deepEqual(
    second?.tickets.map(({ id }) => id),
    ['ticket-0', 'ticket-2', 'ticket-3'],
  );
});

test('[MM-141, MM-142, MM-143, MM-144] keeps the rules in random crowds', () => {
  let groups = 0;
  for (let seed = 0; seed < 400; seed++) {
    const world = new World(seed);
    world.run(60);
    groups += world.groups;
  }
  assert.ok(groups > 500, `only ${groups} groups`);
});

test('[MM-64] proposes the same groups with the same seed', () => {
  const historyOf = (seed: number) => {
    const world = new World(seed);
    world.run(80);
    return world.history;
  };
  for (let seed = 0; seed < 20; seed++) assert.deepEqual(historyOf(seed), historyOf(seed));
});

test('[MM-29] detects a pool that ignores a rule between two of three', () => {
  const broken = (create: CreatePool) => brokenRules(create);
  assert.ok(broken(withFacts({ keptApart: () => false })).has('MM-23'));
  assert.ok(broken(withFacts({ metWithin: () => false })).has('MM-24'));
  assert.ok(broken(withSight((ticket) => ({ ...ticket, network: null }))).has('MM-28'));
  const isSameTier = withSight((ticket) => ({ ...ticket, tier: 'normal', circle: 'normal' }));
  assert.ok(broken(isSameTier).has('MM-27'));
  assert.ok(broken(withSight((ticket) => ({ ...ticket, proven: true }))).has('MM-140'));
});

test('[MM-29] detects a pool that compares only some of the three', () => {
  const readsAlong: CreatePool = (options, nowMs) => {
    const { facts } = options;
    // Answers only about pairs of answerers, as if the reader were no user of the call.
    const isReader = (one: object) => 'role' in one && one.role === 'asker';
    const blind: PairFacts = {
      keptApart: (a, b) => !isReader(a) && !isReader(b) && facts.keptApart(a, b),
      metWithin: (a, b, ms) => !isReader(a) && !isReader(b) && facts.metWithin(a, b, ms),
    };
    return new Pool({ ...options, facts: blind }, nowMs);
  };
  assert.ok(brokenRules(readsAlong).has('MM-23'));
});

test('[MM-145] bounds an attempt and continues it in the next wave', () => {
  const facts = new Apart();
  const pool = poolOf(facts);
  pool.add(makeTicket(0, ASKER), 0);
  const count = 100;
  // All but the last one share a network, so only pairs with the last one may meet.
  for (let at = 1; at <= count; at++) {
    const network = at === count ? null : 'network-1';
    pool.add(makeTicket(at, { ...ANSWERER, network }), at);
  }
  let waves = 0;
  let found = pool.runWave(200, createPrng(1));
  for (; found.length === 0 && pool.backlog > 0; waves++) {
    found = pool.runWave(200, createPrng(1));
  }
  assert.equal(found.length, 1);
  assert.equal(found[0]?.tickets[2]?.id, `ticket-${count}`);
  const first = poolOf(facts);
  first.add(makeTicket(0, ASKER), 0);
  for (let at = 1; at <= GROUP_PROBES_PER_ATTEMPT_MAX; at++) {
    first.add(makeTicket(at, { ...ANSWERER, network: 'network-1' }), 0);
  }
  assert.deepEqual(first.runWave(1, createPrng(1)), []);
  assert.equal(first.backlog, 1, 'the attempt is not over');
});
