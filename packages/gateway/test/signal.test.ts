import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LINE_CHARS_MAX, SDP_CHARS_MAX, UNACKED_CHARS_MAX } from '@farandole/protocol/limits';
import { CREDIT_LIMITS, DIRECT_CHANGES_MAX } from '../src/limits.ts';
import { sdpFixture } from './signal-policy/fixtures.ts';
import type { TestClient } from './support/test-client.ts';
import { paired, World, type WorldOptions } from './support/world.ts';

const OFFER = sdpFixture('chromium-offer-audio-video-data-gathered').sdp;
const ANSWER = sdpFixture('chromium-answer-to-chromium-audio-video-data').sdp;
const RELAY = '203.0.113.40';
const WITH_TURN = {
  config: { relayMode: 'until-consent', hasTurn: true },
  relayAddresses: [RELAY],
} as const satisfies WorldOptions;

function offer(client: TestClient, sdp = OFFER): void {
  client.say('signal.offer', { ...client.inCall(), sdp });
}

function answer(client: TestClient, sdp = ANSWER): void {
  client.say('signal.answer', { ...client.inCall(), sdp });
}

const host = (address: string, port = 40_000): string =>
  `candidate:1 1 udp 2122194687 ${address} ${port} typ host generation 0`;
const relayed = (address: string, port = 50_000): string =>
  `candidate:2 1 udp 41885439 ${address} ${port} typ relay raddr 198.51.100.9 rport 4000`;

test('[PR-41] relays rewritten SDP descriptions and ICE candidates', () => {
  const { world, offerer, answerer } = paired('video');
  offer(offerer);
  answer(answerer);
  offerer.sayCandidate(host('203.0.113.7'), { usernameFragment: 'aB3x' });
  offerer.sayCandidate('');
  world.flush();
  const { sdp } = answerer.last('signal.offer');
  assert.notEqual(sdp, OFFER);
  assert.match(sdp, /^v=0\r\no=- \d+ \d+ IN IP4 0\.0\.0\.0\r\n/);
  // The description contains no address of the browser, because the server can't verify such
  // addresses.
  assert.ok(!sdp.includes('192.0.2.2') && !sdp.includes('fd00::2'));
  assert.match(offerer.last('signal.answer').sdp, /a=setup:active/);
  const [first, last] = answerer.all('signal.candidate').map((message) => message.candidate);
  assert.match(first?.candidate ?? '', /^candidate:1 1 udp \d+ 203\.0\.113\.7 40000 typ host$/);
  assert.deepEqual(
    [first?.sdpMid, first?.sdpMLineIndex, first?.usernameFragment],
    ['0', 0, 'aB3x'],
  );
  assert.equal(last?.candidate, '', 'the end of the candidates is told too');
});

test('[PR-41] drops a forbidden candidate without ending the call', () => {
  const { world, offerer, answerer } = paired('video', WITH_TURN);
  offer(offerer);
  for (const line of [host('203.0.113.7'), relayed('198.51.100.200'), 'candidate:garbage']) {
    offerer.sayCandidate(line);
  }
  offerer.sayCandidate(relayed(RELAY), { sdpMid: 'not a mid' });
  world.flush();
  assert.equal(answerer.all('signal.candidate').length, 0);
  const dropped = world.events.flatMap((event) =>
    event.event === 'signal-dropped' ? [event.reason] : [],
  );
  assert.deepEqual(dropped, [
    // The list has two refusals, because two of the offer's four candidates use TCP.
    'host-not-direct',
    'host-not-direct',
    'transport',
    'transport',
    'host-not-direct',
    'relay-address',
    'malformed',
    'malformed',
  ]);
  offerer.sayCandidate(relayed(RELAY));
  world.flush();
  const passed = answerer.last('signal.candidate').candidate.candidate;
  assert.ok(passed.includes(RELAY) && passed.includes('raddr 0.0.0.0'));
});

test('[PR-41] refuses an invalid SDP description; the call continues', () => {
  const { world, offerer, answerer } = paired('video');
  offer(offerer, 'v=0\r\n');
  world.flush();
  assert.equal(offerer.last('signal.refused').reason, 'bad-description');
  assert.deepEqual(world.events.at(-1), { event: 'signal-dropped', reason: 'bad-origin' });
  assert.equal(answerer.all('signal.offer').length, 0);
  offer(offerer);
  world.flush();
  assert.equal(answerer.all('signal.offer').length, 1);
});

