import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LONELY_AFTER_MS, LONELY_ONLINE_MAX, USUAL_WAITS_MIN } from '../src/limits.ts';
import { sdpFixture } from './signal-policy/fixtures.ts';
import { ScriptedMatchmaker } from './support/scripted-matchmaker.ts';
import { joined, joinedAdult, paired, World } from './support/world.ts';

const OFFER = sdpFixture('chromium-offer-audio-video-data').sdp;

test('[PR-30] requires an age declaration before a user’s first search', () => {
  const { world, ada } = joined();
  const ticket = ada.searchFor('text');
  world.flush();
  const { ticket: refused, reason } = ada.last('ticket.refused');
  assert.deepEqual({ refused, reason }, { refused: ticket, reason: 'age-required' });
  ada.declareAge('adult');
  world.flush();
  assert.deepEqual(
    { state: ada.last('age.answered').state, refused: ada.last('age.answered').refused },
    { state: 'declared', refused: false },
  );
  ada.searchFor('text');
  world.flush();
  assert.equal(ada.all('ticket.accepted').length, 1);
});

test('[PR-30] needs no age declaration if the configuration requires none', () => {
  const { world, ada } = joined({ rules: { ageStateRequired: 'unknown' } });
  ada.searchFor('text');
  world.flush();
  assert.equal(ada.all('ticket.accepted').length, 1);
});

test('[PR-31] answers a search with its normalized interests', () => {
  const { world, ada } = joinedAdult();
  const ticket = ada.searchFor('text', { interests: ['  Chess ', 'CHESS', 'Hiking'] });
  world.flush();
  const accepted = ada.last('ticket.accepted');
  assert.equal(accepted.ticket, ticket);
  assert.deepEqual(accepted.interests, ['chess', 'hiking']);
});

test('[PR-31a] the answer to a search doesn’t reveal whether others wait', () => {
  const matchmaker = new ScriptedMatchmaker();
  const world = new World({ matchmaker });
  const [ada, bo] = ['ada', 'bo'].map((name) => world.joinAdult(name));
  const accepted = [ada, bo].map((one) => {
    one?.searchFor('text');
    world.flush();
    const { ticket: _, seq: __, ...rest } = one?.last('ticket.accepted') ?? {};
    return rest;
  });
  assert.deepEqual(accepted[0], accepted[1]);
  assert.deepEqual(accepted[0], { type: 'ticket.accepted', interests: [] });
});

test('[PR-31] allows one search per session, and none during a call', () => {
  const { world, ada } = joinedAdult();
  const first = ada.searchFor('text');
  ada.searchFor('text');
  world.flush();
  assert.equal(ada.last('ticket.refused').reason, 'already-searching');
  ada.search = first;
  const bo = world.joinAdult('bo');
  bo.searchFor('text');
  world.settle();
  assert.ok(ada.call !== null && bo.call !== null);
  ada.searchFor('text');
  world.flush();
  assert.equal(ada.last('ticket.refused').reason, 'in-a-call');
});

test('[PR-31] refuses a search with invalid interests or languages, naming the reason', () => {
  const { world, ada } = joinedAdult();
  const refusals = [
    { wishes: { interests: ['  '] }, reason: 'bad-interest' },
    { wishes: { interests: ['x'.repeat(33)] }, reason: 'bad-interest' },
    { wishes: { languages: ['not a tag'] }, reason: 'bad-language' },
  ];
  for (const { wishes, reason } of refusals) {
    ada.searchFor('text', wishes);
    world.flush();
    assert.equal(ada.last('ticket.refused').reason, reason);
  }
  assert.equal(world.gateway.counts().waiting, 0);
});

test('[GW-27] notifies a page whose rules version is older than the node’s', () => {
  const { world, ada } = joined({ rules: { policyVersion: 2 } });
  assert.equal(ada.last('session.opened').policyVersion, 2);
  ada.declareAge('adult', 1);
  ada.searchFor('text', { policyVersion: 1 });
  world.flush();
  assert.equal(ada.last('age.answered').state, 'unknown');
  assert.equal(ada.last('ticket.refused').reason, 'policy-changed');
  ada.declareAge('adult', 2);
  ada.searchFor('text', { policyVersion: 2 });
  world.flush();
  assert.equal(ada.all('ticket.accepted').length, 1);
});

