import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REMATCH_COOLDOWN_MS } from '@farandole/matchmaking/limits';
import type { Seat } from '@farandole/protocol/fields';
import { QUESTIONS_MAX, QUESTIONS_SPAN_MS, RESUME_GRACE_MS } from '@farandole/protocol/limits';
import { ASKERS_REMEMBERED_MAX, QUESTION_REPORTED_FOR_MS } from '../src/limits.ts';
import { Questions } from '../src/questions.ts';
import { openCallReceipt } from '../src/receipts.ts';
import { factsOf } from './support/facts-of.ts';
import { deviceIdOf } from './support/fake-signer.ts';
import { networkOf } from './support/networks.ts';
import { reportsIn } from './support/talked.ts';
import type { ClientCall, TestClient } from './support/test-client.ts';
import { World } from './support/world.ts';

const TEXT = 'Tea or coffee?';
const OFFERED = { rules: { offered: ['video', 'text', 'question'] } };

interface Group {
  readonly world: World;
  readonly ada: TestClient;
  readonly bo: TestClient;
  readonly cleo: TestClient;
}

/** Ada asks Bo and Cleo. Each comes from a network of their own. */
function asked(text = TEXT, world = new World(OFFERED)): Group {
  const [ada, bo, cleo] = ['ada', 'bo', 'cleo'].map((name, at) =>
    world.joinAdult(name, networkOf(at + 1)),
  ) as [TestClient, TestClient, TestClient];
  world.proven.add(ada.subject);
  ask(ada, text);
  for (const client of [bo, cleo]) client.searchFor('question', { role: 'answerer' });
  world.settle();
  return { world, ada, bo, cleo };
}

function ask(client: TestClient, question: string): void {
  client.searchFor('question', { role: 'asker', question });
}

function callOf({ call }: TestClient): ClientCall {
  assert.ok(call !== null);
  return call;
}

function refusalOf(client: TestClient): readonly [string, string | undefined] {
  const { reason, fault } = client.last('ticket.refused');
  return [reason, fault];
}

test('[GW-160] opens a call of three, whose first line is the question', () => {
  const { world, ada, bo, cleo } = asked();
  const sides = [ada, bo, cleo].map((client) => callOf(client).side);
  assert.deepEqual(sides, ['a', 'b', 'c']);
  for (const client of [ada, bo, cleo]) {
    const { mode, next, videoOffered, directOffered } = client.last('match.found');
    assert.deepEqual(
      [mode, next, videoOffered, directOffered],
      ['question', undefined, undefined, false],
    );
    assert.deepEqual(client.texts, [TEXT]);
    assert.deepEqual(callOf(client).lines[0]?.counters, [1, 0, 0]);
    const receipt = openCallReceipt(world.signer, callOf(client).receipt);
    assert.deepEqual(
      receipt?.holders.map(({ subject }) => subject),
      [ada.subject, bo.subject, cleo.subject],
    );
  }
  assert.deepEqual(world.gateway.counts(), { online: 3, detached: 0, waiting: 0, calls: 1 });
});

test('[GW-161] delivers the lines of both answerers to all three in one order', () => {
  const { world, ada, bo, cleo } = asked();
  bo.sayLine('Tea.');
  cleo.sayLine('Coffee!');
  bo.sayLine('Why?');
  world.flush();
  for (const client of [ada, bo, cleo]) {
    assert.deepEqual(client.texts, [TEXT, 'Tea.', 'Coffee!', 'Why?']);
    assert.deepEqual(callOf(client).lines.at(-1)?.counters, [1, 2, 1]);
  }
});

test('[GW-161] refuses lines of the asker and drops other messages', () => {
  const { world, ada, bo, cleo } = asked();
  ada.sayLine('Me too!');
  ada.type(true);
  ada.pass({ type: 'call.react', ...ada.inCall(), reaction: 'wave' });
  ada.pass({
    type: 'call.card',
    ...ada.inCall(),
    card: { game: 'ice', at: 0, turn: 1, side: 'a' },
  });
  ada.sayMedia();
  ada.consentVideo(true);
  ada.lowerMode('text');
  ada.sayCandidate('');
  ada.say('signal.offer', { ...ada.inCall(), sdp: 'v=0' });
  ada.say('signal.answer', { ...ada.inCall(), sdp: 'v=0' });
  world.flush();
  assert.equal(ada.last('chat.refused').reason, 'not-allowed');
  for (const client of [bo, cleo]) {
    assert.deepEqual(client.texts, [TEXT]);
    const types = new Set(client.received.map(({ type }) => type));
    for (const type of ['chat.typing', 'call.reaction', 'call.card', 'media.updated'] as const) {
      assert.ok(!types.has(type), type);
    }
    for (const type of types) assert.doesNotMatch(type, /^(?:signal|video|mode)\./);
  }
});

