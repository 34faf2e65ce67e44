import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { Card } from '@farandole/protocol/fields';
import { CARDS_MAX, CARDS_SPAN_MS } from '@farandole/protocol/limits';
import { readLocales } from '@farandole/ui/scripts/locales';
import { type Cards, DECKS, deckOf, GAMES } from '../src/call/cards.ts';
import { TUNES, tuneOf } from '../src/call/tunes.ts';
import type { Person, World } from '../src/fakes/world.ts';
import { met, seeing } from './support/opened.ts';

async function cardsOf({ app }: Person) {
  return (await app.reactions.load()).cards;
}

const textsOf = (...all: readonly Cards[]): (number | undefined)[] =>
  all.map(({ view }) => view.value?.text);

const sentBy = (world: World): readonly Card[] =>
  world.server.said
    .map(({ message }) => message)
    .filter((message): message is ClientMessageOf<'call.card'> => message.type === 'call.card')
    .map(({ card }) => card);

test('[PR-48] shows both users the same cards of each game, and takes turns', async () => {
  const { world, ada, bo } = await met('text');
  const [hers, his] = [await cardsOf(ada), await cardsOf(bo)];
  for (const game of GAMES) {
    const shown = new Set<number>();
    for (let played = 0; played < 2; played++) {
      (played === 0 ? hers : his).play(game);
      await world.time.advance(CARDS_SPAN_MS);
      const card = hers.view.value ?? assert.fail('Ada sees no card');
      assert.equal(card.game, game);
      assert.equal(his.view.value?.text, card.text);
      assert.equal(his.view.value?.isOwnTurn, !card.isOwnTurn);
      shown.add(card.text);
    }
    assert.equal(shown.size, 2, game);
  }
  world.assertNoFault();
});

test('[PR-48] a deck has each card once, in an order that depends on the match', () => {
  for (const game of GAMES) {
    const sorted = deckOf('match-1', game).toSorted((one, other) => one - other);
    assert.deepEqual(
      sorted,
      Array.from({ length: DECKS[game] }, (_, text) => text),
    );
    assert.deepEqual(deckOf('match-1', game), deckOf('match-1', game));
    assert.notDeepEqual(deckOf('match-1', game), deckOf('match-2', game));
  }
});

test('[PR-48a] shows the card of seat a if both users play at once', async () => {
  const { world, ada, bo } = await met('text');
  const [hers, his] = [await cardsOf(ada), await cardsOf(bo)];
  hers.play('truths');
  his.play('tune');
  await world.time.advance(50);
  assert.equal(sentBy(world).length, 2);
  const kept = sentBy(world).find(({ side }) => side === 'a') ?? assert.fail('no card of seat a');
  assert.equal(hers.view.value?.game, kept.game);
  assert.deepEqual({ ...hers.view.value, isOwnTurn: null }, { ...his.view.value, isOwnTurn: null });
});

test('[PR-48a] sends the card again when a socket returns', async () => {
  const { world, ada, bo } = await met('text');
  const [hers, his] = [await cardsOf(ada), await cardsOf(bo)];
  const there = { match: ada.app.call.last?.match ?? '', epoch: 1 };
  const says = async (present: boolean) => {
    world.node.send(world.sessionOf(ada), { type: 'peer.presence', ...there, present });
    await world.time.advance(50);
  };
  await says(false);
  hers.play('ice');
  await world.time.advance(50);
  const before = sentBy(world).length;
  await says(true);
  assert.equal(sentBy(world).length, before + 1);
  assert.equal(his.view.value?.text, hers.view.value?.text);
});

