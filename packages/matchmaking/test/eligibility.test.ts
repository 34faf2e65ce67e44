import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allMayMeet, createPairCheck, mayMeet, mayWait } from '@farandole/matchmaking/eligibility';
import { REMATCH_COOLDOWN_MS } from '@farandole/matchmaking/limits';
import { createMatchRules, defaultModes, type MatchRules } from '@farandole/matchmaking/mode';
import { PairBook } from '@farandole/matchmaking/testing/pair-book';
import type { Ticket, TicketInput } from '@farandole/matchmaking/ticket';
import { makeTicket } from './support/tickets.ts';

const RULES = createMatchRules({ policyVersion: 2, ageBands: ['adult', 'club'] });
const STRANGERS = new PairBook();

function ticket(number: number, changes: Partial<TicketInput> = {}): Ticket {
  return makeTicket(number, { policyVersion: 2, ...changes });
}

function waitRefusal(changes: Partial<TicketInput>, rules: MatchRules = RULES): string | null {
  const result = mayWait(ticket(1, changes), rules);
  return result.ok ? null : result.reason;
}

function meetRefusal(a: Ticket, b: Ticket, facts = STRANGERS, rules = RULES): string | null {
  const oneWay = mayMeet(a, b, rules, facts);
  assert.deepEqual(mayMeet(b, a, rules, facts), oneWay, 'the order of the two matters');
  if (mayWait(a, rules).ok && mayWait(b, rules).ok) {
    assert.equal(createPairCheck(rules, facts)(a, b), oneWay.ok, 'the pool decides differently');
  }
  return oneWay.ok ? null : oneWay.reason;
}

test('[MM-10] refuses the ticket of a sanctioned user', () => {
  assert.equal(waitRefusal({ sanctioned: true }), 'sanctioned');
  assert.equal(waitRefusal({ sanctioned: false }), null);
});

test("[MM-11] refuses a ticket whose mode or age band isn't configured", () => {
  assert.equal(waitRefusal({ mode: 'stage' }), 'mode-unknown');
  assert.equal(waitRefusal({ ageBand: 'elsewhere' }), 'age-band-unknown');
  assert.equal(waitRefusal({ mode: 'text', ageBand: 'club' }), null);
  const asGiven = createMatchRules({ policyVersion: 2 });
  assert.equal(waitRefusal({ ageBand: 'club' }, asGiven), 'age-band-unknown');
});

test('[MM-12] refuses a ticket below the age state that its mode requires', () => {
  const [video, text] = defaultModes();
  assert.ok(video !== undefined && text !== undefined);
  const rules = createMatchRules({
    policyVersion: 2,
    modes: [{ ...video, ageStateRequired: 'estimated' }, text],
  });
  assert.equal(waitRefusal({ ageState: 'declared' }, rules), 'age-state-too-low');
  assert.equal(waitRefusal({ ageState: 'estimated' }, rules), null);
  assert.equal(waitRefusal({ ageState: 'declared', mode: 'text' }, rules), null);
  assert.equal(waitRefusal({ ageState: 'unknown', mode: 'text' }, rules), 'age-state-too-low');
});

test('[MM-13] rejects a ticket with an older policy version, accepts a later one', () => {
  assert.equal(waitRefusal({ policyVersion: 1 }), 'policy-outdated');
  assert.equal(waitRefusal({ policyVersion: 2 }), null);
  assert.equal(waitRefusal({ policyVersion: 3 }), null);
});

test('[MM-14] returns the first of several reasons to refuse a ticket', () => {
  assert.equal(waitRefusal({ sanctioned: true, mode: 'stage', policyVersion: 0 }), 'sanctioned');
  assert.equal(waitRefusal({ mode: 'stage', policyVersion: 0 }), 'mode-unknown');
});

test('[MM-20] forbids a match between different modes', () => {
  assert.equal(meetRefusal(ticket(1), ticket(2, { mode: 'text' })), 'mode-differs');
  assert.equal(meetRefusal(ticket(1), ticket(2)), null);
});

