import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId, type DeviceKeyId, type SubjectId } from '@farandole/kernel/id';
import { Apart } from '@farandole/matchmaking/apart/apart';
import { keepsApart, type Separation, Separations } from '@farandole/matchmaking/apart/separations';
import {
  NETWORK_APART_MS,
  NETWORK_NEW_MS,
  SEEN_MAX,
  SEPARATION_REPEATS_MAX,
} from '@farandole/matchmaking/limits';
import type { Party } from '@farandole/matchmaking/ports';
import fc from 'fast-check';

const HOUR_MS = 60 * 60 * 1_000;

interface Somebody {
  readonly subject?: string;
  readonly device?: string;
  readonly origin?: string | null;
  readonly proven?: boolean;
}

function party({ subject = 'bo', device = 'bo', origin = null, proven = false }: Somebody): Party {
  return {
    subject: brandId<SubjectId>(`subject-${subject}`),
    deviceKey: brandId<DeviceKeyId>(`device-${device}`),
    origin,
    proven,
  };
}

const ada = party({ subject: 'ada', device: 'ada' });
const bo = party({ origin: 'network-b' });

function separation(by: Party, of: Party, changes: Partial<Separation> = {}): Separation {
  return {
    by: { subject: by.subject, device: by.deviceKey },
    of: { subject: of.subject, device: of.deviceKey },
    network: of.origin,
    mark: null,
    isOwned: true,
    ...changes,
  };
}

function apartAt(nowMs: number): Apart {
  const apart = new Apart();
  apart.advance(nowMs);
  return apart;
}

function keepsBothWays(apart: Apart, a: Party, b: Party): boolean {
  assert.equal(apart.keptApart(a, b), apart.keptApart(b, a), 'the order of the two matters');
  return apart.keptApart(a, b);
}

test("[MM-23] never matches a block's author with the blocked cookie or device key", () => {
  const apart = apartAt(0);
  apart.separate(separation(ada, bo, { network: null }));
  for (const [one, other, expected] of [
    [ada, bo, true],
    [ada, party({ subject: 'new' }), true],
    [ada, party({ device: 'new' }), true],
    [party({ subject: 'new', device: 'ada' }), party({ subject: 'newer' }), true],
    [party({ subject: 'ada', device: 'new' }), party({ subject: 'newer' }), true],
    [ada, party({ subject: 'new', device: 'new' }), false],
    [party({ subject: 'cy', device: 'cy' }), bo, false],
  ] as const) {
    assert.equal(keepsBothWays(apart, one, other), expected);
  }
  apart.advance(1_000 * NETWORK_APART_MS);
  assert.ok(keepsBothWays(apart, ada, party({ subject: 'new' })), 'for good');
});

test('[MM-23] applies a block without device keys to the blocked cookie', () => {
  const apart = apartAt(0);
  const { by, of } = separation(ada, bo);
  const of010 = { by: { ...by, device: null }, of: { ...of, device: null }, network: null };
  apart.separate({ ...of010, mark: 'a-mark', isOwned: true });
  assert.ok(keepsBothWays(apart, ada, bo));
  assert.equal(keepsBothWays(apart, ada, party({ subject: 'new' })), false);
});

test("[MM-23a] keeps newcomers of the peer's network from block authors for a day", () => {
  const apart = apartAt(10 * HOUR_MS);
  apart.separate(separation(ada, bo));
  const back = party({ subject: 'new', device: 'new', origin: 'network-b' });
  apart.see(back.subject);
  assert.ok(keepsBothWays(apart, ada, back));
  assert.equal(keepsBothWays(apart, ada, { ...back, proven: true }), false);
  assert.equal(keepsBothWays(apart, ada, { ...back, origin: 'network-c' }), false);
  assert.equal(keepsBothWays(apart, ada, { ...back, origin: null }), false);
  assert.equal(keepsBothWays(apart, party({ subject: 'cy', device: 'cy' }), back), false);
  assert.ok(keepsBothWays(apart, party({ subject: 'cy', device: 'ada' }), back));
  apart.advance(10 * HOUR_MS + NETWORK_APART_MS - 1);
  assert.ok(keepsBothWays(apart, ada, back));
  apart.advance(10 * HOUR_MS + NETWORK_APART_MS);
  assert.equal(keepsBothWays(apart, ada, back), false);
});

