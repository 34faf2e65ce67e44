import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Instant } from '@farandole/kernel/clock';
import { brandId, type DeviceKeyId, type MatchId, type SubjectId } from '@farandole/kernel/id';
import {
  NETWORK_APART_MS,
  NETWORK_NEW_MS,
  REMATCH_COOLDOWN_MS,
} from '@farandole/matchmaking/limits';
import { BLOCKS_PER_PERSON_MAX } from '../src/limits.ts';
import { PairLedger } from '../src/pair-ledger.ts';
import type { BlockRecord, ConnectionFacts, ReplayedRecord } from '../src/ports.ts';
import { factsOf } from './support/facts-of.ts';
import type { TestClient } from './support/test-client.ts';
import { World } from './support/world.ts';

const HOUR_MS = 60 * 60 * 1_000;

function from(network: string): Pick<ConnectionFacts, 'network'> {
  return { network: { network: `network-${network}`, parent: `parent-of-${network}` } };
}

function search(world: World, ...clients: readonly TestClient[]): void {
  for (const client of clients) client.searchFor('text');
  world.settle();
}

/** Lets two users search and returns whether they were matched within 20 s. */
function meet(world: World, one: TestClient, other: TestClient): boolean {
  search(world, one, other);
  world.pass(20_000);
  const met = one.call !== null && one.call.match === other.call?.match;
  for (const client of [one, other]) {
    if (client.call !== null) client.endCall('next');
    else client.withdraw();
    world.flush();
  }
  return met;
}

interface Parted {
  readonly world: World;
  readonly ada: TestClient;
  readonly bo: TestClient;
}

const PARTING = {
  block: (ada: TestClient) => ada.block(),
  report: (ada: TestClient) => {
    assert.ok(ada.call !== null);
    ada.report(ada.call);
  },
} as const;

/**
 * Matches Ada and Bo, who come from networks a and b. Then Ada blocks or reports Bo, and Bo
 * leaves.
 */
function parted(how: keyof typeof PARTING): Parted {
  const world = new World();
  const ada = world.joinAdult('ada', from('a'));
  const bo = world.joinAdult('bo', from('b'));
  search(world, ada, bo);
  assert.ok(ada.call !== null && bo.call !== null);
  PARTING[how](ada);
  world.settleJournal();
  bo.leave();
  world.flush();
  return { world, ada, bo };
}

for (const how of ['block', 'report'] as const) {
  test(`[GW-6a] after a ${how}, never matches the blocked device’s new cookie`, () => {
    const { world, ada, bo } = parted(how);
    const back = world.joinAdult('bo-again', { device: bo.device, ...from('elsewhere') });
    assert.equal(meet(world, ada, back), false);
    world.restart();
    const again = world.joinAdult('bo-once-more', { device: bo.device });
    assert.equal(meet(world, world.joinAdult('ada'), again), false, 'after a restart');
  });

  test(`[GW-6a] keeps newcomers of the peer’s network from ${how} authors for a day`, () => {
    const { world, ada, bo } = parted(how);
    const back = world.joinAdult('back', from('b'));
    assert.equal(meet(world, ada, back), false);
    assert.ok(meet(world, back, world.joinAdult('cy', from('c'))), 'with nobody else');
    const proven = world.joinAdult('proven', from('b'));
    world.proven.add(proven.subject);
    assert.ok(meet(world, ada, proven), 'a proven neighbour may');
    world.clock.advance(REMATCH_COOLDOWN_MS);
    world.restart();
    const ada2 = world.joinAdult('ada', from('a'));
    const back2 = world.joinAdult('back', from('b'));
    assert.equal(meet(world, ada2, back2), false, 'after a restart');
    world.clock.advance(NETWORK_APART_MS);
    world.tick();
    assert.ok(meet(world, world.joinAdult('ada', from('a')), world.joinAdult('back', from('b'))));
    assert.notEqual(bo.subject, back.subject);
  });
}

test('[GW-6a] a block also applies to the network of the peer’s newest socket', () => {
  const world = new World();
  const ada = world.joinAdult('ada', from('a'));
  const bo = world.joinAdult('bo', from('b'));
  search(world, ada, bo);
  world.lose(bo);
  world.connect(bo, from('moved'));
  ada.block();
  bo.leave();
  world.flush();
  assert.equal(meet(world, ada, world.joinAdult('back', from('moved'))), false);
  const [record] = world.journal.pending.flatMap((each) =>
    each.record.kind === 'block' ? [each.record] : [],
  );
  assert.equal(record?.ofNetwork, 'network-moved');
});

