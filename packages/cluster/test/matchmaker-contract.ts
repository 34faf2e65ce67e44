import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Instant } from '@farandole/kernel/clock';
import { brandId, type MatchId, type NodeId, type TicketId } from '@farandole/kernel/id';
import { createPrng, type Prng } from '@farandole/kernel/prng';
import { Apart } from '@farandole/matchmaking/apart/apart';
import { mayMeet } from '@farandole/matchmaking/eligibility';
import { PROPOSAL_TIMEOUT_MS, RETRY_AFTER_MS } from '@farandole/matchmaking/limits';
import { createMatchRules } from '@farandole/matchmaking/mode';
import type { PoolOptions } from '@farandole/matchmaking/pool';
import type { Matchmaker } from '@farandole/matchmaking/ports';
import type { Ticket, TicketInput } from '@farandole/matchmaking/ticket';
import fc from 'fast-check';
import { TICK_EVERY_MS } from '../src/limits.ts';
import type { NodePool } from '../src/node-turns.ts';
import type { ProposalAnswer, TicketOwner } from './support/ticket-owner.ts';
import { NO_FACTS, poolOptions, RULES, ticketOf } from './support/tickets.ts';

const QUESTIONS = createMatchRules({ policyVersion: 1, offered: ['text', 'question'] });

/** Submits an asker and two answerers. The owner of the last ticket answers as given. */
function askThree(driver: Driver, last: ProposalAnswer): readonly [Ticket, Ticket, Ticket] {
  const answerer = { mode: 'question', role: 'answerer' } as const;
  return [
    driver.submit('ada', { mode: 'question', role: 'asker', proven: true }),
    driver.submit('bo', answerer),
    driver.submit('cy', answerer, last),
  ];
}

const NO_MATCH = brandId<MatchId>('no-such-match');

/** One simulated node with its pool, before the node's first turn. */
export interface MatchmakerNode {
  readonly node: NodeId;
  readonly matchmaker: Matchmaker;
  readonly owner: TicketOwner;
  readonly pool: NodePool;
  now(): Instant;
  advance(ms: number): void;
}