test("[MM-23a] matches a block's author with network neighbours first seen an hour earlier", () => {
  const apart = apartAt(0);
  const names = ['early', 'late'].map((name) =>
    party({ subject: name, device: name, origin: 'network-b' }),
  );
  const [early = bo, late = bo] = names;
  apart.see(early.subject);
  apart.advance(1);
  apart.see(late.subject);
  apart.advance(NETWORK_NEW_MS);
  apart.separate(separation(ada, bo));
  assert.equal(keepsBothWays(apart, ada, early), false);
  assert.ok(keepsBothWays(apart, ada, late));
  apart.see(late.subject);
  assert.ok(keepsBothWays(apart, ada, late), 'a second visit makes nobody older');
});

test("[MM-23a] lets a revoked block's author meet newcomers of the peer's network", () => {
  const apart = apartAt(0);
  apart.separate(separation(ada, bo, { mark: 'a-mark' }));
  const back = party({ subject: 'new', device: 'new', origin: 'network-b' });
  assert.ok(keepsBothWays(apart, ada, back));
  apart.reunite(bo.subject, ada.subject, 'a-mark');
  assert.equal(keepsBothWays(apart, ada, back), false);
  assert.equal(keepsBothWays(apart, ada, bo), false);
});

test('[MM-23c] applies each report of a pair to the device keys that it names', () => {
  const apart = apartAt(0);
  const moved = party({ device: 'second' });
  for (const each of [bo, moved, bo]) apart.separate(separation(ada, each));
  assert.equal(apart.sizes.separations, 1);
  for (const device of ['bo', 'second']) {
    assert.ok(keepsBothWays(apart, ada, party({ subject: 'new', device })), device);
  }
});

test("[MM-23c] a later report keeps the network's newcomers from the author another day", () => {
  const apart = apartAt(0);
  apart.separate(separation(ada, bo));
  apart.advance(HOUR_MS);
  apart.separate(separation(ada, bo));
  apart.separate(separation(ada, { ...bo, origin: 'network-c' }));
  apart.advance(NETWORK_APART_MS + HOUR_MS - 1);
  const neighbours = ['network-b', 'network-c'].map((origin) =>
    party({ subject: 'new', device: 'new', origin }),
  );
  for (const each of neighbours) assert.ok(keepsBothWays(apart, ada, each));
  apart.advance(NETWORK_APART_MS + HOUR_MS);
  for (const each of neighbours) assert.equal(keepsBothWays(apart, ada, each), false);
});

test("[MM-23c] repeating a block doesn't extend the day without newcomers of the network", () => {
  const apart = apartAt(0);
  const made = separation(ada, bo, { mark: 'a-mark' });
  apart.separate(made);
  apart.advance(HOUR_MS);
  apart.separate(made);
  apart.advance(NETWORK_APART_MS);
  const neighbour = party({ subject: 'new', device: 'new', origin: 'network-b' });
  assert.equal(keepsBothWays(apart, ada, neighbour), false);
});

test("[MM-23c] the day without newcomers starts at the later of a report's dates", () => {
  const apart = apartAt(2 * NETWORK_APART_MS);
  apart.separate(separation(ada, bo), NETWORK_APART_MS);
  apart.separate(separation(ada, bo), HOUR_MS);
  assert.ok(
    keepsBothWays(apart, ada, party({ subject: 'new', device: 'new', origin: 'network-b' })),
  );
});

test("[MM-23c] SEPARATION_REPEATS_MAX: evicts a pair's oldest later report, never the first", () => {
  const apart = apartAt(0);
  const devices = Array.from({ length: SEPARATION_REPEATS_MAX + 1 }, (_, at) => `device-${at}`);
  const kept = (): readonly boolean[] =>
    devices.map((device) => keepsBothWays(apart, ada, party({ subject: 'new', device })));
  for (const device of devices) apart.separate(separation(ada, party({ device })));
  assert.ok(kept().every((isKept) => isKept));
  apart.separate(separation(ada, party({ device: 'one-more' })));
  assert.deepEqual(kept(), [true, false, ...devices.slice(2).map(() => true)]);
  assert.equal(apart.sizes.separations, 1);
});