test('[GW-161] drops media and signals of an answerer', () => {
  const { world, ada, bo, cleo } = asked();
  bo.sayMedia();
  bo.say('signal.offer', { ...bo.inCall(), sdp: 'v=0' });
  bo.say('signal.answer', { ...bo.inCall(), sdp: 'v=0' });
  bo.consentVideo(true);
  bo.type(true);
  world.flush();
  for (const client of [ada, cleo]) {
    const types = new Set(client.received.map(({ type }) => type));
    assert.ok(types.has('chat.typing'));
    assert.ok(!types.has('media.updated'));
    for (const type of types) assert.doesNotMatch(type, /^(?:signal|video)\./);
  }
});

test('[GW-162] refuses a search for a seat that does not exist', () => {
  const world = new World(OFFERED);
  const ada = world.joinAdult('ada');
  world.proven.add(ada.subject);
  for (const fields of [
    { mode: 'question' },
    { mode: 'text', role: 'asker' },
    { mode: 'text', question: TEXT },
    { mode: 'question', role: 'answerer', question: TEXT },
  ] as const) {
    ada.searchFor(fields.mode, fields);
    world.settle();
    assert.deepEqual(refusalOf(ada), ['not-offered', undefined], JSON.stringify(fields));
  }
  const without = new World();
  const bo = without.joinAdult('bo');
  bo.searchFor('question', { role: 'answerer' });
  without.settle();
  assert.deepEqual(refusalOf(bo), ['not-offered', undefined]);
});

test('[GW-162] refuses an unproven asker, and admits an unproven answerer', () => {
  const world = new World(OFFERED);
  const ada = world.joinAdult('ada');
  ask(ada, TEXT);
  world.settle();
  assert.deepEqual(refusalOf(ada), ['not-proven', undefined]);
  ada.searchFor('question', { role: 'answerer' });
  world.settle();
  assert.equal(ada.all('ticket.refused').length, 1);
  assert.equal(world.gateway.counts().waiting, 1);
});

test('[GW-163] names the fault of a refused question', () => {
  const world = new World(OFFERED);
  const ada = world.joinAdult('ada');
  world.proven.add(ada.subject);
  for (const [text, fault] of [
    ['', 'empty'],
    ['x'.repeat(141), 'too-long'],
    ['Write to me at tea@example.org?', 'contact'],
    ['Is https://example.org good?', 'link'],
    ['Do you know Ada Lovelace?', 'name'],
  ] as const) {
    ask(ada, text);
    world.settle();
    assert.deepEqual(refusalOf(ada), ['bad-question', fault], text);
    world.pass(2_000);
  }
  ada.searchFor('question', { role: 'asker' });
  world.settle();
  assert.deepEqual(refusalOf(ada), ['bad-question', 'empty']);
});

test('[GW-164] admits five questions an hour by cookie and by device key', () => {
  const world = new World(OFFERED);
  const ada = world.joinAdult('ada');
  world.proven.add(ada.subject);
  for (let at = 0; at < QUESTIONS_MAX; at++) {
    ask(ada, `${TEXT} ${at}`);
    world.settle();
    ada.withdraw();
    world.pass(2_500);
  }
  assert.equal(ada.all('ticket.refused').length, 0);
  ask(ada, TEXT);
  world.settle();
  const refused = ada.last('ticket.refused');
  assert.equal(refused.reason, 'too-many-questions');
  assert.ok((refused.retryAfterMs ?? 0) > QUESTIONS_SPAN_MS - 60_000);
  const again = world.joinAdult('ada-2', { device: ada.device });
  world.proven.add(again.subject);
  ask(again, TEXT);
  world.settle();
  assert.equal(refusalOf(again)[0], 'too-many-questions');
});

test('[GW-164] admits a sixth question after an hour', () => {
  const questions = new Questions();
  const asker = { subject: 's-1', device: 'd-1' } as unknown as Parameters<Questions['take']>[0];
  for (let at = 0; at < QUESTIONS_MAX; at++) assert.equal(questions.take(asker, at), 0);
  assert.equal(questions.take(asker, QUESTIONS_SPAN_MS - 1), 1);
  assert.equal(questions.take(asker, QUESTIONS_SPAN_MS), 0);
  assert.equal(questions.take(asker, QUESTIONS_SPAN_MS), 1);
  assert.ok(questions.size <= ASKERS_REMEMBERED_MAX);
});