test('[PR-32] confirms a withdrawn search once and allows another search', () => {
  const { world, ada } = joinedAdult();
  const ticket = ada.searchFor('text');
  ada.withdraw(ticket);
  ada.withdraw(ticket);
  ada.searchFor('text');
  world.flush();
  assert.deepEqual(
    ada.all('ticket.withdrawn').map((message) => message.ticket),
    [ticket],
  );
  assert.equal(world.gateway.counts().waiting, 1);
});

test('[PR-32] ignores a withdrawal or widening that crosses with its match', () => {
  const { world, ada, bo } = paired();
  ada.say('ticket.withdraw', { ticket: ada.last('match.found').ticket });
  ada.say('ticket.widen', { ticket: ada.last('match.found').ticket });
  ada.sayLine('hello');
  world.flush();
  assert.equal(ada.all('ticket.withdrawn').length, 0);
  assert.equal(bo.call?.lines.length, 1);
});

test('[PR-32] widening drops only a search’s shared-interest requirement, not its waiting time', () => {
  const matchmaker = new ScriptedMatchmaker();
  const world = new World({ matchmaker });
  matchmaker.begin(world.now);
  const ada = world.joinAdult('ada');
  const ticket = ada.searchFor('text', { interests: ['chess'], onlyShared: true });
  const { id, onlyShared } = matchmaker.ticketOf(ada.subject);
  assert.equal(onlyShared, true);
  ada.say('ticket.widen', { ticket: 'another-search' });
  assert.equal(matchmaker.count('widen', id), 0);
  ada.say('ticket.widen', { ticket });
  assert.equal(matchmaker.count('widen', id), 1);
  world.pass(700);
  matchmaker.epoch = 2;
  matchmaker.begin(world.now);
  const again = matchmaker.submissionOf(ada.subject);
  assert.equal(again.ticket.onlyShared, false);
  assert.equal(again.waitedMs, 700);
});

test('[GW-20] two pages may choose the same search id without conflict', () => {
  const matchmaker = new ScriptedMatchmaker();
  const world = new World({ matchmaker });
  const [ada, bo] = [world.joinAdult('ada'), world.joinAdult('bo')];
  ada.searchFor('text', { ticket: 'search-one' });
  bo.searchFor('text', { ticket: 'search-one' });
  const [one, other] = [matchmaker.ticketOf(ada.subject), matchmaker.ticketOf(bo.subject)];
  assert.notEqual(one.id, other.id);
  bo.withdraw('search-one');
  assert.equal(matchmaker.count('withdraw', one.id), 0);
  assert.equal(matchmaker.count('withdraw', other.id), 1);
});

test('[GW-20] a ticket contains the server’s facts, not the page’s claims', () => {
  const matchmaker = new ScriptedMatchmaker();
  const { ada } = joinedAdult({ matchmaker });
  ada.searchFor('text', { languages: ['pt-BR', 'en'] });
  const ticket = matchmaker.ticketOf(ada.subject);
  assert.equal(ticket.session, ada.sessionId);
  assert.equal(ticket.ageState, 'declared');
  assert.equal(ticket.ageBand, 'adult');
  assert.equal(ticket.policyVersion, 1);
  assert.equal(ticket.sanctioned, false);
  assert.deepEqual(ticket.languages, ['pt-BR', 'en']);
  assert.equal(matchmaker.submissionOf(ada.subject).waitedMs, 0);
});

test('[GW-20] the pool refuses the ticket of a banned user', () => {
  const { world, ada } = joinedAdult();
  world.decideUnheard(ada.subject, 'nothing');
  ada.searchFor('text');
  world.settle();
  assert.equal(ada.last('ticket.refused').reason, 'pool-full');
  assert.equal(world.gateway.counts().waiting, 0);
});