test('[MM-23a] answers alike, whatever the order in which separations are added', () => {
  const made = fc.record({
    network: fc.constantFrom('network-b', 'network-c'),
    mark: fc.constantFrom('one', 'two', 'three', 'four'),
    agoMs: fc.nat(30).map((hours) => hours * HOUR_MS),
  });
  const seen = [0, 5, 23, 48].map((hours) => hours * HOUR_MS);
  const parties = ['network-b', 'network-c'].flatMap((origin) =>
    seen.map((forMs) => ({ forMs, party: party({ subject: `${forMs}`, device: 'new', origin }) })),
  );
  const answersOf = (list: readonly { network: string; mark: string; agoMs: number }[]) => {
    const apart = apartAt(60 * HOUR_MS);
    for (const { party: each, forMs } of parties) apart.see(each.subject, forMs);
    for (const { network, mark, agoMs } of list) {
      apart.separate(separation(ada, bo, { network, mark }), agoMs);
    }
    return Array.from({ length: 30 }, (_, hour) => {
      apart.advance((60 + hour) * HOUR_MS);
      return parties.map(({ party: each }) => keepsBothWays(apart, ada, each));
    });
  };
  const unique = fc.uniqueArray(made, { maxLength: 4, selector: ({ mark }) => mark });
  fc.assert(
    fc.property(unique, (list) => {
      assert.deepEqual(answersOf(list), answersOf(list.toReversed()));
    }),
    { seed: 24, numRuns: 300 },
  );
});

test('[MM-23c] a separation added again with another age keeps its day', () => {
  const apart = apartAt(0);
  const made = separation(ada, bo, { match: 'a-match' });
  for (let hour = 0; hour < 4; hour++) {
    apart.advance(hour * HOUR_MS);
    apart.separate(made);
  }
  const neighbour = party({ subject: 'new', device: 'new', origin: 'network-b' });
  apart.advance(NETWORK_APART_MS - 1);
  assert.ok(keepsBothWays(apart, ada, neighbour));
  apart.advance(NETWORK_APART_MS);
  assert.equal(keepsBothWays(apart, ada, neighbour), false);
  apart.separate(made);
  assert.equal(keepsBothWays(apart, ada, neighbour), false, 'not even after its day');
});

test('[MM-24] continues a cool-down for a device with a new cookie', () => {
  const apart = apartAt(0);
  const people = [ada, bo].map(({ subject, deviceKey }) => ({ subject, device: deviceKey }));
  const [one, other] = people;
  assert.ok(one !== undefined && other !== undefined);
  apart.meet(one, other);
  apart.advance(999);
  const back = party({ subject: 'new' });
  assert.ok(apart.metWithin(ada, back, 1_000));
  assert.ok(apart.metWithin(back, ada, 1_000));
  assert.equal(apart.metWithin(ada, party({ subject: 'new', device: 'new' }), 1_000), false);
  apart.advance(1_000);
  assert.equal(apart.metWithin(ada, back, 1_000), false);
});

test("[MM-24] remembers each peer's device after two meetings in the same millisecond", () => {
  const apart = apartAt(0);
  const elsewhere = party({ device: 'second' });
  for (const each of [bo, elsewhere]) {
    apart.meet(
      { subject: ada.subject, device: ada.deviceKey },
      { subject: each.subject, device: each.deviceKey },
    );
  }
  const again = party({ subject: 'new', device: 'second' });
  assert.ok(apart.metWithin(ada, again, HOUR_MS));
});

test("[MM-23b] above a user's limit, evicts the oldest block that the user made", () => {
  const apart = new Apart({ separationsPerPersonMax: 2, separationsMax: 4 });
  apart.advance(0);
  const others = ['one', 'two', 'three'].map((name) => party({ subject: name, device: name }));
  apart.separate(separation(bo, ada));
  for (const other of others) apart.separate(separation(ada, other));
  const kept = (): readonly boolean[] => others.map((other) => keepsBothWays(apart, ada, other));
  assert.deepEqual(kept(), [false, true, true]);
  assert.ok(keepsBothWays(apart, ada, bo), "another person's is older and stays");
  // Above the limit for all people, the oldest separation is evicted, whoever its author is.
  const [one = bo, two = bo] = others;
  apart.separate(separation(one, two));
  apart.separate(separation(two, bo));
  assert.deepEqual(kept(), [false, true, true]);
  assert.equal(keepsBothWays(apart, ada, bo), false);
  assert.equal(apart.sizes.separations, 4);
});

