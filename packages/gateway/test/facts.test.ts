import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId, type SubjectId } from '@farandole/kernel/id';
import { DEFERRED_PER_SESSION_MAX, FACTS_AWAITED_MS } from '../src/limits.ts';
import type { TestClient } from './support/test-client.ts';
import { paired, World } from './support/world.ts';

const BO = brandId<SubjectId>('subject-bo');

/** A node whose store doesn't answer. Users who connect from now on aren't read. */
function away(): World {
  const world = new World();
  world.people.isAway = true;
  return world;
}

function searching(world: World, name: string): TestClient {
  const client = world.joinAdult(name);
  client.searchFor('text');
  world.settle();
  return client;
}

const waiting = (world: World): number => world.gateway.counts().waiting;

test('[GW-80] starts a search once the user’s facts are read', () => {
  const world = away();
  const [ada, bo] = [searching(world, 'ada'), searching(world, 'bo')];
  assert.deepEqual([waiting(world), world.gateway.sizes().deferred], [0, 2]);
  assert.equal(ada.all('ticket.accepted').length, 0);
  world.pass(FACTS_AWAITED_MS - 1_000);
  assert.equal(ada.all('match.found').length, 0);
  world.readPeople();
  world.settle();
  assert.equal(ada.call?.match, bo.last('match.found').match);
  assert.deepEqual([world.gateway.sizes().deferred, world.gateway.sizes().deferredChars], [0, 0]);
});

test('[GW-80] counts the time that a search waited for facts as waiting time', () => {
  const world = away();
  const ada = searching(world, 'ada');
  const startedAtMs = world.clock.monotonicMs();
  world.pass(5_000);
  world.readPeople();
  searching(world, 'bo');
  world.readPeople();
  world.settle();
  assert.ok(ada.call !== null);
  const found = world.events.find((event) => event.event === 'match-found');
  assert.ok(found?.event === 'match-found');
  assert.ok(found.waitedMs >= world.clock.monotonicMs() - startedAtMs - 200);
});

test('[GW-80] FACTS_AWAITED_MS: refuses a search as server-busy after 10 s without facts', () => {
  const world = away();
  const ada = world.joinAdult('ada');
  const ticket = ada.searchFor('text');
  world.flush();
  world.pass(FACTS_AWAITED_MS - 100);
  assert.equal(ada.all('ticket.refused').length, 0);
  world.pass(100);
  const { ticket: refused, reason } = ada.last('ticket.refused');
  assert.deepEqual({ refused, reason }, { refused: ticket, reason: 'server-busy' });
  assert.equal(world.gateway.sizes().deferred, 0);
  // The next search waits again, and is served when the store is back.
  ada.searchFor('text');
  world.flush();
  world.readPeople();
  assert.equal(waiting(world), 1);
});

test('[GW-80] never matches a user without facts with one whose facts are known', () => {
  const world = new World();
  const ada = searching(world, 'ada');
  world.people.isAway = true;
  const bo = searching(world, 'bo');
  world.pass(2 * FACTS_AWAITED_MS);
  assert.deepEqual([ada.call, bo.call], [null, null]);
  assert.equal(bo.last('ticket.refused').reason, 'server-busy');
  assert.equal(ada.search, ada.last('ticket.accepted').ticket);
});

test('[GW-81] users whose facts were read match and talk while the store is away', () => {
  const { world, ada, bo } = paired();
  const cy = searching(world, 'cy');
  world.people.isAway = true;
  ada.sayLine('still here');
  world.flush();
  assert.equal(bo.texts.at(-1), 'still here');
  ada.endCall('next');
  ada.searchFor('text');
  world.settle();
  assert.equal(ada.call?.match, cy.last('match.found').match);
  // A user who comes back is known without another read.
  bo.leave();
  world.flush();
  const back = searching(world, 'bo');
  assert.equal(back.all('ticket.accepted').length, 1);
});

