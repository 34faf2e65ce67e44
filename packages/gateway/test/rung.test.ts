import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SDP_FIXTURES } from './signal-policy/fixtures.ts';
import { AUDIO, minimal, SESSION, text, VIDEO } from './signal-policy/sdp-harness.ts';
import type { TestClient } from './support/test-client.ts';
import { type Pair, paired, World } from './support/world.ts';

const LADDER = { rules: { offered: ['text', 'voice', 'video'] } };
const VOICE_ONLY = { rules: { offered: ['voice'] } };

function agree({ world, ada, bo }: Pair, asker = ada): void {
  asker.consentVideo(true);
  (asker === ada ? bo : ada).consentVideo(true);
  world.flush();
}

/** Sends an offer of sound and picture, as a page of the given step would. */
function offer(client: TestClient, step = client.call?.step ?? 0): void {
  const sdp = text(...SESSION, ...AUDIO, ...VIDEO);
  client.say('signal.offer', { ...client.inCall(), step, sdp });
}

function modes({ ada, bo }: Pair): readonly (string | undefined)[] {
  return [ada.call?.mode, bo.call?.mode];
}

test('[PR-46] moves a call up by one mode at a time', () => {
  const pair = paired('text', LADDER);
  const { ada, bo } = pair;
  assert.equal(ada.last('match.found').next, 'voice');
  assert.equal(ada.last('match.found').videoOffered, undefined);
  agree(pair);
  assert.deepEqual(modes(pair), ['voice', 'voice']);
  const started = bo.last('video.started');
  assert.deepEqual([started.mode, started.step, started.videoOffered], ['voice', 1, true]);
  agree(pair, bo);
  assert.deepEqual(modes(pair), ['video', 'video']);
  assert.equal(bo.last('video.started').mode, undefined);
  assert.equal(bo.last('video.started').step, 2);
});

test('[PR-46] an agreement to one mode is none to the next', () => {
  const pair = paired('text', LADDER);
  agree(pair);
  pair.bo.consentVideo(true);
  pair.world.flush();
  assert.deepEqual(modes(pair), ['voice', 'voice']);
  const { you, stranger } = pair.ada.last('video.updated');
  assert.deepEqual([you, stranger], [false, true]);
});

test('[GW-38a] drops an answer that was given in an earlier mode', () => {
  const pair = paired('text', LADDER);
  const { world, ada, bo } = pair;
  agree(pair);
  bo.consentVideo(true);
  // Ada answered the request for voice twice, and the second answer arrives late.
  ada.say('video.consent', { ...ada.inCall(), allowed: true, policyVersion: 1 });
  world.flush();
  assert.deepEqual(modes(pair), ['voice', 'voice']);
});

test('[GW-38] one user takes the call down at once', () => {
  const pair = paired('video', LADDER);
  const { world, ada, bo } = pair;
  const { receipt } = ada.last('match.found');
  ada.lowerMode('voice');
  world.flush();
  assert.deepEqual(modes(pair), ['voice', 'voice']);
  const [own, theirs] = [ada.last('mode.lowered'), bo.last('mode.lowered')];
  assert.deepEqual([own.you, theirs.you], [true, false]);
  assert.deepEqual([own.step, own.videoOffered, own.transport], [1, true, 'all']);
  assert.notEqual(own.receipt, receipt);
  bo.lowerMode('text');
  world.flush();
  assert.deepEqual(modes(pair), ['text', 'text']);
  assert.deepEqual([own.mode, ada.last('mode.lowered').next], ['voice', 'voice']);
});

test('[GW-38] ends both users’ agreements', () => {
  const pair = paired('voice', LADDER);
  const { world, ada, bo } = pair;
  ada.consentVideo(true);
  bo.lowerMode('text');
  world.flush();
  bo.consentVideo(true);
  world.flush();
  assert.deepEqual(modes(pair), ['text', 'text']);
  assert.deepEqual(
    [ada.last('video.updated').you, ada.last('video.updated').stranger],
    [false, true],
  );
});

test('[GW-38] ignores a mode that is not lower or not offered', () => {
  const pair = paired('voice', LADDER);
  pair.ada.lowerMode('video');
  pair.ada.lowerMode('voice');
  pair.world.flush();
  assert.equal(pair.ada.all('mode.lowered').length, 0);
  const two = paired('video');
  two.ada.lowerMode('voice');
  two.world.flush();
  assert.equal(two.ada.all('mode.lowered').length, 0);
  two.ada.lowerMode('text');
  two.world.flush();
  assert.deepEqual(modes(two), ['text', 'text']);
});

test('[GW-38] passes no description after a call went down to text', () => {
  const { world, offerer, answerer } = paired('video');
  answerer.lowerMode('text');
  world.flush();
  offer(offerer);
  world.flush();
  assert.equal(answerer.all('signal.offer').length, 0);
  assert.equal(offerer.last('signal.refused').reason, 'bad-description');
});

test('[GW-38a] [PR-46c] drops the signals of an earlier mode without a refusal', () => {
  const { world, offerer, answerer } = paired('video', LADDER);
  answerer.lowerMode('voice');
  world.flush();
  offer(offerer, 0);
  offerer.say('signal.candidate', {
    ...offerer.inCall(),
    step: 0,
    candidate: { candidate: '', sdpMid: '0', sdpMLineIndex: 0 },
  });
  world.flush();
  assert.equal(answerer.all('signal.offer').length + answerer.all('signal.candidate').length, 0);
  assert.equal(offerer.all('signal.refused').length, 0);
  offer(offerer);
  world.flush();
  assert.equal(answerer.all('signal.offer').length, 1);
});