test("[MM-23b] many blocks by one user never evict another user's newer block", () => {
  const PER_PERSON_MAX = 3;
  const MAX = 8;
  const block = fc.record({ by: fc.nat(3), of: fc.nat(40), waitMs: fc.nat(5) });
  fc.assert(
    fc.property(fc.array(block, { maxLength: 60 }), (blocks) => {
      const apart = new Apart({ separationsPerPersonMax: PER_PERSON_MAX, separationsMax: MAX });
      let kept: readonly { readonly by: number; readonly of: number; readonly atMs: number }[] = [];
      let nowMs = 0;
      const author = (n: number) => party({ subject: `by-${n}`, device: `by-${n}` });
      const blocked = (n: number) => party({ subject: `of-${n}`, device: `of-${n}` });
      for (const { by, of, waitMs } of blocks) {
        nowMs += waitMs;
        apart.advance(nowMs);
        apart.separate(separation(author(by), blocked(of)));
        if (kept.some((one) => one.by === by && one.of === of)) continue;
        const before = [...kept, { by, of, atMs: nowMs }];
        const isKept = (one: (typeof kept)[number]) =>
          apart.keptApart(author(one.by), blocked(one.of));
        kept = before.filter(isKept);
        for (const gone of before) {
          if (kept.includes(gone)) continue;
          const left = kept.filter((one) => gone.by !== by || one.by === by);
          assert.ok(
            left.every(({ atMs }) => atMs >= gone.atMs),
            'an older block of another user, or of this user, stayed',
          );
        }
        assert.equal(kept.length, apart.sizes.separations);
        assert.ok(kept.length <= MAX);
        assert.ok(kept.filter((one) => one.by === by).length <= PER_PERSON_MAX);
        assert.ok(before.length - kept.length <= 1, 'one new block evicts one at most');
      }
    }),
    { seed: 23, numRuns: 500 },
  );
});

test('[MM-23b] counts a block without an author toward no user’s limit', () => {
  const apart = new Apart({ separationsPerPersonMax: 1 });
  apart.advance(0);
  apart.separate(separation(ada, bo, { isOwned: false }));
  apart.separate(separation(ada, party({ subject: 'cy', device: 'cy' })));
  assert.ok(keepsBothWays(apart, ada, bo));
});

test('SEEN_MAX: treats the user not seen for longest as new', () => {
  const apart = apartAt(0);
  const nameOf = (at: number): SubjectId => brandId<SubjectId>(`subject-${at}`);
  for (let at = 0; at < SEEN_MAX; at++) apart.see(nameOf(at));
  apart.advance(2 * NETWORK_NEW_MS);
  apart.separate(separation(ada, bo));
  const isNew = (at: number): boolean =>
    apart.keptApart(ada, { ...bo, subject: nameOf(at), deviceKey: brandId('device-other') });
  assert.equal(isNew(0), false);
  apart.see(nameOf(0));
  apart.see(nameOf(SEEN_MAX));
  assert.deepEqual([isNew(0), isNew(1), isNew(2)], [false, true, false]);
  assert.equal(apart.sizes.seen, SEEN_MAX);
});

const NAMES = ['ada', 'bo', 'cy', 'dee'] as const;
const NETWORKS = [null, 'network-a', 'network-b'] as const;
interface Made extends Separation {
  readonly atMs: number;
}

/** Adds a separation to those of its key, unless it is the same block or says nothing new. */
function addTo(all: Map<string, readonly Made[]>, key: string, made: Made): void {
  const before = all.get(key) ?? [];
  const isKnown = before.some(
    ({ by, of, network, atMs }) =>
      by.device === made.by.device &&
      of.device === made.of.device &&
      (made.network === null ||
        (network === made.network &&
          made.atMs - atMs < NETWORK_APART_MS &&
          (made.mark !== null || atMs === made.atMs))),
  );
  if (isKnown) return;
  const repeats = [...before, made].slice(1).slice(-SEPARATION_REPEATS_MAX);
  all.set(key, [before[0] ?? made, ...repeats]);
}