test('[GW-165] withdraws a question after reports from two networks', () => {
  const world = new World(OFFERED);
  const { ada, bo, cleo } = asked(TEXT, world);
  bo.report(callOf(bo), { of: 'a' });
  world.flush();
  ask(ada, 'Tea or  COFFEE?!');
  world.settle();
  assert.equal(ada.all('ticket.refused').length, 0, 'one report is not enough');
  const call = cleo.last('match.found');
  cleo.report({ receipt: call.receipt, lines: linesOf(cleo) }, { of: 'a' });
  world.flush();
  assert.deepEqual(refusalOf(ada), ['bad-question', 'withdrawn'], 'the waiting search ends');
  assert.equal(world.gateway.counts().waiting, 0);
  ask(ada, TEXT);
  world.settle();
  assert.equal(ada.all('ticket.refused').length, 2);
  ask(ada, 'Milk or water?');
  world.settle();
  assert.equal(ada.all('ticket.refused').length, 2, 'another question is admitted');
});

test('[GW-165] counts one report per network and question, for 30 days', () => {
  const questions = new Questions();
  const asker = 'subject-1' as never;
  questions.report(asker, TEXT, 'network-1', 0);
  questions.report(asker, TEXT, 'network-1', 0);
  assert.ok(!questions.isWithdrawn(asker, TEXT, 0));
  questions.report('subject-2' as never, TEXT, 'network-2', 0);
  assert.ok(!questions.isWithdrawn(asker, TEXT, 0));
  questions.report(asker, 'tea, or coffee', 'network-2', 0);
  assert.ok(questions.isWithdrawn(asker, TEXT, QUESTION_REPORTED_FOR_MS - 1));
  assert.ok(!questions.isWithdrawn(asker, TEXT, QUESTION_REPORTED_FOR_MS));
});

test('[GW-164] counts stored questions after a restart, and never twice', () => {
  const asker = { subject: 's-1', device: 'd-1' } as unknown as Parameters<Questions['take']>[0];
  const now = { monotonicMs: 10_000, wallMs: 2 * QUESTIONS_SPAN_MS };
  const stored = [1, 2, 3].map((ago) => now.wallMs - QUESTIONS_SPAN_MS + ago * 1_000);
  const questions = new Questions();
  for (let at = 0; at < 2; at++) questions.load(asker, { asked: stored, reported: [] }, now);
  assert.equal(questions.take(asker, now.monotonicMs), 0);
  assert.equal(questions.take(asker, now.monotonicMs), 0);
  assert.equal(questions.take(asker, now.monotonicMs), 1_000);
  questions.load(asker, { asked: stored, reported: [] }, now);
  assert.equal(questions.take(asker, now.monotonicMs + 1_000), 0, 'the known questions stay');
  assert.equal(questions.take(asker, now.monotonicMs + 1_000), 1_000);
  // The known questions are too old to count when those of another node are read.
  const laterMs = now.monotonicMs + QUESTIONS_SPAN_MS;
  const later = { monotonicMs: laterMs, wallMs: now.wallMs + QUESTIONS_SPAN_MS };
  const elsewhere = [1, 2, 3, 4].map((ago) => later.wallMs - ago * 60_000).toReversed();
  questions.load(asker, { asked: elsewhere, reported: [] }, later);
  assert.equal(questions.take(asker, laterMs), 0);
  assert.equal(questions.take(asker, laterMs), QUESTIONS_SPAN_MS - 4 * 60_000);
});

test('[GW-165] withdraws a question by its stored reports, and ends its search', () => {
  const world = new World(OFFERED);
  const ada = world.joinAdult('ada');
  world.proven.add(ada.subject);
  ask(ada, TEXT);
  world.settle();
  const { subject } = ada;
  const device = deviceIdOf(ada.device.publicKey);
  const read = (reported: readonly { network: string; agoMs: number }[]): void => {
    const questions = {
      asked: [],
      reported: reported.map(({ network, agoMs }) => ({
        ...{ text: 'tea or coffee', network },
        atMs: world.now.wallMs - agoMs,
      })),
    };
    const facts = { ...factsOf([], { subject, device }), questions };
    assert.ok(world.gateway.peopleRead([facts], 0, world.now));
    world.flush();
  };
  const dayMs = 24 * 60 * 60_000;
  const first = { network: 'network-1', agoMs: 2 * dayMs };
  read([first]);
  read([first, { ...first, agoMs: dayMs }]);
  assert.equal(ada.all('ticket.refused').length, 0, 'one network is not enough');
  read([first, { network: 'network-2', agoMs: dayMs }]);
  assert.deepEqual(refusalOf(ada), ['bad-question', 'withdrawn']);
  ask(ada, TEXT);
  world.settle();
  assert.equal(ada.all('ticket.refused').length, 2);
  assert.equal(world.gateway.counts().waiting, 0);
});