export function matchmakerContract(
  name: string,
  open: (options: PoolOptions) => MatchmakerNode,
): void {
  const start = (options: PoolOptions = poolOptions()): Driver => {
    const driver = new Driver(open(options));
    driver.tick();
    return driver;
  };

  describe(`the matchmaker keeps its contract: ${name}`, () => {
    it('[CL-60] the matchmaker announces its epoch in the first event-loop turn, not earlier', () => {
      const driver = new Driver(open(poolOptions()));
      driver.submit('anna');
      assert.deepEqual(driver.owner.epochs, []);
      driver.tick();
      assert.equal(driver.owner.epochs.length, 1);
      driver.submit('bert');
      driver.pass(100);
      assert.equal(driver.owner.matches.size, 2, 'the ticket of before the epoch waits too');
    });

    it('[CL-60] a method call reports no event; the next drain reports the event', () => {
      const driver = start();
      driver.submit('anna', { sanctioned: true });
      assert.equal(driver.owner.heard.refused.length, 0);
      driver.drain();
      assert.equal(driver.owner.heard.refused[0]?.reason, 'sanctioned');
    });

    it('[MM-82] only the first guest of a private meeting meets the host, also again', () => {
      const driver = start();
      const meeting = (seat: 'a' | 'b') => ({
        meeting: { key: 'meeting-0001', seat, by: 'invitation' as const },
      });
      driver.submit('guest-1', meeting('b'));
      driver.submit('guest-2', meeting('b'));
      driver.submit('stranger');
      driver.pass(10_000);
      assert.equal(driver.owner.matches.size, 0);
      driver.submit('host', meeting('a'));
      driver.pass(100);
      assert.equal(driver.owner.matches.size, 2);
      assert.deepEqual(
        driver.owner.heard.refused.map(({ reason }) => reason),
        ['meeting-over'],
      );
    });

    it('[MM-110] pairs users of one community, and nobody else with them', () => {
      const driver = start();
      driver.submit('anna', { community: 'painters' });
      driver.submit('bert', { community: 'polyglots' });
      driver.submit('carl');
      driver.pass(10_000);
      assert.equal(driver.owner.matches.size, 0);
      driver.submit('dora', { community: 'painters' });
      driver.pass(10_000);
      assert.equal(driver.owner.matches.size, 2);
    });

    it('[MM-83] a withdrawn private meeting refuses waiting and later tickets', () => {
      const driver = start();
      const guest = { meeting: { key: 'meeting-0001', seat: 'b', by: 'again' } } as const;
      driver.submit('guest-1', guest);
      driver.pass(100);
      driver.matchmaker.endMeeting('meeting-0001');
      driver.pass(100);
      driver.submit('guest-2', guest);
      driver.pass(100);
      assert.deepEqual(
        driver.owner.heard.refused.map(({ reason }) => reason),
        ['meeting-over', 'meeting-over'],
      );
    });

    it('[CL-60] throws when an event handler drains the pool', () => {
      const driver = start();
      let fault: unknown = null;
      driver.owner.refused = () => {
        try {
          driver.drain();
        } catch (error) {
          fault = error;
        }
      };
      driver.submit('anna', { sanctioned: true });
      driver.drain();
      assert.match(String(fault), /AssertionError/);
    });

    it('[CL-61] never pairs tickets in the event-loop turn that submits them', () => {
      const driver = start();
      driver.submit('anna');
      driver.submit('bert');
      assert.ok(driver.drain() > 0);
      assert.equal(driver.owner.heard.proposed.length, 0);
      driver.wave();
      assert.equal(driver.owner.matches.size, 2);
      assert.equal(driver.drain(), 0);
    });

    it("[CL-30] reports a match to both tickets' owners with the same id", () => {
      const driver = start();
      const anna = driver.submit('anna');
      const bert = driver.submit('bert');
      driver.pass(100);
      const matches = [...driver.owner.matches.values()].flat();
      assert.equal(matches.length, 2);
      assert.equal(matches[0]?.id, matches[1]?.id);
      assert.deepEqual(matches[0]?.tickets.map(({ id }) => id).sort(), [anna.id, bert.id].sort());
    });

    it('[CL-30] makes no match when the owner of only one ticket confirms', () => {
      const driver = start();
      driver.submit('anna');
      driver.submit('bert', {}, 'later');
      driver.pass(PROPOSAL_TIMEOUT_MS - 100);
      assert.equal(driver.owner.matches.size, 0);
      assert.equal(driver.owner.heard.proposed.length, 2);
    });

    it('[CL-30] makes no match if one user blocks the other after the proposal', () => {
      let isBlocked = false;
      const facts = { ...NO_FACTS, keptApart: () => isBlocked };
      const driver = start(poolOptions({ facts }));
      driver.submit('anna');
      driver.submit('bert', {}, 'later');
      driver.pass(100);
      isBlocked = true;
      driver.owner.answerAll();
      driver.drain();
      assert.equal(driver.owner.matches.size, 0);
      const fates = driver.owner.heard.abandoned.map(({ ticketIs }) => ticketIs);
      assert.deepEqual(fates, ['waiting', 'waiting']);
      driver.pass(PROPOSAL_TIMEOUT_MS + 1_000);
      assert.equal(driver.owner.heard.proposed.length, 2);
      assert.equal(driver.waiting(), 2);
    });

    it('[CL-30] a block applies to the device and its network’s unproven users', () => {
      const facts = new Apart();
      facts.advance(0);
      const driver = start(poolOptions({ facts }));
      const anna = driver.submit('anna');
      const bert = ticketOf(driver.node, 'bert', { origin: 'network-b' });
      facts.separate({
        by: { subject: anna.subject, device: anna.deviceKey },
        of: { subject: bert.subject, device: bert.deviceKey },
        ...{ network: bert.origin, mark: null, isOwned: true },
      });
      const onDevice = driver.submit('on-device', { deviceKey: bert.deviceKey });
      driver.pass(100);
      driver.owner.withdraw(onDevice.id);
      const onNetwork = driver.submit('on-network', { origin: 'network-b' });
      driver.pass(RETRY_AFTER_MS + 1_000);
      assert.equal(driver.owner.matches.size, 0);
      driver.owner.withdraw(onNetwork.id);
      driver.submit('proven', { origin: 'network-b', proven: true });
      driver.pass(100);
      assert.ok(driver.owner.matches.has(anna.id));
    });

    it('[CL-30] matches three tickets once all three owners confirm', () => {
      const driver = start(poolOptions({ rules: QUESTIONS }));
      const [ada, bo, cy] = askThree(driver, 'later');
      driver.pass(100);
      assert.equal(driver.owner.heard.proposed.length, 3);
      assert.equal(driver.owner.matches.size, 0, 'the third owner is silent');
      driver.owner.answerAll();
      driver.pass(100);
      const matches = [ada, bo, cy].map(({ id }) => driver.owner.matches.get(id) ?? []);
      assert.deepEqual(
        matches.map(({ length }) => length),
        [1, 1, 1],
      );
      assert.equal(new Set(matches.flat().map(({ id }) => id)).size, 1);
      assert.equal(matches[0]?.[0]?.tickets[0].id, ada.id, 'the asker has the first seat');
    });

    it('[CL-32] returns both confirmed tickets of three to waiting at the deadline', () => {
      const driver = start(poolOptions({ rules: QUESTIONS }));
      const [ada, bo, cy] = askThree(driver, 'later');
      driver.pass(PROPOSAL_TIMEOUT_MS + 100);
      assert.deepEqual(
        [ada, bo, cy].map((ticket) => driver.fateOf(ticket)),
        ['waiting', 'waiting', 'gone'],
      );
      const dan = driver.submit('dan', { mode: 'question', role: 'answerer' });
      driver.owner.withdraw(cy.id);
      driver.pass(RETRY_AFTER_MS + 1_000);
      for (const { id } of [ada, bo, dan]) assert.ok(driver.owner.matches.has(id), id);
    });

    it('[CL-31] counts a ticket’s repeated confirmation once', () => {
      const driver = start();
      const anna = driver.submit('anna');
      driver.submit('bert', {}, 'later');
      driver.pass(100);
      const [proposed] = driver.owner.heard.proposed;
      assert.ok(proposed !== undefined);
      for (let i = 0; i < 2; i++) driver.matchmaker.confirm(proposed.proposal.id, anna.id);
      driver.drain();
      assert.equal(driver.owner.matches.size, 0);
      driver.owner.answerAll();
      driver.matchmaker.confirm(proposed.proposal.id, anna.id);
      driver.drain();
      assert.deepEqual(
        [...driver.owner.matches.values()].map(({ length }) => length),
        [1, 1],
      );
    });

    it('[CL-32] drops an unconfirmed ticket at the deadline; its partner keeps waiting', () => {
      const driver = start();
      const anna = driver.submit('anna');
      driver.pass(1_000);
      const bert = driver.submit('bert', {}, 'later');
      driver.pass(100);
      const proposedAfter = driver.passed;
      while (driver.passed - proposedAfter < PROPOSAL_TIMEOUT_MS - 200) driver.pass(100);
      assert.equal(driver.owner.heard.abandoned.length, 0);
      driver.pass(300);
      assert.equal(driver.fateOf(anna), 'waiting');
      assert.equal(driver.fateOf(bert), 'gone');
      // The dropped ticket is still open for its owner. The owner resubmits the ticket, and the
      // pool proposes both tickets again.
      driver.pass(200);
      const again = driver.owner.heard.proposed.at(-1)?.proposal;
      assert.ok(again !== undefined);
      const waitedOf = ({ id }: Ticket): number =>
        again.waitedMs[again.tickets.findIndex((ticket) => ticket.id === id)] ?? 0;
      assert.ok(waitedOf(anna) >= 3_000);
      assert.ok(waitedOf(bert) >= 2_000);
    });

    it('[CL-33] drops a ticket whose owner rejects the proposal; its partner waits', () => {
      const driver = start();
      const anna = driver.submit('anna');
      const bert = driver.submit('bert', {}, 'reject');
      driver.pass(100);
      assert.equal(driver.fateOf(anna), 'waiting');
      assert.equal(driver.fateOf(bert), 'gone');
      const cleo = driver.submit('cleo');
      driver.pass(100);
      assert.deepEqual([...driver.owner.matches.keys()].sort(), [anna.id, cleo.id].sort());
    });

    it('[CL-33] returns a proposed ticket to waiting when its partner is withdrawn', () => {
      const driver = start();
      const anna = driver.submit('anna');
      const bert = driver.submit('bert', {}, 'later');
      driver.pass(100);
      driver.owner.withdraw(bert.id);
      driver.drain();
      assert.equal(driver.fateOf(anna), 'waiting');
      const cleo = driver.submit('cleo');
      driver.pass(100);
      assert.deepEqual([...driver.owner.matches.keys()].sort(), [anna.id, cleo.id].sort());
    });

    it('[CL-38] drops a ticket’s shared-interest wish when its owner widens the search', () => {
      const driver = start();
      const wishful = driver.submit('anna', { interests: ['film'], onlyShared: true });
      driver.submit('bert');
      driver.pass(30_000);
      assert.equal(driver.owner.matches.size, 0);
      driver.owner.widen(wishful.id);
      driver.pass(200);
      assert.equal(driver.owner.matches.size, 2);
    });

    it('[CL-62] ignores requests about unknown tickets and proposals', () => {
      const driver = start();
      const anna = driver.submit('anna');
      const bert = driver.submit('bert');
      driver.pass(100);
      const [match] = [...driver.owner.matches.values()].flat();
      assert.ok(match !== undefined);
      const stranger = ticketOf(driver.node, 'nobody').id;
      driver.matchmaker.withdraw(stranger);
      driver.matchmaker.widen(stranger);
      for (const id of [stranger, anna.id]) {
        driver.matchmaker.confirm(NO_MATCH, id);
        driver.matchmaker.reject(NO_MATCH, id);
      }
      driver.submit('cleo', {}, 'later');
      driver.submit('dirk', {}, 'later');
      driver.pass(100);
      const last = driver.owner.heard.proposed.at(-1)?.proposal;
      assert.ok(last !== undefined);
      driver.matchmaker.confirm(last.id, bert.id);
      driver.matchmaker.confirm(last.id, stranger);
      driver.matchmaker.reject(last.id, stranger);
      driver.pass(100);
      assert.equal(driver.owner.matches.size, 2);
      assert.equal(driver.owner.heard.abandoned.length, 0);
      driver.owner.answerAll();
      driver.drain();
      assert.equal(driver.owner.matches.size, 4);
    });

    it('[CL-31] matches no ticket twice and loses none in random simulations', () => {
      let matched = 0;
      fc.assert(
        fc.property(fc.integer({ min: 0, max: 2 ** 32 - 1 }), (seed) => {
          const driver = start();
          const prng = createPrng(seed);
          for (let step = 0; step < 80; step++) {
            act(driver, prng, step);
            driver.pass(100);
          }
          driver.owner.answerAll();
          driver.pass(30_000);
          for (const matches of driver.owner.matches.values()) assert.equal(matches.length, 1);
          matched += driver.owner.matches.size;
          checkNobodyLeft(driver.owner.open);
        }),
        { numRuns: 30 },
      );
      assert.ok(matched > 300, `${matched} tickets were matched`);
    });
  });
}