test('[GW-6a] a block after a call applies also to the receipt’s network', () => {
  const world = new World();
  const ada = world.joinAdult('ada', from('a'));
  const bo = world.joinAdult('bo', from('b'));
  search(world, ada, bo);
  const receipt = ada.call?.receipt;
  bo.endCall('next');
  bo.leave();
  world.flush();
  ada.block(receipt);
  world.flush();
  assert.equal(meet(world, ada, world.joinAdult('back', from('b'))), false);
});

test('[GW-6a] a block doesn’t affect users seen on its network an hour before', () => {
  const world = new World();
  const neighbour = world.joinAdult('neighbour', from('b'));
  world.clock.advance(HOUR_MS);
  world.tick();
  const ada = world.joinAdult('ada', from('a'));
  const bo = world.joinAdult('bo', from('b'));
  search(world, ada, bo);
  ada.block();
  world.flush();
  assert.ok(meet(world, ada, neighbour));
});

test('[MM-23a] a user whom another node saw an hour before is no newcomer', () => {
  for (const [agoMs, mayMeet] of [
    [NETWORK_NEW_MS, true],
    [NETWORK_NEW_MS - 1, false],
    [null, false],
  ] as const) {
    const ledger = new PairLedger();
    ledger.record({ ...block('ada', 'bo'), ofNetwork: 'a-network' }, at(0));
    const party = (name: string, origin: string | null) => {
      const deviceKey = brandId<DeviceKeyId>(`device-of-${name}`);
      return { subject: subject(name), deviceKey, origin, proven: false };
    };
    const person = { subject: subject('neighbour'), device: party('neighbour', null).deviceKey };
    ledger.see(person.subject, at(5));
    const firstSeenAtMs = agoMs === null ? null : at(0).wallMs - agoMs;
    ledger.load({ ...factsOf([], person), firstSeenAtMs }, at(5));
    const isApart = ledger.keptApart(party('ada', null), party('neighbour', 'a-network'));
    assert.equal(isApart, !mayMeet, `${agoMs}`);
  }
});

test('[GW-6a] a search uses the network of its session’s newest socket', () => {
  const { world, ada } = parted('block');
  const back = world.joinAdult('back', from('c'));
  back.searchFor('text');
  world.flush();
  world.connect(back, from('b'));
  ada.searchFor('text');
  world.pass(20_000);
  assert.equal(ada.call, null);
});

test('[GW-27a] refuses searches of a minor’s device under another cookie for a day', () => {
  const world = new World();
  const ada = world.join('ada');
  ada.declareAge('minor');
  world.settleJournal();
  const again = world.joinAdult('again', { device: ada.device });
  assert.equal(again.last('session.opened').age.refused, true);
  assert.equal(again.last('age.answered').refused, true);
  again.searchFor('text');
  world.flush();
  assert.equal(again.last('ticket.refused').reason, 'age-required');
  world.restart();
  const later = world.join('later', { device: ada.device });
  assert.equal(later.last('age.answered').refused, true, 'after a restart');
  assert.equal(world.join('other').all('age.answered').length, 0);
  later.leave();
  world.clock.advance(24 * HOUR_MS);
  world.tick();
  const nextDay = world.join('next-day', { device: ada.device });
  assert.equal(nextDay.last('session.opened').age.refused, false);
});

test('[GW-27a] a minor’s declaration ends the device’s searches and calls under other cookies', () => {
  const world = new World();
  const adult = world.joinAdult('adult');
  const ticket = adult.searchFor('text');
  world.flush();
  world.join('child', { device: adult.device }).declareAge('minor');
  world.flush();
  assert.equal(adult.last('ticket.withdrawn').ticket, ticket);
  const [ada, bo] = world.pair();
  world.join('another', { device: ada.device }).declareAge('minor');
  world.flush();
  assert.equal(ada.last('call.ended').reason, 'you');
  assert.equal(bo.last('call.ended').reason, 'left');
});