test('[MM-21] forbids a match between different age bands', () => {
  assert.equal(meetRefusal(ticket(1), ticket(2, { ageBand: 'club' })), 'age-band-differs');
  const club = { ageBand: 'club' };
  assert.equal(meetRefusal(ticket(1, club), ticket(2, club)), null);
});

test('[MM-22] never pairs a user with another tab or browser of theirs', () => {
  assert.equal(meetRefusal(ticket(1), ticket(2, { subject: 'subject-1' })), 'same-subject');
  assert.equal(meetRefusal(ticket(1), ticket(2, { deviceKey: 'device-1' })), 'same-device');
});

test('[MM-28] forbids a match within one network but ignores missing networks', () => {
  const [one, same, other] = [1, 2, 3].map((number) =>
    ticket(number, { network: number === 3 ? 'network-b' : 'network-a' }),
  );
  assert.ok(one !== undefined && same !== undefined && other !== undefined);
  assert.equal(meetRefusal(one, same), 'same-network');
  assert.equal(meetRefusal(one, other), null);
  assert.equal(meetRefusal(one, ticket(4)), null);
  assert.equal(meetRefusal(ticket(4), ticket(5)), null);
});

test('[MM-23] applies a block in both directions', () => {
  const facts = new PairBook();
  const [a, b, c] = [ticket(1), ticket(2), ticket(3)];
  facts.block(a.subject, b.subject);
  assert.equal(meetRefusal(a, b, facts), 'kept-apart');
  assert.equal(meetRefusal(a, c, facts), null);
  assert.equal(meetRefusal(b, c, facts), null);
});

test('[MM-24] allows a rematch once the cool-down ends, not earlier', () => {
  const facts = new PairBook(5_000);
  const [a, b] = [ticket(1), ticket(2)];
  facts.meet(a.subject, b.subject);
  assert.equal(meetRefusal(a, b, facts), 'met-recently');
  facts.advance(5_000 + REMATCH_COOLDOWN_MS - 1);
  assert.equal(meetRefusal(a, b, facts), 'met-recently');
  facts.advance(5_000 + REMATCH_COOLDOWN_MS);
  assert.equal(meetRefusal(a, b, facts), null);
});

test('[MM-24] takes the length of the cool-down from the match rules', () => {
  const rules = createMatchRules({ policyVersion: 2, rematchCooldownMs: 10 });
  const facts = new PairBook();
  const [a, b] = [ticket(1), ticket(2)];
  facts.meet(a.subject, b.subject);
  facts.advance(9);
  assert.equal(meetRefusal(a, b, facts, rules), 'met-recently');
  facts.advance(10);
  assert.equal(meetRefusal(a, b, facts, rules), null);
});

test('[MM-80] matches a private meeting only with the other seat of the same meeting', () => {
  const host = ticket(1, { meeting: { key: 'meeting-1', seat: 'a', by: 'invitation' } });
  const guest = ticket(2, { meeting: { key: 'meeting-1', seat: 'b', by: 'invitation' } });
  const facts = new PairBook();
  assert.equal(meetRefusal(host, guest), null);
  facts.meet(host.subject, guest.subject);
  assert.equal(meetRefusal(host, guest, facts), null, 'both asked to meet again');
  for (const other of [
    ticket(3),
    ticket(3, { meeting: { key: 'meeting-1', seat: 'b', by: 'invitation' } }),
    ticket(3, { meeting: { key: 'meeting-2', seat: 'a', by: 'invitation' } }),
  ]) {
    assert.equal(meetRefusal(guest, other), 'meeting-differs');
  }
});

test('[MM-110] forbids a match between communities and with the open pool', () => {
  const painter = ticket(1, { community: 'painters' });
  assert.equal(meetRefusal(painter, ticket(2, { community: 'polyglots' })), 'community-differs');
  assert.equal(meetRefusal(painter, ticket(2)), 'community-differs');
  assert.equal(meetRefusal(painter, ticket(2, { community: 'painters' })), null);
});