test('[GW-80a] handles a user’s waiting messages in their order', () => {
  const world = away();
  const ada = world.joinAdult('ada');
  const first = ada.searchFor('text');
  ada.withdraw(first);
  const second = ada.searchFor('text', { interests: ['chess'], onlyShared: true });
  ada.say('ticket.widen', { ticket: second });
  world.flush();
  assert.equal(ada.all('ticket.withdrawn').length, 0);
  world.readPeople();
  assert.deepEqual(
    [ada.last('ticket.withdrawn').ticket, ada.last('ticket.accepted').ticket],
    [first, second],
  );
  assert.equal(waiting(world), 1);
});

test('[GW-80a] DEFERRED_PER_SESSION_MAX: refuses further messages of a session at once', () => {
  const world = away();
  const ada = world.joinAdult('ada');
  ada.searchFor('text');
  for (let more = 1; more <= DEFERRED_PER_SESSION_MAX; more++) ada.withdraw('ticket-of-another');
  world.flush();
  assert.equal(world.gateway.sizes().deferred, DEFERRED_PER_SESSION_MAX);
  ada.searchFor('text');
  world.flush();
  assert.equal(world.gateway.sizes().deferred, DEFERRED_PER_SESSION_MAX);
  assert.equal(ada.last('ticket.refused').reason, 'server-busy');
});

test('[GW-80a] frees a user’s waiting messages when the session ends', () => {
  const world = away();
  const ada = searching(world, 'ada');
  assert.ok(world.gateway.sizes().deferredChars > 0);
  ada.leave();
  world.flush();
  const { deferred, deferredChars } = world.gateway.sizes();
  assert.deepEqual([deferred, deferredChars], [0, 0]);
  assert.deepEqual(world.people.asked, []);
});

test('[GW-80] a search whose user lost the socket meanwhile continues at the resume', () => {
  const world = away();
  const ada = searching(world, 'ada');
  world.lose(ada);
  world.readPeople();
  const bo = searching(world, 'bo');
  world.readPeople();
  world.settle();
  assert.equal(bo.all('match.found').length, 0, 'an absent user is not matched');
  world.connect(ada);
  world.settle();
  assert.equal(ada.last('match.found').match, bo.last('match.found').match);
});

test('[GW-80] refuses a waiting search when the node drains', () => {
  const world = away();
  const ada = searching(world, 'ada');
  world.gateway.drain(world.now);
  world.flush();
  world.readPeople();
  assert.equal(ada.last('ticket.refused').reason, 'server-moving');
});

/** Ada and Bo after a call and a restart of the node, which hasn't read who they are. */
function restarted(act: (ada: TestClient, bo: TestClient) => void) {
  const { world, ada, bo } = paired();
  const call = ada.call;
  assert.ok(call !== null);
  act(ada, bo);
  world.settleJournal();
  world.restartUnread();
  return { world, ada, bo, call };
}

test('[GW-82] restores a call only once the facts of both users are read', () => {
  const { world, ada, bo } = restarted(() => {});
  world.connect(ada);
  world.connect(bo);
  assert.equal(ada.all('call.restored').length, 0);
  world.readPeople();
  assert.deepEqual([ada.call?.epoch, bo.call?.epoch], [2, 2]);
});

test('[GW-82] nobody waits for a user whose facts can’t be read', () => {
  const { world, ada, bo } = restarted(() => {});
  world.connect(bo);
  world.readPeople();
  assert.equal(bo.all('call.restoring').length, 1);
  world.connect(ada);
  world.pass(FACTS_AWAITED_MS);
  assert.equal(ada.last('restore.refused').reason, 'too-late');
  assert.equal(bo.last('call.ended').reason, 'left');
});

test('[GW-82] restores no call that a block in the store ended', () => {
  const { world, ada, bo, call } = restarted((one) => one.block());
  ada.call = call;
  bo.call = { ...bo.last('match.found'), lines: [] };
  world.connect(ada);
  world.connect(bo);
  world.readPeople();
  assert.deepEqual(
    [ada, bo].map((client) => client.last('restore.refused').reason),
    ['too-late', 'too-late'],
  );
});

test('[GW-82] keeps apart whom the store separates', () => {
  const { world } = restarted((ada) => ada.block());
  const [ada, bo] = [searching(world, 'ada'), searching(world, 'bo')];
  world.readPeople();
  world.pass(20_000);
  assert.deepEqual([waiting(world), ada.call, bo.call], [2, null, null]);
});

