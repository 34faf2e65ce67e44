import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import { type ExchangeWish, LEVELS } from '@farandole/protocol/fields';
import { promptsOf, SPOKE_EVERY_MS } from '../src/call/exchange.ts';
import { GAP_MAX_MS, PAUSE_MAX_MS, SPEECH_FROM, VoiceClock } from '../src/call/voice-clock.ts';
import { type Person, World } from '../src/fakes/world.ts';
import { type Choice, choiceOf, faultOf, partsOf, wishOf } from '../src/screens/exchange/choice.ts';
import { WORDS_MAX, wordDiff } from '../src/screens/exchange/word-diff.ts';

function wish(speaks: string, learns: string, helps = false): ExchangeWish {
  return { speaks: [speaks], learns: [{ language: learns, level: 'B1' }], helps };
}

async function exchanging(
  hers = wish('en', 'fr'),
  his = wish('fr', 'en'),
): Promise<{ world: World; ada: Person; bo: Person }> {
  const world = new World();
  const [ada, bo] = [world.regular('ada'), world.regular('bo')];
  await world.time.quiet();
  ada.app.navigation.start('text', undefined, hers);
  await world.time.quiet();
  bo.app.navigation.start('text', undefined, his);
  await world.time.advance(500);
  return { world, ada, bo };
}

async function exchangeOf({ app }: Person) {
  return (await app.reactions.load()).exchange;
}

async function viewOf({ app }: Person) {
  return (await app.reactions.load()).exchange.view.value ?? assert.fail('no exchange');
}

const sentBy = ({ server }: World) =>
  server.said.flatMap(({ message }) => (message.type === 'call.exchange' ? [message.state] : []));

test('sends the exchange with the search, and shows the pair its two languages', async () => {
  const { world, ada, bo } = await exchanging();
  const said = world.server.said.map(({ message }) => message);
  const created = said.find(
    (message): message is ClientMessageOf<'ticket.create'> => message.type === 'ticket.create',
  );
  assert.deepEqual(created?.exchange, wish('en', 'fr'));
  const [hers, his] = [await viewOf(ada), await viewOf(bo)];
  assert.equal(hers.now, his.now);
  assert.deepEqual(hers.languages.toSorted(), ['en', 'fr']);
  assert.deepEqual(his.languages, hers.languages);
  assert.notEqual(hers.isLearner, his.isLearner);
  world.assertNoFault();
});

test('switches the language once both asked, and never before', async () => {
  const { world, ada, bo } = await exchanging();
  const before = (await viewOf(ada)).now;
  const [hers, his] = [await exchangeOf(ada), await exchangeOf(bo)];
  hers.toggleSwitch();
  await world.time.advance(100);
  assert.deepEqual([hers.view.value?.asks, his.view.value?.peerAsks], [true, true]);
  assert.deepEqual([hers.view.value?.now, his.view.value?.now], [before, before]);
  hers.toggleSwitch();
  await world.time.advance(100);
  assert.equal(his.view.value?.peerAsks, false);
  his.toggleSwitch();
  await world.time.advance(100);
  hers.toggleSwitch();
  await world.time.advance(100);
  assert.notEqual(hers.view.value?.now, before);
  assert.equal(his.view.value?.now, hers.view.value?.now);
  assert.deepEqual([hers.view.value?.asks, his.view.value?.asks], [false, false]);
});

test('both pages come to the same language when both ask at once', async () => {
  const { world, ada, bo } = await exchanging();
  const before = (await viewOf(ada)).now;
  const [hers, his] = [await exchangeOf(ada), await exchangeOf(bo)];
  hers.toggleSwitch();
  his.toggleSwitch();
  await world.time.advance(100);
  assert.notEqual(hers.view.value?.now, before);
  assert.equal(his.view.value?.now, hers.view.value?.now);
});

test('a page that missed a switch follows the other page', async () => {
  const { world, ada, bo } = await exchanging();
  const [hers, his] = [await exchangeOf(ada), await exchangeOf(bo)];
  const { match, epoch } = world.server.calls.values().next().value ?? assert.fail('no call');
  const type = 'call.exchange';
  hers.receive({ type, match, epoch, state: { turn: 3, asks: false, spoke: 0 } });
  const sent = sentBy(world).length;
  his.toggleSwitch();
  await world.time.advance(2 * SPOKE_EVERY_MS);
  assert.ok(sentBy(world).length > sent);
  assert.equal(his.view.value?.now, hers.view.value?.now);
});

test('offers no switch to a pair of whom one only helps', async () => {
  const { world, ada } = await exchanging(wish('en', 'fr'), wish('fr', 'de', true));
  const hers = await exchangeOf(ada);
  assert.deepEqual(hers.view.value?.languages, ['fr']);
  assert.equal(hers.view.value.isLearner, true);
  const sent = sentBy(world).length;
  hers.toggleSwitch();
  await world.time.advance(100);
  assert.equal(sentBy(world).length, sent);
  assert.equal(hers.view.value.asks, false);
});

test('counts in a text call who wrote how much', async () => {
  const { world, ada, bo } = await exchanging();
  const hers = await exchangeOf(ada);
  assert.equal(hers.view.value?.share, null);
  ada.app.chat.setDraft('abc');
  ada.app.chat.sendLine();
  bo.app.chat.setDraft('abcdefghi');
  bo.app.chat.sendLine();
  await world.time.advance(100);
  assert.equal(hers.view.value?.share, 0.25);
  assert.equal((await viewOf(bo)).share, 0.75);
});