class Driver {
  passed = 0;
  readonly #at: MatchmakerNode;

  constructor(at: MatchmakerNode) {
    this.#at = at;
  }

  get owner(): TicketOwner {
    return this.#at.owner;
  }

  get matchmaker(): Matchmaker {
    return this.#at.matchmaker;
  }

  get node(): NodeId {
    return this.#at.node;
  }

  submit(
    name: string,
    changes: Partial<TicketInput> = {},
    answer: ProposalAnswer | null = null,
  ): Ticket {
    const ticket = ticketOf(this.#at.node, name, changes);
    if (answer !== null) this.owner.answers.set(ticket.id, answer);
    this.owner.submit(ticket, this.#at.now());
    return ticket;
  }

  fateOf({ id }: Ticket): string | undefined {
    return this.owner.heard.abandoned.find(({ ticketId }) => ticketId === id)?.ticketIs;
  }

  waiting(): number {
    return this.#at.pool.waitingByMode()?.get('text') ?? -1;
  }

  drain(): number {
    return this.#at.pool.drain(this.#at.now());
  }

  wave(): void {
    this.#at.pool.runWave(this.#at.now());
    this.drain();
  }

  tick(): void {
    this.#at.pool.tick(this.#at.now());
    this.drain();
  }

  /** Drains the pool, then advances the simulated time, with a tick every `TICK_EVERY_MS`. */
  pass(ms: number): void {
    this.drain();
    for (let left = ms; left > 0; left -= TICK_EVERY_MS) {
      this.#at.advance(Math.min(TICK_EVERY_MS, left));
      this.tick();
    }
    this.passed += ms;
  }
}

const ANSWERS: readonly ProposalAnswer[] = ['confirm', 'confirm', 'later', 'reject'];

function act(driver: Driver, prng: Prng, step: number): void {
  const { owner } = driver;
  const chance = prng.unit();
  const one: TicketId | null = owner.open.length > 0 ? prng.pick(owner.open).id : null;
  if (chance < 0.5) {
    const interests = prng.chance(0.3) ? [prng.pick(['film', 'chess', 'music'])] : [];
    const mode = prng.pick(['text', 'video']);
    const wishes = { interests, onlyShared: prng.chance(0.5), mode };
    driver.submit(`step-${step}`, wishes, prng.pick(ANSWERS));
  } else if (chance < 0.6 && one !== null) owner.withdraw(one);
  else if (chance < 0.65 && one !== null) owner.widen(one);
  else if (chance < 0.7) owner.answerAll();
}

/** Checks that no two of the waiting tickets could be matched. */
export function checkNobodyLeft(waiting: readonly Ticket[]): void {
  for (const [at, a] of waiting.entries()) {
    for (const b of waiting.slice(at + 1)) {
      if (!mayMeet(a, b, RULES, NO_FACTS).ok) continue;
      const shares = a.interests.some((interest) => b.interests.includes(interest));
      const wants = a.onlyShared || b.onlyShared;
      assert.ok(wants && !shares, `${a.id} and ${b.id} still wait, and could meet`);
    }
  }
}