test('[PR-42] requires the offerer’s SDP offer first, later accepts either user’s', () => {
  const { world, offerer, answerer } = paired('video');
  offer(answerer);
  world.flush();
  assert.equal(answerer.last('signal.refused').reason, 'wrong-role');
  assert.equal(offerer.all('signal.offer').length, 0);
  offer(offerer);
  answer(answerer);
  offer(answerer);
  world.flush();
  assert.equal(offerer.all('signal.offer').length, 1);
});

test('[PR-42] accepts an SDP offer from either user after a restore', () => {
  const { world, offerer, answerer } = paired('video');
  world.restart();
  for (const client of [offerer, answerer]) world.connect(client);
  offer(answerer);
  answer(offerer);
  world.flush();
  assert.equal(offerer.all('signal.offer').length, 1);
  assert.equal(answerer.all('signal.answer').length, 1);
});

test('[GW-31] relays an SDP answer only after the peer’s offer', () => {
  const { world, offerer, answerer } = paired('video');
  answer(answerer);
  world.flush();
  assert.equal(answerer.last('signal.refused').reason, 'wrong-role');
  offer(offerer);
  answer(offerer);
  world.flush();
  assert.equal(offerer.last('signal.refused').reason, 'wrong-role');
  answer(answerer);
  world.flush();
  assert.equal(offerer.all('signal.answer').length, 1);
});

test('[GW-31] relays no SDP or candidates in a call without media', () => {
  const { world, ada, bo } = paired();
  const [offerer, answerer] = ada.call?.role === 'offerer' ? [ada, bo] : [bo, ada];
  offer(offerer);
  offerer.sayCandidate(host('203.0.113.7'));
  world.flush();
  assert.equal(offerer.last('signal.refused').reason, 'bad-description');
  assert.deepEqual(
    answerer.received.filter(({ type }) => type.startsWith('signal.')),
    [],
  );
});

test('[PR-34] the user whose search carried an SDP offer becomes the offerer', () => {
  for (const hasOffer of ['ada', 'bo']) {
    const world = new World();
    const clients = [world.joinAdult('ada'), world.joinAdult('bo')];
    for (const client of clients) {
      client.searchFor('video', client.name === hasOffer ? { offer: OFFER } : {});
    }
    world.settle();
    const [offerer, answerer] = clients.sort((one) => (one.name === hasOffer ? -1 : 1));
    const [made, got] = [offerer?.last('match.found'), answerer?.last('match.found')];
    assert.deepEqual([made?.role, got?.role], ['offerer', 'answerer']);
    assert.equal(made?.offer, undefined);
    assert.equal(made?.offerUsed, true);
    assert.match(got?.offer ?? '', /^v=0\r\n/);
    assert.ok(got?.offer?.includes('192.0.2.2') === false);
    assert.ok(answerer !== undefined && offerer !== undefined);
    answer(answerer);
    world.flush();
    assert.equal(offerer.all('signal.answer').length, 1);
  }
});

test('[PR-34] if both searches carried SDP offers, uses only one', () => {
  const world = new World();
  const [ada, bo] = [world.joinAdult('ada'), world.joinAdult('bo')];
  for (const client of [ada, bo]) client.searchFor('video', { offer: OFFER });
  world.settle();
  const got = [ada, bo].flatMap((client) => client.all('match.found'));
  assert.equal(got.filter((message) => message.offer !== undefined).length, 1);
  assert.deepEqual(got.map(({ role }) => role).sort(), ['answerer', 'offerer']);
});

test('[PR-34] asks the offerer for an SDP offer if no search carried one', () => {
  const { offerer, answerer } = paired('video');
  assert.equal(offerer.last('match.found').offerUsed, false);
  assert.equal(answerer.last('match.found').offer, undefined);
});

test('[PR-44] the node’s relay mode decides a call’s transport', () => {
  for (const [relayMode, hasTurn, transport, directOffered] of [
    ['direct', false, 'all', false],
    ['fallback', true, 'all', false],
    ['until-consent', true, 'relay', true],
    ['always', true, 'relay', false],
  ] as const) {
    const { offerer } = paired('video', { config: { relayMode, hasTurn } });
    const found = offerer.last('match.found');
    assert.deepEqual([found.transport, found.directOffered], [transport, directOffered]);
  }
});