test('[GW-18] puts the user’s current network on the ticket if configured', () => {
  const matchmaker = new ScriptedMatchmaker();
  const keptApart = (address: string) => `network-${address.split('.', 3).join('-')}`;
  const world = new World({ matchmaker, keptApart });
  matchmaker.begin(world.now);
  const ada = world.joinAdult('ada');
  ada.searchFor('text');
  const networkNow = () => matchmaker.ticketOf(ada.subject).network;
  const first = matchmaker.ticketOf(ada.subject);
  assert.equal(first.network, 'network-203-0-113');
  world.connect(ada, { clientAddress: '203.0.113.9' });
  assert.equal(matchmaker.ticketOf(ada.subject), first, 'of the same network');
  world.connect(ada, { clientAddress: '198.51.100.7' });
  assert.equal(networkNow(), 'network-198-51-100');
  assert.equal(matchmaker.count('withdraw', first.id), 1);
  world.lose(ada);
  world.connect(ada, { clientAddress: '192.0.2.1' });
  assert.equal(networkNow(), 'network-192-0-2');
});

test('[GW-25a] refuses a search if every transport policy rejects its SDP offer', () => {
  const { world, ada } = joinedAdult();
  ada.searchFor('video', { offer: 'v=0\r\n' });
  world.flush();
  assert.equal(ada.last('ticket.refused').reason, 'bad-offer');
});

test('[GW-25a] checks the interests and languages of a search before its SDP offer', () => {
  const { world, ada } = joinedAdult();
  const offer = 'v=0\r\n';
  ada.searchFor('video', { interests: ['a'.repeat(33)], offer });
  world.flush();
  assert.equal(ada.last('ticket.refused').reason, 'bad-interest');
  ada.searchFor('video', { languages: ['no language'], offer });
  world.flush();
  assert.equal(ada.last('ticket.refused').reason, 'bad-language');
});

test('[GW-25] discards the SDP offer of a search without media', () => {
  const matchmaker = new ScriptedMatchmaker();
  const world = new World({ matchmaker });
  const [ada, bo] = [world.joinAdult('ada'), world.joinAdult('bo')];
  ada.searchFor('text', { offer: OFFER });
  bo.searchFor('video', { offer: OFFER });
  assert.equal(matchmaker.ticketOf(ada.subject).hasOffer, false);
  assert.equal(matchmaker.ticketOf(bo.subject).hasOffer, true);
});

test('[GW-25] starts a search without its SDP offer above the buffer limit', () => {
  const matchmaker = new ScriptedMatchmaker();
  const world = new World({ matchmaker, config: { offerCharsBufferedMax: OFFER.length } });
  const [ada, bo] = [world.joinAdult('ada'), world.joinAdult('bo')];
  const ticket = ada.searchFor('video', { offer: OFFER });
  bo.searchFor('video', { offer: OFFER });
  assert.equal(matchmaker.ticketOf(ada.subject).hasOffer, true);
  assert.equal(matchmaker.ticketOf(bo.subject).hasOffer, false);
  ada.withdraw(ticket);
  bo.withdraw();
  bo.searchFor('video', { offer: OFFER });
  assert.equal(matchmaker.ticketOf(bo.subject).hasOffer, true, 'what was let go makes room');
});

test('[GW-60] tells a client above the search rate limit how long to wait', () => {
  const { world, ada } = joinedAdult();
  for (let i = 0; i < 10; i++) ada.withdraw(ada.searchFor('text'));
  world.flush();
  assert.equal(ada.all('ticket.accepted').length, 10);
  ada.searchFor('text');
  world.flush();
  const { reason, retryAfterMs } = ada.last('ticket.refused');
  assert.equal(reason, 'too-fast');
  assert.ok(retryAfterMs !== undefined && retryAfterMs > 0);
  world.pass(retryAfterMs);
  ada.searchFor('text');
  world.flush();
  assert.equal(ada.all('ticket.accepted').length, 11);
});

