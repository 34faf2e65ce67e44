import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId, type DeviceKeyId, type SubjectId } from '@farandole/kernel/id';
import { createPrng } from '@farandole/kernel/prng';
import { Apart } from '../src/apart/apart.ts';
import { areKeptApart, haveMet, indexFacts } from '../src/apart/ticket-facts.ts';
import {
  NETWORK_APART_MS,
  NETWORK_NEW_MS,
  REMATCH_COOLDOWN_MS,
  TICKET_APART_MAX,
  TICKET_MET_MAX,
  TICKET_NEAR_MAX,
} from '../src/limits.ts';
import type { Party } from '../src/ports.ts';

const hash = (name: string): string => `#${name}`;

function partyOf(cookie: string, device: string, origin: string | null, proven = false): Party {
  return {
    subject: brandId<SubjectId>(cookie),
    deviceKey: brandId<DeviceKeyId>(device),
    ...{ origin, proven },
  };
}

function personOf({ subject, deviceKey }: Party) {
  return { subject, device: deviceKey };
}

test('[MM-23d] carried facts agree with the records of one node, also later', () => {
  const prng = createPrng(25);
  const counts = { apart: 0, free: 0, met: 0 };
  for (let round = 0; round < 300; round++) {
    const apart = new Apart();
    let nowMs = 1_000;
    apart.advance(nowMs);
    const parties = Array.from({ length: 8 }, (_, at) => {
      // The users 6 and 7 are new cookies on the devices of the users 0 and 1.
      const network = prng.chance(0.8) ? `network-${prng.below(3)}` : null;
      return partyOf(`cookie-${at}`, `device-${at % 6}`, network, prng.chance(0.2));
    });
    const authors = parties.slice(2, 6);
    for (let step = 0; step < 6; step++) {
      nowMs += prng.below(NETWORK_NEW_MS);
      apart.advance(nowMs);
      const by = prng.pick(authors);
      const of = prng.pick(parties);
      if (prng.chance(0.5)) apart.see(prng.pick(parties).subject);
      if (by.subject === of.subject) continue;
      if (prng.chance(0.5)) apart.meet(personOf(by), personOf(of));
      const people = { by: personOf(by), of: personOf(of), network: of.origin };
      apart.separate({ ...people, mark: `mark-${step}`, isOwned: true });
    }
    for (const { subject } of parties) apart.see(subject);
    const carried = parties.map((party) => {
      return { party, facts: indexFacts(apart.factsOf(party, hash), nowMs) };
    });
    nowMs += prng.pick([0, 1, REMATCH_COOLDOWN_MS, NETWORK_NEW_MS, NETWORK_APART_MS]);
    apart.advance(nowMs);
    for (const [at, a] of carried.entries()) {
      for (const b of carried.slice(at + 1)) {
        const isApart = apart.keptApart(a.party, b.party);
        counts[isApart ? 'apart' : 'free'] += 1;
        assert.equal(areKeptApart(a.facts, b.facts, nowMs), isApart, `round ${round}`);
        assert.equal(areKeptApart(b.facts, a.facts, nowMs), isApart, `round ${round}`);
        const hasMet = apart.metWithin(a.party, b.party, REMATCH_COOLDOWN_MS);
        counts.met += hasMet ? 1 : 0;
        assert.equal(haveMet(a.facts, b.facts, REMATCH_COOLDOWN_MS, nowMs), hasMet);
      }
    }
  }
  assert.ok(Math.min(...Object.values(counts)) > 50, JSON.stringify(counts));
});

test('[MM-23d] TICKET_APART_MAX, TICKET_NEAR_MAX, TICKET_MET_MAX: brings the newest', () => {
  const apart = new Apart();
  const ada = partyOf('ada', 'device-of-ada', null);
  const others = TICKET_APART_MAX / 2;
  for (let at = 0; at <= others; at++) {
    apart.advance(at);
    const other = personOf(partyOf(`other-${at}`, `device-${at}`, null));
    apart.meet(personOf(ada), other);
    const network = at <= TICKET_NEAR_MAX ? `network-${at}` : null;
    apart.separate({ by: personOf(ada), of: other, network, mark: null, isOwned: true });
  }
  const facts = apart.factsOf(ada, hash);
  assert.equal(facts.apart.length, TICKET_APART_MAX);
  assert.ok(facts.apart.includes(`#other-${others}`) && !facts.apart.includes('#other-0'));
  assert.equal(facts.near.length, TICKET_NEAR_MAX);
  assert.ok(!facts.near.some(([network]) => network === '#network-0'));
  assert.equal(facts.met.length, TICKET_MET_MAX);
  assert.deepEqual(facts.met[0]?.[1], 0);
});
