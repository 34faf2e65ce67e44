import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ExchangeState, ExchangeWish, TaggedLine } from '@farandole/protocol/fields';
import { EXCHANGE_SPAN_MS, EXCHANGE_STATES_MAX } from '@farandole/protocol/limits';
import type { TestClient } from './support/test-client.ts';
import { World } from './support/world.ts';

const OFFERED = { rules: { offered: ['text', 'voice', 'video', 'exchange'] } };

function wish(speaks: string, learns: string, helps = false): ExchangeWish {
  return { speaks: [speaks], learns: [{ language: learns, level: 'B1' }], helps };
}

function exchanging(options = OFFERED) {
  const world = new World(options);
  const [ada, bo] = [world.joinAdult('ada'), world.joinAdult('bo')];
  ada.searchFor('text', { exchange: wish('en', 'fr') });
  bo.searchFor('text', { exchange: wish('fr', 'en') });
  world.settle();
  assert.ok(ada.call !== null && bo.call !== null);
  return { world, ada, bo };
}

function refusalOf(exchange: ExchangeWish, options = OFFERED): string {
  const world = new World(options);
  const ada = world.joinAdult('ada');
  ada.searchFor('text', { exchange });
  world.settle();
  assert.ok(ada.isAttached);
  return ada.last('ticket.refused').reason;
}

function pass(client: TestClient, change: Partial<ExchangeState> = {}): void {
  const state = { turn: 0, asks: false, spoke: 0, ...change };
  client.pass({ type: 'call.exchange', ...client.inCall(), state });
}

function bare({ id, side, counters, atMs, text, tag }: TaggedLine): TaggedLine {
  return { id, side, counters, atMs, text, tag };
}

const heardBy = (client: TestClient) => client.all('call.exchange').map(({ state }) => state);

test('[PR-140] names what each user learns, also after a restart', () => {
  const { world, ada, bo } = exchanging();
  const isAda = ada.call?.side === 'a';
  const french = { language: 'fr', level: 'B1' };
  const english = { language: 'en', level: 'B1' };
  const learners = isAda ? [french, english] : [english, french];
  assert.deepEqual(ada.last('match.found').exchange, { learners });
  assert.deepEqual(bo.last('match.found').exchange, { learners });
  world.restart();
  for (const client of [ada, bo]) world.connect(client);
  world.settle();
  assert.deepEqual(bo.last('call.restored').exchange, { learners });
});

test('[PR-140] names nothing in an ordinary call', () => {
  const world = new World(OFFERED);
  const [ada] = world.pair('ada', 'bo', 'text');
  assert.equal(ada.last('match.found').exchange, undefined);
});

test('[GW-150] refuses an exchange with invalid languages or levels', () => {
  const french = { language: 'fr', level: 'B1' };
  assert.equal(refusalOf(wish('en', 'en')), 'bad-exchange');
  const four = { ...wish('en', 'fr'), speaks: ['en', 'de', 'es', 'it'] };
  assert.equal(refusalOf(four), 'bad-exchange');
  const level = { speaks: ['en'], learns: [{ ...french, level: 'C2' }], helps: false };
  assert.equal(refusalOf(level), 'bad-exchange');
  assert.equal(refusalOf({ speaks: [], learns: [french], helps: true }), 'bad-exchange');
});

test('[GW-150] refuses an exchange where the operator offers none', () => {
  const rules = { offered: ['text', 'video'] };
  assert.equal(refusalOf(wish('en', 'fr'), { rules }), 'exchange-off');
});

test('[GW-151] closes language exchange for one user and nothing else', () => {
  const world = new World(OFFERED);
  const ada = world.joinAdult('ada');
  ada.searchFor('text', { exchange: wish('en', 'fr') });
  world.settle();
  const closed = { appeal: 'code-of-the-case', endsAtWallMs: 9_000_000 };
  world.decide(ada.subject, { may: 'meet', exchangeClosed: closed });
  assert.equal(ada.last('ticket.refused').reason, 'exchange-closed');
  const told = ada.last('standing.changed');
  assert.deepEqual(told.exchangeClosed, { appeal: closed.appeal, endsAtMs: closed.endsAtWallMs });
  assert.equal(told.may, 'meet');
  ada.searchFor('text', { exchange: wish('en', 'fr') });
  world.settle();
  assert.equal(ada.all('ticket.refused').length, 2);
  const bo = world.joinAdult('bo');
  for (const client of [ada, bo]) client.searchFor('text');
  world.settle();
  assert.ok(ada.call !== null && bo.call !== null);
});

test('[GW-151] leaves the running call open', () => {
  const { world, ada } = exchanging();
  const exchangeClosed = { appeal: null, endsAtWallMs: 9_000_000 };
  world.decide(ada.subject, { may: 'meet', exchangeClosed });
  assert.ok(ada.call !== null);
});