test('[PR-44] a call is direct only while both users consent', () => {
  const { world, offerer, answerer } = paired('video', WITH_TURN);
  const consent = (client: TestClient, allowed: boolean): void => {
    client.consentDirect(allowed);
    world.flush();
  };
  const isOpen = (port: number): boolean => {
    const before = answerer.all('signal.candidate').length;
    offerer.sayCandidate(host('203.0.113.7', port));
    world.flush();
    return answerer.all('signal.candidate').length > before;
  };
  offer(offerer);
  assert.equal(isOpen(40_001), false);
  consent(offerer, true);
  assert.deepEqual(told(offerer), { you: true, stranger: false });
  assert.deepEqual(told(answerer), { you: false, stranger: true });
  assert.equal(isOpen(40_002), false);
  consent(answerer, true);
  assert.deepEqual(told(offerer), { you: true, stranger: true });
  assert.equal(isOpen(40_003), true);
  consent(answerer, false);
  assert.deepEqual(told(offerer), { you: true, stranger: false });
  assert.equal(isOpen(40_004), false);
});

test('[GW-32] ignores a user’s repeated consent to a direct connection', () => {
  const { world, offerer, answerer } = paired('video', WITH_TURN);
  for (const allowed of [false, true, true]) offerer.consentDirect(allowed);
  world.flush();
  assert.equal(answerer.all('direct.updated').length, 1);
});

test('[GW-32] ignores consent to a direct connection if the node never asks', () => {
  for (const config of [
    { relayMode: 'always', hasTurn: true },
    { relayMode: 'direct', hasTurn: false },
  ] as const) {
    const { world, offerer, answerer } = paired('video', { config });
    for (const client of [offerer, answerer]) client.consentDirect(true);
    world.flush();
    assert.equal(answerer.all('direct.updated').length, 0);
  }
});

test('[GW-32] limits how often the transport policy of a call changes', () => {
  const { world, offerer, answerer } = paired('video', WITH_TURN);
  const consent = (client: TestClient, allowed: boolean): void => {
    client.consentDirect(allowed);
    world.pass(1_000);
  };
  consent(offerer, true);
  for (let i = 0; i < DIRECT_CHANGES_MAX / 2; i++) {
    consent(answerer, true);
    assert.deepEqual(told(offerer), { you: true, stranger: true }, `change ${2 * i + 1}`);
    consent(answerer, false);
  }
  consent(answerer, true);
  assert.deepEqual(told(offerer), { you: true, stranger: false }, 'a yes too many is not heard');
});

test('[GW-32] after a user’s address changed, accepts only candidates with the new address', () => {
  const { world, offerer, answerer } = paired('video');
  offer(offerer);
  world.lose(offerer);
  world.connect(offerer, { clientAddress: '198.51.100.20' });
  offerer.sayCandidate(host('203.0.113.7'));
  offerer.sayCandidate(host('198.51.100.20'));
  world.flush();
  const lines = answerer.all('signal.candidate').map((message) => message.candidate.candidate);
  assert.equal(lines.length, 1);
  assert.ok(lines[0]?.includes('198.51.100.20'));
});

test('[GW-32] alternating between two addresses doesn’t reset a user’s candidate counts', () => {
  const { world, offerer, answerer } = paired('video');
  for (let move = 1; move <= 4; move++) {
    world.lose(offerer);
    world.connect(offerer, { clientAddress: `198.51.100.${move % 2}` });
    offerer.sayCandidate(`candidate:3 1 udp 1677729535 9.9.9.${move} 40000 typ srflx`);
    world.flush();
  }
  const lines = answerer.all('signal.candidate').map((message) => message.candidate.candidate);
  assert.equal(lines.length, 1, 'a person can aim the other browser at one such address');
});

test('[GW-32] a resume from the same address keeps the candidate filter', () => {
  const { world, offerer, answerer } = paired('video');
  const reflexive = (address: string): string =>
    `candidate:3 1 udp 1685987071 ${address} 40000 typ srflx raddr 0.0.0.0 rport 0`;
  offer(offerer);
  offerer.sayCandidate(reflexive('8.8.4.4'));
  world.lose(offerer);
  world.connect(offerer);
  offerer.sayCandidate(reflexive('8.8.8.8'));
  world.flush();
  assert.equal(answerer.all('signal.candidate').length, 1, 'one such address of a kind passes');
});