test('[GW-82] a repeated block returns the stored one and is not written again', () => {
  const { world, ada, call } = restarted((one) => one.block());
  const before = ada.last('block.accepted').proof;
  world.connect(ada);
  ada.block(call.receipt);
  world.flush();
  assert.equal(world.journal.pending.length, 0, 'not before the facts are read');
  world.readPeople();
  const { proof } = ada.last('block.accepted');
  assert.ok(proof !== undefined && before !== undefined);
  assert.equal(world.journal.pending.length, 0);
  ada.unblock(proof);
  world.settleJournal();
  assert.equal(ada.all('block.removed').length, 1);
  assert.ok(!world.pairs.blockedEitherWay(ada.subject, BO));
});

test('[GW-82] holds a block from its frame on, and answers not-stored without facts', () => {
  const { world, ada, call } = restarted(() => {});
  ada.call = null;
  world.connect(ada);
  ada.block(call.receipt);
  world.flush();
  assert.ok(world.pairs.blockedEitherWay(ada.subject, BO));
  world.pass(FACTS_AWAITED_MS);
  assert.equal(ada.last('block.refused').reason, 'not-stored');
  assert.ok(world.pairs.blockedEitherWay(ada.subject, BO));
  ada.block(call.receipt);
  world.flush();
  world.readPeople();
  world.settleJournal();
  assert.equal(ada.all('block.accepted').length, 1);
});

test('[GW-82] removes a stored block once the facts are read', () => {
  const { world, ada } = restarted((one) => one.block());
  const { proof } = ada.last('block.accepted');
  assert.ok(proof !== undefined);
  world.connect(ada);
  ada.unblock(proof);
  world.flush();
  assert.equal(ada.all('block.removed').length, 0);
  world.readPeople();
  world.settleJournal();
  assert.equal(ada.all('block.removed').length, 1);
  assert.ok(!world.pairs.blockedEitherWay(ada.subject, BO));
});

test('[GW-82] merges a repeated report with the stored one', () => {
  const { world, ada, call } = restarted((one) => void one.report());
  const { code } = ada.last('report.accepted');
  world.connect(ada);
  ada.report({ receipt: call.receipt, lines: [] });
  world.flush();
  world.readPeople();
  assert.equal(world.journal.pending.length, 0);
  const { code: again, merged } = ada.last('report.accepted');
  assert.deepEqual({ again, merged }, { again: code, merged: true });
});

test('[GW-82] keeps the pair of a report apart from its frame on', () => {
  const { world, ada, call } = restarted(() => {});
  ada.call = null;
  world.connect(ada);
  ada.report({ receipt: call.receipt, lines: [] });
  world.flush();
  assert.ok(world.pairs.blockedEitherWay(ada.subject, BO));
  world.pass(FACTS_AWAITED_MS);
  assert.equal(ada.last('report.refused').reason, 'not-stored');
  assert.ok(world.pairs.blockedEitherWay(ada.subject, BO));
});

test('[GW-83] tells a user that the store refuses them as a minor', () => {
  const { world } = restarted((ada) => ada.declareAge('minor'));
  const ada = world.joinAdult('ada');
  assert.equal(ada.last('session.opened').age.refused, false);
  ada.searchFor('text');
  world.flush();
  world.readPeople();
  assert.equal(ada.last('age.answered').refused, true);
  assert.equal(ada.last('ticket.refused').reason, 'age-required');
  const sister = world.joinAdult('sister', { device: ada.device });
  sister.searchFor('text');
  world.flush();
  world.readPeople();
  assert.notEqual(sister.last('age.answered').byDevice, undefined);
});

test('[GW-84] refuses facts that were read too long ago', () => {
  const world = away();
  const ada = searching(world, 'ada');
  assert.equal(world.gateway.peopleRead([], -1, world.now), false);
  world.readPeople(-1);
  assert.equal(ada.all('ticket.accepted').length, 0);
  world.readPeople();
  assert.equal(ada.all('ticket.accepted').length, 1);
});