test('[GW-166] lets each user report and block each other one', () => {
  const seats = ['a', 'b', 'c'] as const;
  const roles = { a: 'asker', b: 'answerer', c: 'answerer' };
  for (const by of seats) {
    for (const other of seats.filter((seat) => seat !== by)) {
      const { world, ada, bo, cleo } = asked();
      const people = { a: ada, b: bo, c: cleo };
      bo.sayLine('Tea.');
      world.flush();
      people[by].report(callOf(people[by]), { of: other });
      world.flush();
      const [record, ...others] = reportsIn(world);
      assert.deepEqual(others, []);
      assert.equal(record?.of, people[other].subject);
      assert.deepEqual([record?.reporterSide, record?.reportedSide], [by, other]);
      assert.deepEqual(record?.call, {
        mode: 'question',
        roles: { reporter: roles[by], reported: roles[other] },
      });
      assert.equal(record?.lines[0]?.text, TEXT);
      for (const seat of seats) {
        assert.equal(people[seat].last('call.ended').reason, seat === by ? 'you' : 'left');
      }
      const areApart = (x: Seat, y: Seat) =>
        world.pairs.blockedEitherWay(people[x].subject, people[y].subject);
      const apart = [
        ['a', 'b'],
        ['a', 'c'],
        ['b', 'c'],
      ].filter(([x, y]) => areApart(x as Seat, y as Seat));
      assert.deepEqual(apart, [[by, other].toSorted()]);
    }
  }
});

test('[GW-166] stores two reports of one user about both others', () => {
  const { world, ada, bo } = asked();
  const call = callOf(bo);
  bo.report(call, { of: 'a' });
  bo.report(call, { of: 'c', reason: 'hate' });
  world.flush();
  assert.equal(reportsIn(world).length, 2);
  world.settleJournal();
  world.flush();
  assert.equal(bo.all('report.accepted').length, 2);
  assert.deepEqual(
    bo.all('report.accepted').map(({ merged, pictures }) => [merged, pictures]),
    [
      [false, undefined],
      [false, undefined],
    ],
  );
  bo.block(call.receipt, 'c');
  bo.block(call.receipt, 'a');
  world.flush();
  world.settleJournal();
  world.flush();
  assert.deepEqual(
    bo.all('block.accepted').map(({ of }) => of),
    ['c', 'a'],
  );
  assert.equal(ada.call, null);
});

test('[GW-166] closes the session if a report names no other user', () => {
  for (const about of [undefined, 'b'] as const) {
    const { world, bo } = asked();
    const connection = world.gateway.counts().online;
    bo.report(callOf(bo), about === undefined ? {} : { of: about });
    world.flush();
    assert.equal(world.gateway.counts().online, connection - 1, String(about));
    assert.deepEqual(reportsIn(world), []);
  }
});

test('[GW-167] ends the call for all when any of the three leaves', () => {
  for (const leaver of [0, 1, 2]) {
    const { world, ada, bo, cleo } = asked();
    const people = [ada, bo, cleo];
    people[leaver]?.endCall('next');
    world.flush();
    for (const [at, client] of people.entries()) {
      assert.equal(client.last('call.ended').reason, at === leaver ? 'you' : 'left');
    }
    const [ended] = world.ended;
    assert.equal(ended?.counts, false);
    assert.deepEqual(world.gateway.counts(), { online: 3, detached: 0, waiting: 0, calls: 0 });
  }
});

test('[GW-167] tells the others whose socket is lost, then ends the call', () => {
  const { world, ada, bo, cleo } = asked();
  world.lose(cleo);
  for (const client of [ada, bo]) {
    const { present, side } = client.last('peer.presence');
    assert.deepEqual([present, side], [false, 'c']);
  }
  bo.sayLine('Are you there?');
  world.connect(cleo);
  assert.equal(ada.last('peer.presence').present, true);
  assert.deepEqual(cleo.texts, [TEXT, 'Are you there?']);
  world.lose(ada);
  world.pass(RESUME_GRACE_MS + 100);
  assert.deepEqual(
    [bo, cleo].map((client) => client.last('call.ended').reason),
    ['lost', 'lost'],
  );
});

