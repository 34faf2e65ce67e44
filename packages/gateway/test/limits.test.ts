import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { describe, it } from 'node:test';
import {
  brandId,
  type MatchId,
  type NodeId,
  type SessionId,
  type SubjectId,
} from '@farandole/kernel/id';
import { createPrng } from '@farandole/kernel/prng';
import { REMATCH_COOLDOWN_MS } from '@farandole/matchmaking/limits';
import { createMatchRules } from '@farandole/matchmaking/mode';
import type { ClientMessage } from '@farandole/protocol/client-message';
import { GatewayContext, type GatewayPorts } from '../src/context.ts';
import { defer } from '../src/facts.ts';
import * as limits from '../src/limits.ts';
import { PairLedger } from '../src/pair-ledger.ts';
import type { People } from '../src/people.ts';
import { Questions } from '../src/questions.ts';
import { type Restore, Restores } from '../src/restores.ts';
import type { Session } from '../src/session.ts';
import { FakeSigner } from './support/fake-signer.ts';
import { partyOf } from './support/party.ts';
import { World } from './support/world.ts';

// Other tests lower the limits by options. The tests in this file check the default limits.

const START = { monotonicMs: 0, wallMs: 1_800_000_000_000 };

function newContext(people?: Pick<People, 'arrived'>): GatewayContext {
  const config = {
    node: brandId<NodeId>('node-one'),
    relayMode: 'direct',
    hasTurn: false,
    takesPictures: false,
    rules: createMatchRules({ policyVersion: 1 }),
  } as const;
  const ports = { signer: new FakeSigner('a key', createPrng(1)), people };
  return new GatewayContext(config, ports as unknown as GatewayPorts, START);
}

const subject = (place: number): SubjectId => brandId<SubjectId>(`subject-${place}`);
const match = (place: number): MatchId => brandId<MatchId>(`match-${place}`);

interface Holder {
  size(): number;
  add(place: number): void;
  has(place: number): boolean;
}

function refusals(): Holder {
  const { ageRefusals } = newContext();
  return {
    size: () => ageRefusals.size,
    add: (place) => ageRefusals.set(subject(place), true, 0),
    has: (place) => ageRefusals.has(subject(place), 0),
  };
}

const RECENT = { mark: 'a-mark', isStored: true } as const;

function recentBlocks(): Holder {
  const { recentBlocks: known } = newContext();
  return {
    size: () => known.size,
    add: (place) => known.set(`${place}`, RECENT, 0),
    has: (place) => known.has(`${place}`, 0),
  };
}

function inviters(): Holder {
  const { invitationsMade } = newContext();
  return {
    size: () => invitationsMade.size,
    add: (place) => invitationsMade.set(subject(place), 1, 0),
    has: (place) => invitationsMade.has(subject(place), 0),
  };
}

function reports(): Holder {
  const { reports: known } = newContext();
  const [by, of] = [subject(0), subject(1)];
  const rest = { kind: 'reported', id: 'report', code: 'code', by, of, reporterSide: 'a' } as const;
  return {
    size: () => known.size,
    add: (place) => known.replay({ ...rest, match: match(place), atWallMs: 0 }, 0, 0),
    has: (place) => known.find({ ...rest, match: match(place) }, 0) !== undefined,
  };
}

/**
 * Returns the n-th pair of only two thousand users, so that the ledger doesn't need a million
 * maps.
 */
function pairOf(place: number): readonly [SubjectId, SubjectId] {
  return [subject(place % 1_000), subject(1_000 + Math.floor(place / 1_000))];
}

function encounters(): Holder {
  const ledger = new PairLedger();
  const rest = { kind: 'encounter', match: match(0), atWallMs: 0 } as const;
  return {
    size: () => ledger.sizes.encounters,
    add: (place) => ledger.record({ ...rest, subjects: pairOf(place) }, START),
    has: (place) => {
      const [a, b] = pairOf(place);
      return ledger.metWithin(partyOf(a), partyOf(b), REMATCH_COOLDOWN_MS);
    },
  };
}

function blocks(): Holder {
  const ledger = new PairLedger();
  const rest = { kind: 'block', match: match(0), side: 'a', mark: 'a-mark', atWallMs: 0 } as const;
  return {
    size: () => ledger.sizes.blocks,
    add: (place) => {
      const [by, of] = pairOf(place);
      ledger.record({ ...rest, by, of }, START);
    },
    has: (place) => ledger.blockedEitherWay(...pairOf(place)),
  };
}

