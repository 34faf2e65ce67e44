import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  POLICY_VERSION_MAX,
  TICKET_INTERESTS_MAX,
  TICKET_LANGUAGES_MAX,
} from '@farandole/matchmaking/limits';
import { createTicket, type TicketInput } from '@farandole/matchmaking/ticket';
import fc from 'fast-check';
import { makeTicket, ticketInput } from './support/tickets.ts';

function refusal(changes: Partial<TicketInput>): string {
  const result = createTicket(ticketInput(1, changes));
  assert.ok(!result.ok, `taken: ${JSON.stringify(changes)}`);
  return result.reason;
}

test('[MM-1] creates a ticket with the given values', () => {
  const ticket = makeTicket(1, {
    interests: ['Film', 'Cooking'],
    onlyShared: true,
    languages: ['EN', 'pt-br'],
    hasOffer: true,
  });
  assert.deepEqual(ticket, {
    ...ticketInput(1),
    origin: null,
    proven: false,
    interests: ['film', 'cooking'],
    onlyShared: true,
    languages: ['en', 'pt-BR'],
    hasOffer: true,
  });
});

test('[MM-112] leaves the community out of a private meeting', () => {
  const meeting = { key: 'meeting-1', seat: 'a', by: 'invitation' } as const;
  assert.equal(makeTicket(1, { community: 'painters', meeting }).community, undefined);
  assert.equal(makeTicket(1, { community: 'painters' }).community, 'painters');
});

test('[MM-1] keeps a ticket equal after a round trip through JSON', () => {
  const ticket = makeTicket(1, { interests: ['film'], languages: ['en'] });
  assert.deepEqual(JSON.parse(JSON.stringify(ticket)), ticket);
});

test('[MM-1] returns the reason for each malformed field of a ticket', () => {
  for (const field of [
    'id',
    'node',
    'session',
    'subject',
    'deviceKey',
    'network',
    'origin',
  ] as const) {
    assert.equal(refusal({ [field]: 'not an id' }), 'id-malformed');
  }
  assert.equal(refusal({ mode: 'Video!' }), 'mode-malformed');
  assert.equal(refusal({ mode: 'm'.repeat(33) }), 'mode-malformed');
  assert.equal(makeTicket(1, { mode: 'm'.repeat(32) }).mode.length, 32);
  assert.equal(refusal({ community: 'Night painters' }), 'community-malformed');
  assert.equal(refusal({ community: 'cc' }), 'community-malformed');
  assert.equal(refusal({ community: 'c'.repeat(33) }), 'community-malformed');
  assert.equal(makeTicket(1, { community: 'c'.repeat(32) }).community?.length, 32);
  assert.equal(refusal({ ageBand: '' }), 'age-band-malformed');
  assert.equal(refusal({ ageState: 'guessed' }), 'age-state-unknown');
  for (const policyVersion of [-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.equal(refusal({ policyVersion }), 'policy-version-malformed');
  }
  assert.equal(makeTicket(1, { policyVersion: POLICY_VERSION_MAX }).policyVersion, 2 ** 31 - 1);
  assert.equal(refusal({ policyVersion: POLICY_VERSION_MAX + 1 }), 'policy-version-malformed');
  assert.equal(refusal({ interests: ['\u0000'] }), 'interest-has-control-characters');
  assert.equal(refusal({ languages: ['?'] }), 'language-malformed');
});

test('[MM-1] creates or refuses a ticket for any input without throwing', () => {
  const word = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('adult', 'video', 'en'));
  const input: fc.Arbitrary<TicketInput> = fc.record({
    id: word,
    node: word,
    session: word,
    subject: word,
    deviceKey: word,
    mode: word,
    ageBand: word,
    ageState: word,
    policyVersion: fc.double(),
    sanctioned: fc.boolean(),
    network: fc.option(word, { nil: null }),
    interests: fc.array(word),
    onlyShared: fc.boolean(),
    tier: word,
    circle: word,
    languages: fc.array(word),
  });
  const partlyRight = fc
    .tuple(fc.nat(), input, fc.subarray(Object.keys(ticketInput(0)) as (keyof TicketInput)[]))
    .map(([number, wild, fields]) => {
      const kept = Object.fromEntries(fields.map((field) => [field, ticketInput(number)[field]]));
      return { ...wild, ...kept };
    });
  let taken = 0;
  let turnedAway = 0;
  fc.assert(
    fc.property(partlyRight, (any) => {
      const result = createTicket(any);
      if (result.ok) taken++;
      else turnedAway++;
      assert.ok(result.ok || result.reason.length > 0);
    }),
    { numRuns: 3_000 },
  );
  assert.ok(taken > 0 && turnedAway > 0, `${taken} taken, ${turnedAway} turned away`);
});

test('[MM-3] accepts five interests, counted before duplicates are merged', () => {
  const five = ['a', 'b', 'c', 'd', 'e'];
  assert.equal(five.length, TICKET_INTERESTS_MAX);
  assert.deepEqual(makeTicket(1, { interests: five }).interests, five);
  assert.equal(refusal({ interests: [...five, 'f'] }), 'too-many-interests');
  assert.equal(refusal({ interests: [...five, 'a'] }), 'too-many-interests');
});

test("[MM-3] merges equal interests and keeps the user's order", () => {
  assert.deepEqual(makeTicket(1, { interests: ['Go', 'chess', 'GO', ' go '] }).interests, [
    'go',
    'chess',
  ]);
});

test('[MM-4] accepts five languages and merges equal ones', () => {
  const five = ['en', 'fr', 'de', 'es', 'it'];
  assert.equal(five.length, TICKET_LANGUAGES_MAX);
  assert.deepEqual(makeTicket(1, { languages: five }).languages, five);
  assert.equal(refusal({ languages: [...five, 'ja'] }), 'too-many-languages');
  assert.deepEqual(makeTicket(1, { languages: ['en-gb', 'EN-GB', 'iw', 'he'] }).languages, [
    'en-GB',
    'he',
  ]);
});

test('[MM-5] ignores the wish "only people who share one" without interests', () => {
  assert.equal(makeTicket(1, { onlyShared: true, interests: [] }).onlyShared, false);
  assert.equal(makeTicket(1, { onlyShared: true, interests: ['go'] }).onlyShared, true);
});

test('[MM-1] rejects a ticket whose matching segment is unknown or contradicts its tier', () => {
  const places = [
    ['nobody', 'normal'],
    ['new', 'nowhere'],
    ['restricted', 'normal'],
    ['restricted', 'good'],
    ['good', 'restricted'],
    ['new', 'restricted'],
  ] as const;
  for (const [tier, circle] of places) {
    const made = createTicket(ticketInput(1, { tier, circle }));
    assert.deepEqual(made, { ok: false, reason: 'circle-malformed' });
  }
});