test('[SP-33] passes sound and no picture between the users of a voice call', () => {
  for (const options of [LADDER, VOICE_ONLY]) {
    const { world, offerer, answerer } = paired('voice', options);
    offer(offerer);
    world.flush();
    const { sdp } = answerer.last('signal.offer');
    assert.match(sdp, /^m=audio 9 /m);
    assert.match(sdp, /^m=video 0 /m);
    assert.doesNotMatch(sdp, /^a=rtpmap:96/m);
  }
});

test('[SP-33] keeps no picture of a browser’s prepared offer in a voice search', () => {
  const offers = SDP_FIXTURES.filter(
    ({ name, sdp }) => name.includes('-offer-') && /^m=audio 9/m.test(sdp),
  );
  assert.ok(offers.length > 0);
  for (const { sdp } of offers) {
    const world = new World(LADDER);
    const [ada, bo] = [world.joinAdult('ada'), world.joinAdult('bo')];
    ada.searchFor('voice', { offer: sdp });
    bo.searchFor('voice');
    world.settle();
    const { offer: passed } = bo.last('match.found');
    assert.ok(passed !== undefined);
    assert.doesNotMatch(passed, /^m=video 9/m);
  }
});

test('[GW-39] a voice-only server passes no text, reaction or card', () => {
  const { world, ada, bo } = paired('voice', VOICE_ONLY);
  const place = ada.inCall();
  ada.sayLine('hello');
  ada.type(true);
  ada.pass({ type: 'call.react', ...place, reaction: 'wave' });
  ada.pass({ type: 'call.card', ...place, card: { game: 'ice', at: 0, turn: 1, side: 'a' } });
  world.flush();
  const passed = ['chat.line', 'chat.typing', 'call.reaction', 'call.card'] as const;
  for (const client of [ada, bo]) {
    for (const type of passed) assert.equal(client.all(type).length, 0, type);
  }
  const refused = world.events.filter(({ event }) => event === 'frame-refused');
  assert.deepEqual(
    new Set(refused.map((each) => 'reason' in each && each.reason)),
    new Set(['not-in-mode']),
  );
  assert.equal(refused.length, 4);
  assert.equal(ada.isAttached, true);
});

test('[GW-39] a voice call beside other modes passes text', () => {
  const { world, ada, bo } = paired('voice', LADDER);
  ada.sayLine('hello');
  world.flush();
  assert.deepEqual(bo.texts, ['hello']);
});

test('[PR-31] refuses a search in a mode that the server doesn’t offer', () => {
  const world = new World(VOICE_ONLY);
  const ada = world.joinAdult('ada');
  ada.searchFor('video');
  world.flush();
  assert.equal(ada.last('ticket.refused').reason, 'not-offered');
  ada.searchFor('voice');
  world.flush();
  assert.equal(ada.all('ticket.accepted').length, 1);
});

test('[MM-74] starts a pair in the lower of their two modes', () => {
  const world = new World(LADDER);
  const [ada, bo] = [world.joinAdult('ada'), world.joinAdult('bo')];
  ada.searchFor('video', { lowest: 'text', offer: minimal });
  bo.searchFor('voice');
  world.settle();
  assert.deepEqual([ada.call?.mode, bo.call?.mode], ['voice', 'voice']);
  // The offer was prepared for a call with a picture.
  assert.deepEqual(
    [ada.last('match.found').offerUsed, bo.last('match.found').offer],
    [false, undefined],
  );
  assert.equal(ada.last('match.found').videoOffered, true);
});

test('[PR-61] restores a call in its latest mode, whoever missed the change', () => {
  for (const missed of ['mode.lowered', 'video.started', 'nothing']) {
    for (const order of [0, 1]) {
      const pair = paired('voice', LADDER);
      const { world, ada, bo } = pair;
      bo.misses = (frame) => frame.includes(missed);
      if (missed === 'video.started') agree(pair);
      else ada.lowerMode('text');
      world.flush();
      bo.misses = () => false;
      world.restart();
      for (const client of order === 0 ? [ada, bo] : [bo, ada]) world.connect(client);
      const mode = missed === 'video.started' ? 'video' : 'text';
      assert.deepEqual(modes(pair), [mode, mode], missed);
      assert.deepEqual([ada.call?.step, bo.call?.step], [1, 1]);
    }
  }
});

test('[PR-61] doesn’t restore a call whose mode is no longer offered', () => {
  const options = { rules: { offered: ['text', 'voice', 'video'] } };
  const { world, ada, bo } = paired('voice', options);
  options.rules.offered = ['text', 'video'];
  world.restart();
  for (const client of [ada, bo]) world.connect(client);
  assert.equal(ada.last('restore.refused').reason, 'too-late');
});

test('[GW-70] notifies the observer once of each change of the mode', () => {
  const pair = paired('text', LADDER);
  agree(pair);
  pair.bo.lowerMode('text');
  pair.world.flush();
  const told = pair.world.events.filter(({ event }) => event.startsWith('mode-'));
  const { match } = pair.ada.inCall();
  assert.deepEqual(told, [
    { event: 'mode-raised', mode: 'voice', match },
    { event: 'mode-lowered', mode: 'text', match },
  ]);
});