describe('[GW-4] each map keeps as many entries as its limit allows', () => {
  for (const [name, max, make] of [
    ['AGE_REFUSALS_MAX', limits.AGE_REFUSALS_MAX, refusals],
    ['BLOCKS_STORED_REMEMBERED_MAX', limits.BLOCKS_STORED_REMEMBERED_MAX, recentBlocks],
    ['INVITERS_REMEMBERED_MAX', limits.INVITERS_REMEMBERED_MAX, inviters],
    ['REPORTS_REMEMBERED_MAX', limits.REPORTS_REMEMBERED_MAX, reports],
    ['ENCOUNTERS_MAX', limits.ENCOUNTERS_MAX, encounters],
    ['BLOCKS_MAX', limits.BLOCKS_MAX, blocks],
  ] as const) {
    it(`${name}: evicts the oldest entry above the limit`, () => {
      const holder = make();
      for (let place = 0; place < max; place++) holder.add(place);
      assert.equal(holder.size(), max);
      assert.ok(holder.has(0));
      holder.add(max);
      assert.equal(holder.size(), max);
      assert.deepEqual([0, 1, max].map(holder.has), [false, true, true]);
    });
  }

  it('USED_TICKETS_MAX: refuses tickets above the limit, because reuse would go undetected', () => {
    const { usedTickets } = newContext();
    const use = (place: number): boolean => usedTickets.use(brandId<SessionId>(`${place}`), 0);
    for (let place = 0; place < limits.USED_TICKETS_MAX; place++) assert.ok(use(place));
    assert.ok(!use(limits.USED_TICKETS_MAX));
  });

  it('RESTORES_MAX: refuses a call restore above the limit', () => {
    const { restores } = newContext();
    const wait = (place: number): boolean =>
      restores.wait({ receipt: { match: match(place) } } as Restore);
    for (let place = 0; place < limits.RESTORES_MAX; place++) assert.ok(wait(place));
    assert.ok(!wait(limits.RESTORES_MAX));
    assert.equal(restores.size, limits.RESTORES_MAX);
  });

  it('RESTORES_MAX: restores calls in a cluster, however many were ended', () => {
    const restores = new Restores(2, true);
    for (let place = 0; place < 5; place++) {
      restores.settle(match(place));
      restores.abandon(match(100 + place));
    }
    assert.ok(restores.wait({ receipt: { match: match(10) } } as Restore));
    assert.equal(restores.size, 5);
    assert.deepEqual(
      [2, 4].map((place) => restores.isSettled(match(place))),
      [false, true],
    );
    assert.deepEqual(
      [102, 104].map((place) => restores.isAbandoned(match(place))),
      [false, true],
    );
  });

  it('OFFER_CHARS_BUFFERED_MAX: drops a search’s offer above the limit', () => {
    const context = newContext();
    assert.ok(context.mayHoldOffer(limits.OFFER_CHARS_BUFFERED_MAX));
    assert.ok(!context.mayHoldOffer(limits.OFFER_CHARS_BUFFERED_MAX + 1));
  });

  it('DEFERRED_CHARS_MAX: refuses a message that would wait for facts above the limit', () => {
    const context = newContext({ arrived: () => false });
    const session = { deferred: null, isRead: false } as unknown as Session;
    let refused = 0;
    const text = 'x'.repeat(1024 * 1024);
    const message = { type: 'session.leave', text } as unknown as ClientMessage;
    const chars = JSON.stringify(message).length;
    const others = Math.floor(limits.DEFERRED_CHARS_MAX / chars);
    for (let at = 0; at < others; at++) {
      const other = { deferred: null, isRead: false } as unknown as Session;
      defer(context, other, { message, handle: assert.fail, refuse: assert.fail });
    }
    assert.equal(context.deferredChars, others * chars);
    defer(context, session, { message, handle: assert.fail, refuse: () => (refused += 1) });
    assert.deepEqual([refused, session.deferred], [1, null]);
  });

  it('CONNECTIONS_MAX: closes a socket above the limit', () => {
    const world = new World();
    const join = (place: number) => world.join(`person-${place}`, { keepsAll: false });
    for (let place = 1; place < limits.CONNECTIONS_MAX; place++) join(place);
    assert.equal(join(0).closedBy, null);
    assert.equal(join(limits.CONNECTIONS_MAX).closedBy, 'too-many');
    assert.equal(world.gateway.sizes().connections, limits.CONNECTIONS_MAX);
  });

  it('SILENT_SHARE_MAX, SILENT_SOCKETS_MIN: limits sockets without a hello', () => {
    const ofAll = Math.ceil(limits.CONNECTIONS_MAX * limits.SILENT_SHARE_MAX);
    assert.equal(limits.silentSocketsMax(limits.CONNECTIONS_MAX), ofAll);
    assert.equal(limits.silentSocketsMax(1), limits.SILENT_SOCKETS_MIN);
    const world = new World();
    const open = () => world.openSocket(world.newClient('ada'));
    const oldest = open();
    for (let others = 1; others < ofAll; others++) open();
    assert.equal(world.connections.closeReason(oldest), null);
    open();
    assert.equal(world.connections.closeReason(oldest), 'silent');
    assert.equal(world.gateway.sizes().silentSockets, ofAll);
  });

  it('SESSIONS_PER_CONNECTION_MAX: refuses a session above the limit', () => {
    const world = new World({ config: { connectionsMax: 1 } });
    const leave = (place: number) => {
      const client = world.join(`person-${place}`);
      world.lose(client);
      return client;
    };
    for (let place = 0; place < limits.SESSIONS_PER_CONNECTION_MAX; place++) leave(place);
    assert.equal(world.gateway.sizes().sessions, limits.SESSIONS_PER_CONNECTION_MAX);
    assert.equal(world.join('one-more').closedBy, 'too-many');
  });

  it('BLOCKS_STORED_FOR_MS, REPORTS_MERGE_FOR_MS: merges repeated blocks and reports until the time has passed', () => {
    const context = newContext();
    context.recentBlocks.set('a block', RECENT, 0);
    assert.ok(context.recentBlocks.has('a block', limits.BLOCKS_STORED_FOR_MS - 1));
    assert.ok(!context.recentBlocks.has('a block', limits.BLOCKS_STORED_FOR_MS));
    const [by, of] = [subject(0), subject(1)];
    const rest = { id: 'report', code: 'code', by, of, reporterSide: 'a', atWallMs: 0 } as const;
    context.reports.replay({ kind: 'reported', match: match(0), ...rest }, 0, 0);
    const find = (nowMs: number) => context.reports.find({ ...rest, match: match(0) }, nowMs);
    assert.ok(find(limits.REPORTS_MERGE_FOR_MS - 1) !== undefined);
    assert.equal(find(limits.REPORTS_MERGE_FOR_MS), undefined);
  });

  it('CALL_DURATIONS_MAX: evicts the oldest calls’ durations', () => {
    const { callDurations } = newContext();
    const max = limits.CALL_DURATIONS_MAX;
    for (let place = 0; place <= max; place++) callDurations.set(match(place), place, 0);
    assert.equal(callDurations.size, max);
    assert.deepEqual(
      [0, 1, max].map((place) => callDurations.get(match(place), 0)),
      [undefined, 1, max],
    );
  });

  it('QUESTION_NETWORKS_MIN, QUESTIONS_REPORTED_MAX: withdraws a question, evicts the oldest', () => {
    const questions = new Questions();
    const asker = brandId<SubjectId>('subject-ada');
    for (let network = 0; network < limits.QUESTION_NETWORKS_MIN; network++) {
      assert.equal(questions.isWithdrawn(asker, 'question 0', 0), false);
      questions.report(asker, 'question 0', `network-${network}`, 0);
    }
    assert.ok(questions.isWithdrawn(asker, 'question 0', 0));
    for (let place = 1; place < limits.QUESTIONS_REPORTED_MAX; place++) {
      questions.report(asker, `question ${place}`, 'network-0', 0);
    }
    assert.ok(questions.isWithdrawn(asker, 'question 0', 0));
    questions.report(asker, 'one more', 'network-0', 0);
    assert.equal(questions.isWithdrawn(asker, 'question 0', 0), false);
  });

  it('each limit of the gateway is named in a test', () => {
    const folder = new URL('./', import.meta.url);
    const files = readdirSync(folder).filter((name) => name.endsWith('.test.ts'));
    const tests = files.map((name) => readFileSync(new URL(name, folder), 'utf8')).join('\n');
    const words = new Set(tests.match(/\w+/g));
    const names: readonly string[] = Object.keys(limits);
    assert.deepEqual(
      names.filter((name) => !words.has(name)),
      [],
    );
  });
});