test('[PR-141] relays the state of an exchange, and drops it in other calls', () => {
  const { world, ada, bo } = exchanging();
  pass(ada, { turn: 1, asks: true, spoke: 40 });
  world.flush();
  assert.deepEqual(heardBy(bo), [{ turn: 1, asks: true, spoke: 40 }]);
  assert.deepEqual(heardBy(ada), []);
  const other = new World(OFFERED);
  const [cy, dee] = other.pair('cy', 'dee', 'text');
  pass(cy);
  other.flush();
  assert.deepEqual(heardBy(dee), []);
});

test('[GW-152] drops states above the rate limit until the limit allows another', () => {
  const { world, ada, bo } = exchanging();
  for (let turn = 0; turn <= EXCHANGE_STATES_MAX; turn++) pass(ada, { turn });
  world.flush();
  assert.equal(heardBy(bo).length, EXCHANGE_STATES_MAX);
  assert.ok(ada.isAttached);
  world.pass(EXCHANGE_SPAN_MS / EXCHANGE_STATES_MAX);
  pass(ada);
  world.flush();
  assert.equal(heardBy(bo).length, EXCHANGE_STATES_MAX + 1);
});

test('[PR-142] a correction is a line whose tag names the corrected line', () => {
  const { world, ada, bo } = exchanging();
  const id = ada.sayLine('I has a cat');
  world.flush();
  const place = bo.inCall();
  bo.say('chat.send', { ...place, id: 'line-fixed', text: 'I have a cat', corrects: id });
  world.flush();
  const line = ada.last('chat.line').line;
  assert.equal(line.corrects, id);
  const { receipt } = ada.last('match.found');
  const lines = ada.all('chat.line').map((each) => each.line);
  const report = { receipt, reason: 'not-here-to-learn', note: '' } as const;
  ada.say('report.create', { ...report, id: 'report-1', lines });
  world.settle();
  world.settleJournal();
  const stored = world.journal.stored.find((record) => record.kind === 'report');
  assert.ok(stored?.kind === 'report');
  assert.deepEqual(
    stored.lines.map(({ text }) => text),
    ['I has a cat', 'I have a cat'],
  );
  assert.equal(stored.call?.mode, 'exchange-text');
});

test('[PR-142] finds a line forged whose corrected line was changed', () => {
  const { world, ada, bo } = exchanging();
  const id = ada.sayLine('I has a cat');
  world.flush();
  bo.say('chat.send', { ...bo.inCall(), id: 'line-fixed', text: 'I have a cat', corrects: id });
  world.flush();
  const lines = ada.all('chat.line').map(({ line }) => line);
  const forged = lines.map((line) => (line.side === bo.call?.side ? bare(line) : line));
  const { receipt } = ada.last('match.found');
  const report = { receipt, reason: 'not-here-to-learn', note: '' } as const;
  ada.say('report.create', { ...report, id: 'report-1', lines: forged });
  world.settle();
  world.settleJournal();
  const stored = world.journal.stored.find((record) => record.kind === 'report');
  assert.ok(stored?.kind === 'report' && stored.contradicted === true);
});

test('[PR-142] drops the reference to a corrected line in an ordinary call', () => {
  const world = new World(OFFERED);
  const [ada, bo] = world.pair('ada', 'bo', 'text');
  const place = { ...ada.inCall(), id: 'line-0001', text: 'hello' };
  ada.say('chat.send', { ...place, corrects: 'line-0000' });
  world.flush();
  assert.equal(bo.last('chat.line').line.corrects, undefined);
});

test('[GW-153] takes the reason not-here-to-learn only from an exchange', () => {
  const world = new World(OFFERED);
  const [ada] = world.pair('ada', 'bo', 'text');
  const { receipt } = ada.last('match.found');
  const report = { receipt, reason: 'not-here-to-learn', note: '' } as const;
  ada.say('report.create', { ...report, id: 'report-1', lines: [] });
  world.settle();
  assert.equal(ada.closedBy, 'malformed');
});

test('[GW-154] measures no usual wait from exchanges', () => {
  const world = new World(OFFERED);
  for (let pair = 0; pair < 6; pair++) {
    const [one, other] = [world.joinAdult(`one-${pair}`), world.joinAdult(`other-${pair}`)];
    one.searchFor('text', { exchange: wish('en', 'fr') });
    world.settle();
    world.pass(12_000);
    other.searchFor('text', { exchange: wish('fr', 'en') });
    world.settle();
    assert.ok(other.call !== null);
  }
  const late = world.joinAdult('late');
  late.searchFor('text');
  world.settle();
  assert.equal(late.last('ticket.accepted').usualWaitMs, undefined);
});

test('[GW-155] moves an exchange up and down as every call', () => {
  const { world, ada, bo } = exchanging();
  for (const client of [ada, bo]) client.consentVideo(true);
  world.flush();
  assert.deepEqual([ada.call?.mode, bo.call?.mode], ['voice', 'voice']);
  ada.lowerMode('text');
  world.flush();
  assert.deepEqual([ada.call?.mode, bo.call?.mode], ['text', 'text']);
});