test('[PR-48b] offers and shows no card in a video call until both are uncovered', async () => {
  const { world, ada, bo } = await met('video');
  const [hers, his] = [await cardsOf(ada), await cardsOf(bo)];
  await world.time.advance(1_000);
  hers.play('ice');
  assert.deepEqual(sentBy(world), []);
  ada.app.call.show();
  await world.time.advance(100);
  assert.equal(hers.areOffered.value, false, 'Bo still covers Ada');
  hers.play('ice');
  assert.deepEqual(sentBy(world), []);
  const { match, epoch } = ada.app.call.last ?? assert.fail('no call');
  const card: Card = { game: 'ice', at: 0, turn: 1, side: 'a' };
  his.receive({ type: 'call.card', match, epoch, card });
  assert.equal(his.view.value, null, 'a page that breaks the rule shows nothing');
  bo.app.call.show();
  await world.time.advance(100);
  assert.equal(hers.areOffered.value, true);
  assert.notEqual(his.view.value, null);
});

test('[PR-48b] hides the card while a user is covered again', async () => {
  const { world, ada, bo } = await seeing();
  const [hers, his] = [await cardsOf(ada), await cardsOf(bo)];
  hers.play('ice');
  await world.time.advance(50);
  assert.notEqual(his.view.value, null);
  bo.app.call.cover();
  await world.time.advance(50);
  assert.deepEqual([hers.view.value, his.view.value], [null, null]);
});

test('[PR-48b] makes the user wait after too many cards', async () => {
  const { world, ada } = await met('text');
  const cards = await cardsOf(ada);
  for (let played = 0; played <= CARDS_MAX; played++) cards.play('ice');
  await world.time.quiet();
  assert.equal(sentBy(world).length, CARDS_MAX);
  assert.equal(cards.mustWait.value, true);
  await world.time.advance(CARDS_SPAN_MS);
  assert.equal(cards.mustWait.value, false);
});

test('keeps cards put away until the user plays again, and tells the peer nothing', async () => {
  const { world, ada, bo } = await met('text');
  const [hers, his] = [await cardsOf(ada), await cardsOf(bo)];
  hers.play('ice');
  await world.time.advance(50);
  his.putAway();
  hers.play('ice');
  await world.time.advance(50);
  assert.equal(his.view.value, null);
  assert.notEqual(hers.view.value, null);
  assert.equal(sentBy(world).length, 2);
  his.play('truths');
  await world.time.advance(50);
  assert.deepEqual(textsOf(his, hers), textsOf(hers, his));
});

test('shows no card of an earlier call', async () => {
  const { world, ada } = await met('text');
  const cards = await cardsOf(ada);
  cards.play('ice');
  ada.app.navigation.stop();
  await world.time.advance(50);
  assert.equal(cards.view.value, null);
  cards.play('ice');
  assert.equal(sentBy(world).length, 1);
});

const LOCALES = readLocales('cards');

test('each language has all cards of each deck, without duplicates', () => {
  for (const [language, { cards }] of Object.entries(LOCALES)) {
    for (const game of GAMES) {
      const texts = Object.values(cards[game]);
      assert.equal(texts.length, DECKS[game], `${language} ${game}`);
      assert.equal(new Set(texts).size, texts.length, `${language} ${game}`);
    }
  }
});

/**
 * What no card may ask for, in each language: name, age, place, school, work, contact, family,
 * body, and what is common as a security question.
 */
