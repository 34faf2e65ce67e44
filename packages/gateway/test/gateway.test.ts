import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defaultModes } from '@farandole/matchmaking/mode';
import { ScriptedMatchmaker } from './support/scripted-matchmaker.ts';
import { paired, World } from './support/world.ts';

test('[PR-50] matches two users and relays a chat line to both', () => {
  const { world, ada, bo } = paired();
  assert.equal(ada.call?.match, bo.call?.match);
  ada.sayLine('hello');
  bo.sayLine('hi');
  world.flush();
  assert.deepEqual(
    ada.call?.lines.map((line) => line.text),
    ['hello', 'hi'],
  );
  assert.deepEqual(ada.call?.lines, bo.call?.lines);
});

test('[GW-37] refuses to start without a mode, or with one that no message can name', () => {
  const [video] = defaultModes();
  assert.ok(video !== undefined);
  assert.throws(() => new World({ rules: { modes: [] } }), /offers at least one mode/);
  const stage = { ...video, id: 'stage' };
  assert.throws(() => new World({ rules: { modes: [stage] } }), /the protocol has no mode stage/);
});

test('[GW-37] assigns seats in the order of the proposal’s tickets', () => {
  const matchmaker = new ScriptedMatchmaker();
  const world = new World({ matchmaker });
  const [ada, bo] = [world.joinAdult('ada'), world.joinAdult('bo')];
  matchmaker.begin(world.now);
  for (const client of [ada, bo]) client.searchFor('text');
  const tickets = [bo, ada].map(({ subject }) => matchmaker.ticketOf(subject));
  const [first, second] = tickets;
  assert.ok(first !== undefined && second !== undefined);
  const proposal = matchmaker.newProposal(first, second);
  for (const ticket of tickets) matchmaker.propose(proposal, ticket, world.now);
  for (const ticket of tickets) matchmaker.match(proposal, ticket, world.now);
  world.flush();
  assert.deepEqual([bo.last('match.found').side, ada.last('match.found').side], ['a', 'b']);
});