test('[GW-26] a search that the pool refuses ends with a documented reason', () => {
  for (const [reason, told] of [
    ['age-state-too-low', 'age-required'],
    ['policy-outdated', 'policy-changed'],
    ['pool-full', 'pool-full'],
    ['mode-unknown', 'pool-full'],
    ['age-band-unknown', 'pool-full'],
    ['sanctioned', 'pool-full'],
  ] as const) {
    const matchmaker = new ScriptedMatchmaker();
    const world = new World({ matchmaker });
    matchmaker.begin(world.now);
    const ada = world.joinAdult('ada');
    const ticket = ada.searchFor('text');
    matchmaker.refuse(matchmaker.ticketOf(ada.subject), reason, world.now);
    world.flush();
    assert.equal(ada.last('ticket.refused').reason, told);
    assert.equal(ada.last('ticket.refused').ticket, ticket);
    assert.equal(world.gateway.counts().waiting, 0);
  }
});

test('[GW-28] sends the usual waiting time once enough users have waited', () => {
  const world = new World();
  for (let n = 0; n < USUAL_WAITS_MIN; n += 1) {
    const ada = world.joinAdult(`ada-${n}`);
    const bo = world.joinAdult(`bo-${n}`);
    ada.searchFor('text');
    world.flush();
    assert.equal(ada.last('ticket.accepted').usualWaitMs, undefined);
    world.pass(20_000);
    bo.searchFor('text');
    world.flush();
    world.pass(5_000);
    assert.equal(ada.all('match.found').length, 1);
  }
  const cy = world.joinAdult('cy');
  cy.searchFor('text');
  world.flush();
  const { usualWaitMs } = cy.last('ticket.accepted');
  assert.ok(usualWaitMs !== undefined && usualWaitMs >= 20_000 && usualWaitMs < 26_000);
});

test('[GW-29] matches restricted users only with each other; new restrictions affect later searches', () => {
  const world = new World();
  const restricted = { tier: 'restricted', circle: 'restricted' } as const;
  const [ada, bo, cy] = [world.joinAdult('ada'), world.joinAdult('bo'), world.joinAdult('cy')];
  world.place(ada.subject, restricted);
  ada.searchFor('text');
  bo.searchFor('text');
  world.settle();
  world.pass(60_000);
  assert.equal(world.gateway.counts().waiting, 2);
  // Bo's new segment applies only from his next search.
  world.place(bo.subject, restricted);
  world.settle();
  assert.equal(world.gateway.counts().calls, 0);
  world.place(cy.subject, restricted);
  cy.searchFor('text');
  world.settle();
  assert.equal(cy.call?.match, ada.call?.match);
  assert.equal(world.gateway.counts().waiting, 1);
});

test('[GW-29a] finds lonely searches, but none of restricted or absent users', () => {
  const world = new World({ matchmaker: new ScriptedMatchmaker() });
  const lonely = () => {
    world.gateway.tick(world.now);
    return world.gateway.lonelySearches();
  };
  const ada = world.joinAdult('ada');
  const bo = world.joinAdult('bo');
  ada.searchFor('text');
  world.flush();
  world.clock.advance(LONELY_AFTER_MS - 1);
  assert.deepEqual(lonely().modes, []);
  world.clock.advance(1);
  assert.deepEqual(lonely(), { modes: ['text'], online: [ada.subject, bo.subject] });
  world.lose(ada);
  assert.deepEqual(lonely().modes, [], 'a user without a socket');
  world.place(bo.subject, { tier: 'restricted', circle: 'restricted' });
  bo.searchFor('video');
  world.flush();
  world.clock.advance(LONELY_AFTER_MS);
  assert.deepEqual(lonely().modes, []);
});

test('[GW-29a] names at most LONELY_ONLINE_MAX users as online, those who search first', () => {
  const world = new World({ matchmaker: new ScriptedMatchmaker() });
  for (let n = 0; n <= LONELY_ONLINE_MAX; n++) world.joinAdult(`user-${n}`);
  const last = world.joinAdult('last');
  last.searchFor('text');
  world.flush();
  world.clock.advance(LONELY_AFTER_MS);
  world.gateway.tick(world.now);
  const { online } = world.gateway.lonelySearches();
  assert.deepEqual([online.length, online[0]], [LONELY_ONLINE_MAX, last.subject]);
});
