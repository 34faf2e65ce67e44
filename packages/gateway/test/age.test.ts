import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId, type SubjectId } from '@farandole/kernel/id';
import { AGE_REFUSED_FOR_MS } from '../src/limits.ts';
import { deviceIdOf } from './support/fake-signer.ts';
import type { TestClient } from './support/test-client.ts';
import { joined, paired, World } from './support/world.ts';

function answer(client: TestClient): { readonly state: string; readonly refused: boolean } {
  const { state, refused } = client.last('age.answered');
  return { state, refused };
}

test('[PR-30] refuses searches of a user who declared to be a minor', () => {
  const { world, ada } = joined();
  ada.declareAge('minor');
  world.flush();
  assert.deepEqual(answer(ada), { state: 'unknown', refused: true });
  ada.declareAge('adult');
  ada.searchFor('text');
  world.flush();
  assert.deepEqual(answer(ada), { state: 'unknown', refused: true });
  assert.equal(ada.last('ticket.refused').reason, 'age-required');
});

test('[PR-30] a minor’s declaration applies to the cookie’s sessions for a day', () => {
  const { world, ada } = joined();
  ada.declareAge('minor');
  ada.leave();
  world.flush();
  world.clock.advance(AGE_REFUSED_FOR_MS - 1);
  world.tick();
  const later = world.join('ada');
  assert.deepEqual(later.last('session.opened').age, { state: 'unknown', refused: true });
  later.leave();
  world.pass(1);
  const nextDay = world.join('ada');
  assert.deepEqual(nextDay.last('session.opened').age, { state: 'unknown', refused: false });
});

test('[PR-30] applies a stored declaration of a minor after a node restart', () => {
  const { world, ada } = joined();
  ada.declareAge('minor');
  ada.declareAge('minor');
  world.settleJournal();
  assert.equal(world.journal.stored.length, 1, 'one day is counted from the first answer');
  world.pass(1_000);
  world.restart();
  assert.equal(answer(world.join('ada')).refused, true);
  world.clock.advance(AGE_REFUSED_FOR_MS - 1_000);
  assert.equal(world.join('ada').last('session.opened').age.refused, false);
});

test('[GW-27] despite a failed write, a minor’s declaration applies and is written again', () => {
  const { world, ada } = joined();
  ada.declareAge('minor');
  world.settleJournal(false);
  ada.declareAge('adult');
  world.flush();
  assert.deepEqual(answer(ada), { state: 'unknown', refused: true });
  ada.declareAge('minor');
  ada.declareAge('minor');
  world.flush();
  assert.equal(world.journal.pending.length, 1, 'and not again while it is being written');
  world.settleJournal();
  world.restart();
  assert.equal(answer(world.join('ada')).refused, true);
});

test('[GW-27] declaring to be a minor ends the user’s search or call', () => {
  const { world, ada, bo } = paired();
  ada.declareAge('minor');
  world.flush();
  assert.equal(ada.last('call.ended').reason, 'you');
  assert.equal(bo.last('call.ended').reason, 'left');
  const cy = world.joinAdult('cy');
  const ticket = cy.searchFor('video');
  cy.declareAge('minor', 9);
  world.flush();
  assert.equal(cy.last('ticket.withdrawn').ticket, ticket);
  assert.deepEqual(answer(cy), { state: 'unknown', refused: true });
  assert.equal(world.gateway.counts().waiting, 0);
});

/** A child who declared, and an adult with another cookie on the same device. */
function onOneDevice() {
  const world = new World();
  const child = world.join('child');
  child.declareAge('minor');
  world.settleJournal();
  const adult = world.joinAdult('adult', { device: child.device });
  return { world, child, adult };
}

test('[GW-27b] only a refusal by device key states its end and appeal code', () => {
  const { world, child, adult } = onOneDevice();
  const opened = adult.last('session.opened').age;
  const { byDevice } = adult.last('age.answered');
  assert.ok(byDevice !== undefined && opened.refused);
  assert.deepEqual(opened.byDevice, byDevice);
  const endsAtMs = world.clock.wallMs() + AGE_REFUSED_FOR_MS;
  assert.equal(byDevice.endsAtMs, Math.ceil(endsAtMs / 60_000) * 60_000);
  const code = world.signer.ageCode(adult.subject, deviceOf(world, adult), byDevice.endsAtMs);
  assert.equal(byDevice.appeal, code);
  assert.equal(child.last('age.answered').byDevice, undefined);
  const back = world.join('child', { device: child.device });
  assert.deepEqual(back.last('session.opened').age, { state: 'unknown', refused: true });
});