test('[MM-110] applies every other hard rule within a community', () => {
  const facts = new PairBook();
  const [one, other] = [1, 2].map((number) => ticket(number, { community: 'painters' }));
  assert.ok(one !== undefined && other !== undefined);
  assert.equal(meetRefusal(one, ticket(2, { ...other, mode: 'text' })), 'mode-differs');
  facts.block(one.subject, other.subject);
  assert.equal(meetRefusal(one, other, facts), 'kept-apart');
});

test('[MM-80] applies every other hard rule to a private meeting', () => {
  const guest = { meeting: { key: 'meeting-1', seat: 'b', by: 'invitation' } } as const;
  const host = ticket(1, {
    meeting: { key: 'meeting-1', seat: 'a', by: 'invitation' },
    network: 'network-a',
  });
  const facts = new PairBook();
  facts.block(host.subject, ticket(2).subject);
  assert.equal(meetRefusal(host, ticket(2, guest), facts), 'kept-apart');
  const changes: readonly Partial<TicketInput>[] = [
    { mode: 'text' },
    { ageBand: 'club' },
    { sanctioned: true },
    { ageState: 'unknown' },
    { tier: 'restricted', circle: 'restricted' },
    { subject: 'subject-1' },
    { deviceKey: 'device-1' },
    { network: 'network-a' },
  ];
  for (const change of changes) {
    assert.notEqual(meetRefusal(host, ticket(2, { ...guest, ...change })), null);
  }
});

test('[MM-81] a ticket of a private meeting has no wishes', () => {
  const wishful = { interests: ['go'], onlyShared: true, languages: ['en'] };
  const one = ticket(1, { ...wishful, meeting: { key: 'meeting-1', seat: 'a', by: 'invitation' } });
  assert.deepEqual([one.interests, one.languages, one.onlyShared], [[], [], false]);
});

test('[MM-25] forbids a match with a ticket that the pool would refuse', () => {
  for (const changes of [
    { sanctioned: true },
    { ageState: 'unknown' },
    { policyVersion: 1 },
    { mode: 'stage' },
    { ageBand: 'elsewhere' },
  ]) {
    const alone = waitRefusal(changes);
    assert.notEqual(alone, null);
    assert.equal(meetRefusal(ticket(1, changes), ticket(2, changes)), alone);
    assert.equal(meetRefusal(ticket(1, changes), ticket(2)), alone);
  }
});

test('[MM-27] pairs restricted users only with each other', () => {
  const restricted = { tier: 'restricted', circle: 'restricted' } as const;
  const places = [
    { tier: 'new', circle: 'good' },
    { tier: 'new', circle: 'normal' },
    { tier: 'normal', circle: 'normal' },
    { tier: 'good', circle: 'good' },
    { tier: 'good', circle: 'normal' },
  ] as const;
  for (const place of places) {
    for (const other of places) {
      assert.ok(mayMeet(ticket(1, place), ticket(2, other), RULES, STRANGERS).ok);
    }
    const met = mayMeet(ticket(1, place), ticket(2, restricted), RULES, STRANGERS);
    assert.deepEqual(met, { ok: false, reason: 'circle-differs' });
  }
  assert.ok(mayMeet(ticket(1, restricted), ticket(2, restricted), RULES, STRANGERS).ok);
});

test('[MM-29] checks the hard rules for every pair of three tickets', () => {
  const tickets = [ticket(1), ticket(2), ticket(3)] as const;
  assert.equal(allMayMeet(tickets, RULES, STRANGERS), true);
  for (const [one, other] of [
    [0, 1],
    [0, 2],
    [1, 2],
  ] as const) {
    const facts = new PairBook();
    facts.block(tickets[other].subject, tickets[one].subject);
    assert.equal(allMayMeet(tickets, RULES, facts), false, `a block of ${one} by ${other}`);
    const met = new PairBook();
    met.meet(tickets[one].subject, tickets[other].subject);
    assert.equal(allMayMeet(tickets, RULES, met), false, `${one} and ${other} met`);
  }
  const same = [ticket(1), ticket(2), ticket(3, { subject: 'subject-1' })];
  assert.equal(allMayMeet(same, RULES, STRANGERS), false);
  assert.equal(
    allMayMeet([ticket(1), ticket(2), ticket(3, { mode: 'text' })], RULES, STRANGERS),
    false,
  );
});