const ASKED_FOR: Readonly<Record<string, RegExp>> = {
  en: /\bnames?\b|surname|nickname|\bage\b|how old|birth|born|\blives?\b|city|town|street|address|country|where|school|teacher|college|universit|\bjob\b|\bwork|employer|phone number|e-?mail|instagram|account|mother|father|parent|sister|brother|family|child|weigh|tall|body|wear|first (?:pet|car|kiss|concert)|favou?rite|password|maiden/iu,
  fr: /\bnom\b|prénom|surnom|\bâge\b|naissance|\bné(?:e|s)?\b|\bhabitez|ville|\brue\b|adresse|\bpays\b|\boù\b|école|prof|université|travail|métier|emploi|numéro|courriel|instagram|compte|mère|père|parents|sœur|\bfrère\b(?! jacques)|famille|enfan|poids|taille|corps|portez|premi(?:er|ère)\b|préféré|mot de passe/iu,
  es: /\bnombre\b|apellido|apodo|edad\b|nacim|naciste|\bvives\b|ciudad|\bcalle|dirección|\bpaís|dónde vi|escuela|colegio|profesor|universidad|trabajo|empleo|número|correo|instagram|cuenta de|madre|padre|hermana|hermano|familia|niñ|infancia|\bpesas|mides|cuerpo|llevas puesto|\bprimer(?:a|o)? (?:mascota|coche|beso)|favorit|contraseña/iu,
  pt: /\bnome\b|sobrenome|apelido|\bidade\b|nasc|\bmora\b|cidade|\brua\b|endereço|\bpaís|\bonde\b|escola|professor|universidade|trabalho|emprego|número|e-?mail|instagram|conta de|\bmãe|\bpai\b|irmã|família|infância|crianç|\bpesa\b|altura|corpo|vestindo|\bprimeir[oa] (?:animal|carro|beijo)|favorit|senha/iu,
  de: /\bName|heißt|Spitzname|\balt bist|\bAlter\b|gebor|\b[Ww]ohn|\bStadt|Straße|Adresse|\bLand\b|\bwo\b|Schule|Lehrer|Universität|\bArbeit|arbeitest|Beruf|Nummer|E-Mail|Instagram|Konto|Mutter|Vater|Eltern|Schwester|\bBruder\b(?! Jakob)|Familie|Kind|wiegst|groß|Körper|trägst|\berste[rs]? (?:Haustier|Auto|Kuss)|Lieblings|Passwort/u,
  ar: /اسمك|لقبك|عمرك|ميلاد|ولدت|تسكن|مدين|شارع|عنوان|بلدك|\bأين\b|مدرس|معلم|جامع|وظيف|مهنت|رقم هاتف|بريد|حسابك|أمك|والد|أخت|أخوك|عائل|أسرت|طفول|وزنك|طولك|جسم|ترتدي|المفضل|كلمة السر/u,
};

const PROMPTS = readLocales('exchange');

test('each language has all prompts of each level, without duplicates', () => {
  for (const [language, { exchange }] of Object.entries(PROMPTS)) {
    for (const [game, cards] of Object.entries(exchange.prompts)) {
      const texts = Object.values(cards);
      assert.equal(texts.length, DECKS[game as keyof typeof exchange.prompts], language);
      assert.equal(new Set(texts).size, texts.length, `${language} ${game}`);
    }
  }
});

test('no prompt asks for personal details', () => {
  for (const [language, { exchange }] of Object.entries(PROMPTS)) {
    const pattern = ASKED_FOR[language] ?? assert.fail(`no patterns of ${language}`);
    for (const cards of Object.values(exchange.prompts)) {
      for (const text of Object.values(cards)) assert.doesNotMatch(text, pattern, language);
    }
  }
});

test('no card asks for personal details or the answer to a security question', () => {
  for (const [language, { cards }] of Object.entries(LOCALES)) {
    const pattern = ASKED_FOR[language] ?? assert.fail(`no patterns of ${language}`);
    for (const game of ['ice', 'truths', 'draw'] as const) {
      for (const text of Object.values(cards[game])) assert.doesNotMatch(text, pattern, language);
    }
  }
  assert.match('What was the name of your first pet?', ASKED_FOR['en'] ?? /^$/u);
  assert.match('Wo wohnst du?', ASKED_FOR['de'] ?? /^$/u);
});

test('each tune has a melody of at most 15 seconds, without overlapping notes', () => {
  assert.equal(TUNES, DECKS.tune);
  for (let tune = 0; tune < TUNES; tune++) {
    const notes = tuneOf(tune);
    assert.ok(notes.length >= 10);
    for (const [at, { hertz, atMs, lastsMs }] of notes.entries()) {
      assert.ok(hertz > 150 && hertz < 1_000 && lastsMs > 0);
      assert.ok(atMs + lastsMs < (notes[at + 1]?.atMs ?? 15_000));
    }
  }
});