const step = fc.record({
  kind: fc.constantFrom('separate', 'separate', 'reunite', 'see'),
  waitMs: fc.constantFrom(0, 1, HOUR_MS / 2, HOUR_MS, 13 * HOUR_MS),
  by: fc.constantFrom(...NAMES),
  of: fc.constantFrom(...NAMES),
  device: fc.constantFrom(...NAMES, null),
  network: fc.constantFrom(...NETWORKS),
  mark: fc.constantFrom(null, 'mark-one', 'mark-two'),
});

test('[MM-23, MM-23a] `Apart` agrees with `keepsApart` after events in any order', () => {
  const parties = NAMES.flatMap((subject) =>
    NETWORKS.map((origin, at) =>
      party({
        subject,
        device: NAMES[at] ?? subject,
        origin,
        proven: at === 1 && subject === 'cy',
      }),
    ),
  );
  let kept = 0;
  fc.assert(
    fc.property(fc.array(step, { maxLength: 25 }), (steps) => {
      const apart = apartAt(0);
      const all = new Map<string, readonly Made[]>();
      const firstSeenMs = new Map<SubjectId, number>();
      let nowMs = 0;
      for (const { kind, waitMs, by, of, device, network, mark } of steps) {
        nowMs += waitMs;
        apart.advance(nowMs);
        const [one, other] = [party({ subject: by }).subject, party({ subject: of }).subject];
        const pair = mark === null ? [one, other] : [one, other].toSorted();
        const key = [...pair, mark].join(' ');
        if (kind === 'see') {
          apart.see(one);
          if (!firstSeenMs.has(one)) firstSeenMs.set(one, nowMs);
        } else if (kind === 'reunite' && mark !== null) {
          apart.reunite(one, other, mark);
          all.delete(key);
        } else if (kind === 'separate' && by !== of) {
          const deviceKey = device === null ? null : party({ device }).deviceKey;
          const made: Separation = {
            by: { subject: one, device: deviceKey },
            of: { subject: other, device: party({ device: of }).deviceKey },
            ...{ network, mark, isOwned: true },
          };
          apart.separate(made);
          addTo(all, key, { ...made, atMs: nowMs });
        }
        const facts = {
          firstSeenMs: (subject: SubjectId) => firstSeenMs.get(subject) ?? Number.POSITIVE_INFINITY,
          nowMs,
        };
        for (const a of parties) {
          for (const b of parties) {
            const made = [...all.values()].flat();
            const expected = made.some((each) => keepsApart(each, a, b, facts));
            assert.equal(apart.keptApart(a, b), expected);
            if (expected) kept += 1;
          }
        }
        assert.equal(apart.sizes.separations, all.size);
      }
    }),
    { numRuns: 150 },
  );
  assert.ok(kept > 1_000, `${kept} pairs were kept apart`);
});

test('[MM-65] frees the names of users and networks after removing their last block', () => {
  const separations = new Separations({ max: 50, perPersonMax: 10 });
  for (let at = 0; at < 500; at++) {
    const [one, other] = [party({ subject: `a${at % 7}` }), party({ subject: `b${at}` })];
    const mark = at % 2 === 0 ? `mark-${at}` : null;
    const made = separation(one, { ...other, origin: `network-${at % 3}` }, { mark });
    separations.add(made, at, at);
    if (at % 4 === 0) separations.remove(one.subject, other.subject, `mark-${at}`);
  }
  assert.equal(separations.size, 50);
  separations.advance(500 + NETWORK_APART_MS);
  // Each separation has at most two names of each person, and its network has expired.
  assert.ok(separations.names > 0 && separations.names <= 4 * 50, `${separations.names} names`);
  const one = new Separations({ max: 1, perPersonMax: 1 });
  one.add(separation(ada, bo, { mark: 'a-mark' }), 0, 0);
  assert.equal(one.names, 5);
  one.advance(NETWORK_APART_MS);
  assert.equal(one.names, 4);
  one.remove(ada.subject, bo.subject, 'a-mark');
  assert.deepEqual([one.size, one.names], [0, 0]);
  for (const device of ['bo', 'second', 'second']) {
    one.add(separation(ada, party({ device, origin: 'network-b' }), { mark: 'a-mark' }), 0, 0);
  }
  assert.equal(one.names, 6);
  one.remove(ada.subject, bo.subject, 'a-mark');
  assert.deepEqual([one.size, one.names], [0, 0]);
});
