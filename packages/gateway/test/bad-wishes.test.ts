import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import { sealCommunityPass } from '../src/community-door.ts';
import { World } from './support/world.ts';

type Wish = Partial<ClientMessageOf<'ticket.create'>>;

/** A world that offers text only, with the community `painters`, which needs a code. */
function textOnly(): World {
  const world = new World({ rules: { offered: ['text'] } });
  world.communities.open('painters', { codes: ['code-0001'] });
  return world;
}

test('[PR-31] answers each impossible wish, and keeps the session', () => {
  const world = textOnly();
  const ada = world.joinAdult('ada');
  const bo = world.joinAdult('bo');
  const pass = sealCommunityPass(world.signer, {
    ...{ community: 'painters', device: world.signer.deviceId(ada.device), code: 'code-0001' },
    endsAtWallMs: world.now.wallMs,
  });
  const exchange = {
    speaks: ['en'],
    learns: [{ language: 'fr', level: 'B1' as const }],
    helps: false,
  };
  const wishes: readonly (readonly [Wish, string])[] = [
    [{ mode: 'video' }, 'not-offered'],
    [{ mode: 'voice' }, 'not-offered'],
    [{ mode: 'question', role: 'asker', question: 'Tea?' }, 'not-offered'],
    [{ role: 'answerer' }, 'not-offered'],
    [{ question: 'Tea?' }, 'not-offered'],
    [{ exchange }, 'exchange-off'],
    [{ community: { name: 'polyglots', version: 1 } }, 'community-closed'],
    [{ community: { name: 'painters', version: 2 } }, 'community-changed'],
    [{ community: { name: 'painters', version: 1 } }, 'community-pass'],
    [{ community: { name: 'painters', version: 1, pass } }, 'community-pass'],
    [{ meeting: { by: 'invitation', token: 'a-forged-invitation' } }, 'meeting-over'],
  ];
  for (const [wish, reason] of wishes) {
    ada.searchFor(wish.mode ?? 'text', wish);
    world.settle();
    assert.equal(ada.last('ticket.refused').reason, reason, JSON.stringify(wish));
    world.pass(2_000);
  }
  assert.equal(ada.all('ticket.refused').length, wishes.length);
  ada.searchFor('text');
  bo.searchFor('text');
  world.settle();
  assert.ok(ada.isAttached && ada.call !== null && ada.call.match === bo.call?.match);
});

test('[PR-31] closes a session whose search names an unknown mode', () => {
  const world = textOnly();
  const [ada, bo] = [world.joinAdult('ada'), world.joinAdult('bo')];
  ada.searchFor('stage' as 'text');
  world.settle();
  assert.equal(ada.closedBy, 'malformed');
  assert.ok(bo.isAttached);
  assert.equal(world.gateway.counts().waiting, 0);
});

test('[GW-160] lets a fourth user wait for the next question', () => {
  const world = new World({ rules: { offered: ['text', 'question'] } });
  const people = ['ada', 'bo', 'cleo', 'dan', 'eve'].map((name) => world.joinAdult(name));
  const [ada, , , dan, eve] = people;
  assert.ok(ada !== undefined && dan !== undefined && eve !== undefined);
  for (const asker of [ada, eve]) world.proven.add(asker.subject);
  ada.searchFor('question', { role: 'asker', question: 'Tea or coffee?' });
  for (const client of people.slice(1, 4)) client.searchFor('question', { role: 'answerer' });
  world.settle();
  const inCall = people.filter(({ call }) => call !== null);
  assert.equal(inCall.length, 3);
  const left = people.slice(1, 4).filter(({ call }) => call === null);
  assert.equal(left.length, 1);
  const fifth = world.joinAdult('finn');
  fifth.searchFor('question', { role: 'answerer' });
  eve.searchFor('question', { role: 'asker', question: 'Milk or water?' });
  world.settle();
  assert.equal(eve.call?.match, fifth.call?.match);
  assert.equal(left[0]?.call?.match, fifth.call?.match);
});
