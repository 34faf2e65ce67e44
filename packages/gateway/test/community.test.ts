import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import { openCommunityPass, sealCommunityPass } from '../src/community-door.ts';
import { USUAL_WAITS_MIN } from '../src/limits.ts';
import type { JournalRecord, ReportRecord } from '../src/ports.ts';
import type { TestClient } from './support/test-client.ts';
import { World } from './support/world.ts';

const PAINTERS = { name: 'painters', version: 1 } as const;
const CODE = 'code-0001';
const DAY_MS = 24 * 60 * 60 * 1_000;

type Asked = NonNullable<ClientMessageOf<'ticket.create'>['community']>;

function worldOfPainters(): World {
  const world = new World();
  world.communities.open('painters');
  return world;
}

function search(world: World, client: TestClient, community: Asked = PAINTERS): void {
  client.searchFor('text', { community });
  world.settle();
}

/** Two users of one community in a call. */
function paired() {
  const world = worldOfPainters();
  const [ada, bo] = [world.joinAdult('ada'), world.joinAdult('bo')];
  search(world, ada);
  search(world, bo);
  assert.ok(ada.call !== null && ada.call.match === bo.call?.match);
  return { world, ada, bo };
}

function passFor(world: World, client: TestClient, endsInMs = DAY_MS): string {
  return sealCommunityPass(world.signer, {
    community: 'painters',
    device: world.signer.deviceId(client.device),
    code: CODE,
    endsAtWallMs: world.now.wallMs + endsInMs,
  });
}

const reasonsOf = (client: TestClient): string[] =>
  client.all('ticket.refused').map(({ reason }) => reason);

test('[GW-130] matches users of one community, and nobody of the open pool', () => {
  const world = worldOfPainters();
  const [ada, bo, cy] = [world.joinAdult('ada'), world.joinAdult('bo'), world.joinAdult('cy')];
  search(world, ada);
  cy.searchFor('text');
  world.pass(60_000);
  assert.deepEqual([ada.call, cy.call], [null, null]);
  search(world, bo);
  assert.equal(ada.call === null, false);
  assert.equal(bo.call === null, false);
  assert.equal(cy.call, null);
});

test('[GW-130] refuses a search in an unknown or closed community', () => {
  const world = worldOfPainters();
  const ada = world.joinAdult('ada');
  search(world, ada, { name: 'polyglots', version: 1 });
  world.communities.close('painters');
  search(world, ada);
  assert.deepEqual(reasonsOf(ada), ['community-closed', 'community-closed']);
});

test('[GW-130] refuses a search by outdated community rules', () => {
  const world = worldOfPainters();
  const ada = world.joinAdult('ada');
  world.communities.open('painters', { version: 2 });
  search(world, ada);
  assert.deepEqual(reasonsOf(ada), ['community-changed']);
  search(world, ada, { name: 'painters', version: 2 });
  assert.equal(ada.all('ticket.accepted').length, 1);
});

test('[GW-131] admits only the device key of an unexpired pass', () => {
  const world = worldOfPainters();
  world.communities.open('painters', { codes: [CODE] });
  const [ada, bo] = [world.joinAdult('ada'), world.joinAdult('bo')];
  const pass = passFor(world, ada);
  search(world, ada);
  search(world, bo, { ...PAINTERS, pass });
  search(world, ada, { ...PAINTERS, pass: `${pass}x` });
  search(world, ada, { ...PAINTERS, pass: passFor(world, ada, 0) });
  assert.deepEqual([ada, bo].flatMap(reasonsOf), Array(4).fill('community-pass'));
  search(world, ada, { ...PAINTERS, pass });
  assert.equal(ada.all('ticket.accepted').length, 1);
});

test('[GW-131] refuses a pass of a revoked code or another community', () => {
  const world = worldOfPainters();
  world.communities.open('painters', { codes: [CODE] });
  world.communities.open('polyglots', { codes: [CODE] });
  const ada = world.joinAdult('ada');
  const pass = passFor(world, ada);
  search(world, ada, { name: 'polyglots', version: 1, pass });
  world.communities.open('painters', { codes: [] });
  search(world, ada, { ...PAINTERS, pass });
  assert.deepEqual(reasonsOf(ada), ['community-pass', 'community-pass']);
});

test('[GW-131] opens no forged or malformed pass', () => {
  const { signer } = new World();
  const good = { community: 'painters', device: 'device-0001', code: CODE, endsAtWallMs: 2 };
  const sealed = (changes: object) =>
    signer.seal('community', JSON.stringify({ ...good, ...changes }));
  assert.notEqual(openCommunityPass(signer, sealed({}), 1), null);
  assert.equal(openCommunityPass(signer, sealed({}), 2), null);
  assert.equal(openCommunityPass(signer, signer.seal('invitation', JSON.stringify(good)), 1), null);
  for (const changes of [
    { community: 'A B' },
    { device: '' },
    { code: 1 },
    { endsAtWallMs: '9' },
  ]) {
    assert.equal(openCommunityPass(signer, sealed(changes), 1), null, JSON.stringify(changes));
  }
  assert.equal(openCommunityPass(signer, 'x'.repeat(32), 1), null);
});

test('[GW-132] ends the searches of a closed community, and no call', () => {
  const { world, ada, bo } = paired();
  const [cy, dora] = [world.joinAdult('cy'), world.joinAdult('dora')];
  search(world, cy);
  dora.searchFor('text');
  world.flush();
  world.communities.close('painters');
  world.gateway.communitiesChanged(world.now);
  world.flush();
  assert.deepEqual(reasonsOf(cy), ['community-closed']);
  assert.deepEqual(reasonsOf(dora), []);
  assert.deepEqual(
    [ada, bo].map(({ call }) => call === null),
    [false, false],
  );
  assert.equal(world.gateway.counts().waiting, 1);
});

test('[GW-133] a call of a community earns no trust, also after a restart', () => {
  const { world, ada, bo } = paired();
  world.restart();
  for (const client of [ada, bo]) world.connect(client);
  world.settle();
  ada.endCall('stop');
  world.flush();
  assert.deepEqual(
    world.ended.map(({ counts }) => counts),
    [false],
  );
});

test('[GW-133] a search in a community neither shows nor changes the usual wait', () => {
  const world = worldOfPainters();
  for (let at = 0; at < USUAL_WAITS_MIN; at += 1) {
    const [one, other] = [world.joinAdult(`a${at}`), world.joinAdult(`b${at}`)];
    one.searchFor('text', { community: PAINTERS });
    world.pass(10_000);
    other.searchFor('text', { community: PAINTERS });
    world.pass(10_000);
    assert.notEqual(one.call, null);
  }
  const last = world.joinAdult('last');
  last.searchFor('text');
  world.flush();
  assert.equal(last.last('ticket.accepted').usualWaitMs, undefined);
});

test('[GW-134] a report names the community, also after a restart', () => {
  const { world, ada, bo } = paired();
  world.restart();
  for (const client of [ada, bo]) world.connect(client);
  world.settle();
  ada.report();
  world.flush();
  const isReport = (record: JournalRecord): record is ReportRecord => record.kind === 'report';
  const [record] = world.journal.pending.map((pending) => pending.record).filter(isReport);
  assert.equal(record?.call?.community, 'painters');
  assert.equal(record.of, bo.subject);
});