test('a correction is a line of its own that names the corrected line', async () => {
  const { world, ada, bo } = await exchanging();
  ada.app.chat.setDraft('I has a cat');
  ada.app.chat.sendLine();
  await world.time.advance(100);
  const line = bo.app.chat.view.value?.lines.at(-1) ?? assert.fail('no line');
  bo.app.chat.correct(line.id, 'I have a cat');
  await world.time.advance(100);
  for (const { app } of [ada, bo]) {
    const last = app.chat.view.value?.lines.at(-1);
    assert.deepEqual([last?.text, last?.corrects], ['I have a cat', line.id]);
  }
});

test('searches for anyone once the user asks, and keeps the search otherwise', async () => {
  const world = new World();
  const ada = world.regular('ada');
  await world.time.quiet();
  ada.app.navigation.start('text', undefined, wish('en', 'fr'));
  await world.time.quiet();
  assert.notEqual(ada.app.search.view.value?.exchange, null);
  ada.app.navigation.waitFor(null);
  await world.time.quiet();
  assert.equal(ada.app.search.view.value?.exchange, null);
  assert.equal(world.server.waiting[0]?.ticket.exchange, undefined);
});

test('waits for the user after a refused exchange, and then searches for anyone', async () => {
  for (const reason of ['bad-exchange', 'exchange-off', 'exchange-closed'] as const) {
    const world = new World();
    const ada = world.regular('ada');
    await world.time.quiet();
    world.server.refusals.push({ reason });
    ada.app.navigation.start('text', undefined, wish('en', 'fr'));
    await world.time.advance(60_000);
    assert.deepEqual(ada.app.search.view.value?.held, { reason, retryInMs: null });
    ada.app.navigation.waitFor(null);
    await world.time.quiet();
    assert.equal(ada.app.search.view.value?.held, null);
    assert.equal(world.server.waiting.length, 1);
  }
});

test('a choice survives its storage, whatever it is', () => {
  const prng = createPrng(1);
  const languages = ['en', 'fr', 'de', 'ar', 'yue'];
  for (let run = 0; run < 200; run++) {
    const [a = '', b = '', c = '', d = ''] = prng.shuffle([...languages]);
    const level = prng.pick([null, ...LEVELS]);
    const choice: Choice = {
      speaks: prng.chance(0.5) ? [a] : [a, b],
      learns: prng.chance(0.5)
        ? [{ language: c, level }]
        : [
            { language: c, level },
            { language: d, level: 'A1' },
          ],
      helps: prng.chance(0.5),
    };
    assert.deepEqual(choiceOf(partsOf(choice), 'en'), choice);
    assert.equal(wishOf(choice) === null, faultOf(choice) !== null);
  }
});

test('names the fault of a choice', () => {
  const french = { language: 'fr', level: 'B1' } as const;
  const choice: Choice = { speaks: ['en'], learns: [french], helps: false };
  assert.equal(faultOf(choice), null);
  assert.equal(faultOf({ ...choice, speaks: [] }), 'speaks');
  assert.equal(faultOf({ ...choice, learns: [{ language: 'fr', level: null }] }), 'learns');
  assert.equal(faultOf({ ...choice, speaks: ['fr'] }), 'same');
  assert.equal(faultOf({ ...choice, learns: [french, french] }), 'same');
  assert.equal(faultOf(choiceOf([], 'en')), 'learns');
});

test('a diff loses nothing of either text', () => {
  const prng = createPrng(2);
  const words = ['I', 'has', 'have', 'a', 'cat', '猫', ',', 'été', '👋'];
  const textOf = () => Array.from({ length: prng.below(12) }, () => prng.pick(words)).join(' ');
  for (let run = 0; run < 300; run++) {
    const [before, after] = [textOf(), textOf()];
    const pieces = wordDiff(before, after);
    const side = (kind: 'gone' | 'new') =>
      pieces
        .filter((piece) => piece.kind === 'same' || piece.kind === kind)
        .map(({ text }) => text);
    assert.equal(side('gone').join(''), before);
    assert.equal(side('new').join(''), after);
  }
});

test('a diff marks only the changed words', () => {
  assert.deepEqual(wordDiff('I has a cat', 'I have a cat'), [
    { kind: 'same', text: 'I ' },
    { kind: 'gone', text: 'has' },
    { kind: 'new', text: 'have' },
    { kind: 'same', text: ' a cat' },
  ]);
  const long = 'a '.repeat(WORDS_MAX);
  assert.deepEqual(
    wordDiff(long, 'b').map(({ kind }) => kind),
    ['gone', 'new'],
  );
});

test('the voice clock counts speech and short pauses, and no silence or gap', () => {
  const clock = new VoiceClock();
  assert.equal(clock.percent, 0);
  for (let atMs = 0; atMs <= 4_000; atMs += 100) clock.take(atMs < 1_000 ? 1 : 0, atMs);
  const counted = 900 + PAUSE_MAX_MS;
  assert.equal(clock.percent, Math.round((100 * counted) / 4_000));
  const before = clock.percent;
  clock.take(SPEECH_FROM, 4_000 + GAP_MAX_MS + 1);
  assert.equal(clock.percent, before);
  clock.reset();
  assert.equal(clock.percent, 0);
});

test('room noise below the gate is no speech', () => {
  const clock = new VoiceClock();
  for (let atMs = 0; atMs <= 4_000; atMs += 100) clock.take(SPEECH_FROM - 0.01, atMs);
  assert.equal(clock.percent, 0);
});

test('each level has the prompts of its band', () => {
  const bands = LEVELS.map(promptsOf);
  assert.deepEqual(bands, ['learn-a', 'learn-a', 'learn-b', 'learn-b', 'learn-c']);
});