test('[GW-168] restores the call after a restart once all three are back', () => {
  const { world, ada, bo, cleo } = asked();
  bo.sayLine('Tea.');
  cleo.sayLine('Coffee.');
  world.flush();
  // Cleo's and Ada's pages have lost the last lines, each another number.
  cleo.call = { ...callOf(cleo), lines: callOf(cleo).lines.slice(0, 1) };
  ada.call = { ...callOf(ada), lines: callOf(ada).lines.slice(0, 2) };
  world.settleJournal();
  world.restart();
  world.connect(cleo);
  assert.ok(cleo.all('call.restoring').length > 0);
  world.connect(bo);
  assert.equal(bo.all('call.restored').length, 0);
  world.connect(ada);
  world.flush();
  for (const client of [ada, bo, cleo]) {
    const restored = client.last('call.restored');
    assert.deepEqual([restored.epoch, restored.counters], [2, [1, 1, 1]]);
    assert.deepEqual(client.texts, [TEXT, 'Tea.', 'Coffee.']);
  }
  cleo.sayLine('Still here.');
  world.flush();
  for (const client of [ada, bo, cleo]) assert.equal(client.texts.at(-1), 'Still here.');
  ada.endCall('stop');
  world.flush();
  assert.equal(world.ended.at(-1)?.counts, false);
});

test('[GW-168] ends a restore for all if one user ends it or stays away', () => {
  const { world, ada, bo, cleo } = asked();
  const { receipt } = callOf(ada);
  world.restart();
  world.connect(bo);
  world.connect(cleo);
  ada.call = null;
  world.connect(ada);
  ada.block(receipt, 'b');
  world.flush();
  for (const client of [bo, cleo]) assert.equal(client.last('call.ended').reason, 'left');
  const two = asked();
  two.world.restart();
  two.world.connect(two.bo);
  two.world.connect(two.ada);
  two.ada.endCall('stop');
  two.world.flush();
  assert.equal(two.ada.last('call.ended').reason, 'you');
  assert.equal(two.bo.last('call.ended').reason, 'left');
  const late = asked();
  late.world.restart();
  late.world.connect(late.bo);
  late.world.connect(late.ada);
  late.world.pass(31_000);
  for (const client of [late.ada, late.bo]) {
    assert.equal(client.last('call.ended').reason, 'not-restored');
  }
});

test('[GW-168] resends all lines to the new page of any of the three', () => {
  for (const at of [0, 1, 2]) {
    const { world, ada, bo, cleo } = asked();
    bo.sayLine('Tea.');
    cleo.sayLine('Coffee.');
    world.flush();
    const people = [ada, bo, cleo];
    const older = people[at] as TestClient;
    world.lose(older);
    const { subject, device } = older;
    const client = world.join(`page ${at}`, { subject, device, isNewPage: true });
    client.rejoin();
    world.flush();
    assert.deepEqual(client.texts, [TEXT, 'Tea.', 'Coffee.'], String(at));
    const writer = at === 2 ? bo : cleo;
    writer.sayLine('And you?');
    world.flush();
    for (const each of people.with(at, client)) assert.equal(each.texts.at(-1), 'And you?');
  }
});

test('[GW-169] never groups users who blocked each other', () => {
  const world = new World(OFFERED);
  const { ada, bo, cleo } = asked(TEXT, world);
  ada.block(callOf(ada).receipt, 'b');
  world.flush();
  world.settleJournal();
  world.pass(REMATCH_COOLDOWN_MS);
  ask(ada, TEXT);
  for (const client of [bo, cleo]) client.searchFor('question', { role: 'answerer' });
  world.settle();
  assert.equal(ada.all('match.found').length, 1);
  const dana = world.joinAdult('dana', networkOf(9));
  dana.searchFor('question', { role: 'answerer' });
  world.settle();
  assert.equal(ada.all('match.found').length, 2);
  assert.ok(callOf(dana).side !== 'a' && callOf(cleo).side !== 'a');
  assert.equal(bo.call, null);
});

function linesOf(client: TestClient): ClientCall['lines'] {
  return client.all('chat.line').map(({ line }) => line);
}