test('[GW-32] accepts any local address for a user on the node’s machine', () => {
  const world = new World({ localAddresses: ['127.0.0.1', '192.0.2.2'] });
  const facts = { clientAddress: '127.0.0.1', isLocal: true };
  const clients = [world.joinAdult('ada', facts), world.joinAdult('bo', facts)];
  for (const client of clients) client.searchFor('video');
  world.settle();
  const [offerer, answerer] = clients.sort((one) => (one.call?.role === 'offerer' ? -1 : 1));
  assert.ok(offerer !== undefined && answerer !== undefined);
  offer(offerer);
  world.flush();
  assert.ok(answerer.last('signal.offer').sdp.includes('192.0.2.2'));
});

test('[GW-60] refuses SDP descriptions above the rate limit', () => {
  const { world, offerer, answerer } = paired('video');
  for (let i = 0; i < 4; i++) offer(offerer);
  world.flush();
  assert.equal(answerer.all('signal.offer').length, 3);
  assert.equal(offerer.last('signal.refused').reason, 'too-fast');
  world.pass(2_000);
  offer(offerer);
  world.flush();
  assert.equal(answerer.all('signal.offer').length, 4);
});

test('[GW-63] limits presence changes so that they never overflow the peer’s buffer', () => {
  const { world, offerer, answerer } = paired('video');
  const { burst } = CREDIT_LIMITS.absence;
  world.lose(answerer);
  for (let i = 0; i < burst; i++) {
    world.lose(offerer);
    world.connect(offerer);
  }
  assert.equal(world.gateway.counts().calls, 1);
  world.lose(offerer);
  assert.equal(world.gateway.counts().calls, 0, 'whoever goes once more is lost for good');
  world.connect(answerer);
  assert.equal(answerer.last('call.ended').reason, 'lost');
  assert.equal(answerer.all('peer.presence').length, 2 * burst, 'the other has lost nothing');
});

test('[GW-63] one user’s largest bursts of messages fit into the peer’s buffer', () => {
  const { world, offerer, answerer } = paired('video', WITH_TURN);
  // Time passes, so that the credits used by the frames above are refilled.
  world.pass(10_000);
  let chars = 0;
  let frames = 0;
  answerer.frameArrived = (text) => {
    if (!text.includes('"seq"')) return;
    frames += 1;
    chars += text.length;
  };
  const { description, candidate: candidates, media, chat, control } = CREDIT_LIMITS;
  for (let i = 0; i < description.burst; i++) offer(offerer, largestOffer());
  for (let i = 0; i < candidates.burst; i++) {
    const ufrag = 'u'.repeat(256);
    const fields = { sdpMid: 'm'.repeat(16), sdpMLineIndex: 8, usernameFragment: ufrag };
    offerer.sayCandidate(`${relayed(RELAY, 50_000 + (i % 32))} ufrag ${ufrag}`, fields);
  }
  for (let i = 0; i < media.burst; i++) offerer.sayMedia({ camera: 'paused', microphone: 'off' });
  // The lines consist of quotation marks, because JSON escapes each as two characters.
  for (let i = 0; i < chat.burst; i++) offerer.sayLine(`x${'"'.repeat(LINE_CHARS_MAX - 1)}`);
  for (let i = 0; i < control.burst; i++) offerer.consentDirect(i % 2 === 0);
  world.flush();
  const { burst } = control;
  assert.equal(
    frames,
    description.burst + candidates.burst + media.burst + chat.burst + burst,
    'every one of them was passed on',
  );
  assert.ok(chars > 0.75 * UNACKED_CHARS_MAX, 'and they are large');
  assert.deepEqual([offerer.closedBy, answerer.closedBy], [null, null]);
});

function largestOffer(): string {
  const [head, ...rest] = OFFER.split('a=sendrecv\r\n');
  const line = `a=ssrc:1 cname:${'c'.repeat(80)}\r\n`;
  let padding = '';
  let offered = '';
  while (offered.length + line.length <= SDP_CHARS_MAX) {
    padding += line;
    offered = [`${head}a=sendrecv\r\n${padding}`, ...rest].join('a=sendrecv\r\n');
  }
  return offered;
}

function told(client: TestClient): { readonly you: boolean; readonly stranger: boolean } {
  const { you, stranger } = client.last('direct.updated');
  return { you, stranger };
}