const WALL_MS = 1_800_000_000_000;
const at = (monotonicMs: number): Instant => ({ monotonicMs, wallMs: WALL_MS + monotonicMs });
const subject = (name: string): SubjectId => brandId<SubjectId>(`subject-${name}`);

function block(by: string, of: string, changes: Partial<BlockRecord> = {}): BlockRecord {
  return {
    ...{ kind: 'block', match: brandId<MatchId>('match-one'), side: 'a', mark: `${by} of ${of}` },
    ...{ by: subject(by), of: subject(of), atWallMs: WALL_MS, ...changes },
  };
}

/** Loads what a store with these records knows about each of the users, in this order. */
function loadAll(
  ledger: PairLedger,
  people: readonly string[],
  records: readonly ReplayedRecord[],
): void {
  for (const name of people) {
    const person = { subject: subject(name), device: brandId<DeviceKeyId>(`device-of-${name}`) };
    ledger.load(factsOf(records, person), at(0));
  }
}

test('[GW-6a] reads block records that name no device and no network', () => {
  const { mark, ...older } = block('ada', 'bo');
  const ledger = new PairLedger();
  loadAll(
    ledger,
    ['ada'],
    [
      { ...older, mark },
      { ...older, side: null, mark: null },
    ],
  );
  assert.ok(ledger.blockedEitherWay(subject('bo'), subject('ada')));
  assert.equal(ledger.sizes.blocks, 2);
});

test('[GW-6b] evicts a user’s oldest blocks first, whatever the order of the records', () => {
  const ledger = new PairLedger({ blocksMax: 2 });
  const device = brandId<DeviceKeyId>('device-of-bo');
  const report: ReplayedRecord = {
    ...{ kind: 'reported', id: 'report-one', code: 'CODE', reporterSide: 'a', ofDevice: device },
    ...{ match: brandId<MatchId>('match-one'), by: subject('cy'), of: subject('bo') },
    atWallMs: WALL_MS - 1_000,
  };
  loadAll(ledger, ['bo'], [block('ada', 'bo'), report]);
  ledger.record(block('dee', 'bo'), at(1));
  assert.deepEqual(
    ['ada', 'cy', 'dee'].map((by) => ledger.blockedEitherWay(subject(by), subject('bo'))),
    [true, false, true],
  );
});

test('[GW-6b] keeps a block although another user’s stored blocks exceed the limit', () => {
  const limits = { blocksMax: 50, blocksPerPersonMax: 30 };
  const flood = Array.from({ length: 200 }, (_, n) => ({
    ...block('flooder', `other-${n}`),
    atWallMs: WALL_MS - 10_000 + n,
  }));
  const newer = { ...block('ada', 'bo'), atWallMs: WALL_MS - 10_000 + 190 };
  const older = { ...block('cy', 'bo'), atWallMs: WALL_MS - 20_000 };
  for (const people of [
    ['bo', 'flooder'],
    ['flooder', 'bo'],
  ]) {
    const ledger = new PairLedger(limits);
    loadAll(ledger, people, [older, newer, ...flood]);
    const kept = (by: string, of: string) => ledger.blockedEitherWay(subject(by), subject(of));
    assert.deepEqual([kept('ada', 'bo'), kept('cy', 'bo')], [true, true]);
    for (let n = 0; n < 100; n++) ledger.record(block('flooder', `later-${n}`), at(n));
    assert.deepEqual([kept('ada', 'bo'), kept('cy', 'bo')], [true, true]);
    assert.deepEqual([kept('flooder', 'later-69'), kept('flooder', 'later-70')], [false, true]);
  }
});

test('[GW-6b] BLOCKS_PER_PERSON_MAX: evicts only that user’s oldest block', () => {
  const ledger = new PairLedger();
  ledger.record(block('bo', 'ada'), at(0));
  for (let place = 0; place <= BLOCKS_PER_PERSON_MAX; place++) {
    ledger.record(block('ada', `other-${place}`), at(1));
  }
  assert.equal(ledger.sizes.blocks, BLOCKS_PER_PERSON_MAX + 1);
  assert.deepEqual(
    ['other-0', 'other-1', 'bo'].map((of) => ledger.blockedEitherWay(subject('ada'), subject(of))),
    [false, true, true],
  );
});