test('[GW-27c] admits a user with an age exemption and notifies the user once', () => {
  const { world, child, adult } = onOneDevice();
  world.liftAge(adult.subject);
  assert.deepEqual(answer(adult), { state: 'unknown', refused: false });
  const answers = () => adult.received.filter(({ type }) => type === 'age.answered').length;
  const before = answers();
  world.liftAge(adult.subject);
  assert.equal(answers(), before);
  adult.declareAge('adult');
  adult.searchFor('text');
  world.flush();
  assert.deepEqual(answer(adult), { state: 'declared', refused: false });
  assert.equal(adult.last('ticket.accepted').type, 'ticket.accepted');
  for (const name of ['child', 'third']) {
    const refused = world.join(name, { device: child.device });
    assert.equal(refused.last('session.opened').age.refused, true, name);
  }
});

test('[GW-27c] an age exemption never applies to the user’s own declaration', () => {
  const { world, child, adult } = onOneDevice();
  world.liftAge(adult.subject);
  adult.declareAge('adult');
  adult.searchFor('text');
  world.flush();
  const another = world.join('another', { device: child.device });
  another.declareAge('minor');
  world.flush();
  assert.equal(world.gateway.counts().waiting, 1, 'another cookie’s declaration ends nothing');
  adult.declareAge('minor');
  world.flush();
  assert.deepEqual(answer(adult), { state: 'unknown', refused: true });
  assert.equal(adult.last('age.answered').byDevice, undefined);
  assert.equal(world.gateway.counts().waiting, 0);
});

function deviceOf({ signer }: World, { device }: TestClient) {
  return signer.deviceId(device);
}

test('[GW-27d] a declaration that another node stored ends searches and calls of its device', () => {
  const world = new World();
  const { device } = world.joinAdult('ada');
  const second = world.joinAdult('second-cookie', { device });
  const bo = world.joinAdult('bo');
  for (const client of [second, bo]) client.searchFor('text');
  world.pass(500);
  assert.notEqual(second.call, null);
  const waiting = world.joinAdult('third-cookie', { device });
  waiting.searchFor('text');
  world.flush();
  const declaration = {
    subject: brandId<SubjectId>('a-cookie-elsewhere'),
    device: deviceIdOf(device.publicKey),
    atMs: world.now.wallMs - 1_000,
  };
  for (let time = 0; time < 2; time++) {
    world.gateway.agesRefused([declaration], world.now);
    world.flush();
  }
  for (const client of [second, waiting]) {
    assert.deepEqual(answer(client), { state: 'unknown', refused: true });
    const told = client.received.filter(({ type }) => type === 'age.answered');
    assert.equal(told.length, 2, 'the first answer was to their own declaration');
  }
  assert.equal(bo.last('call.ended').reason, 'left');
  assert.equal(world.gateway.counts().waiting, 0);
  assert.equal(answer(bo).refused, false);
});

test('[GW-27d] a declaration read with one user’s facts ends searches of the whole device', () => {
  const world = new World();
  const { device } = world.joinAdult('ada');
  const waiting = world.joinAdult('second-cookie', { device });
  waiting.searchFor('text');
  world.flush();
  assert.equal(world.gateway.counts().waiting, 1);
  const facts = {
    subject: brandId<SubjectId>('a-cookie-from-elsewhere'),
    device: deviceIdOf(device.publicKey),
    apart: [],
    met: [],
    cookieRefusedAtMs: world.now.wallMs - 1_000,
    deviceRefusedAtMs: world.now.wallMs - 1_000,
    firstSeenAtMs: null,
  };
  for (let time = 0; time < 2; time++) {
    world.gateway.peopleRead([facts], world.pairs.removals, world.now);
    world.flush();
  }
  assert.deepEqual(answer(waiting), { state: 'unknown', refused: true });
  const told = waiting.received.filter(({ type }) => type === 'age.answered');
  assert.equal(told.length, 2, 'the first answer was to their own declaration');
  assert.equal(world.gateway.counts().waiting, 0);
});
