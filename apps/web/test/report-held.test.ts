import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeRecords } from '../src/fakes/fake-records.ts';
import { type Person, World } from '../src/fakes/world.ts';
import { PENDING_REPORT_MS, PENDING_TICK_MS } from '../src/report/limits.ts';

/** Starts a report by a long press on Report in a text call. */
async function held(prepare: (world: World) => void = () => {}) {
  const world = new World();
  prepare(world);
  const records = new FakeRecords();
  const ada = world.person('ada', { preferences: { rulesVersion: 1 }, records });
  const bo = world.regular('bo');
  await world.time.quiet();
  for (const { app } of [ada, bo]) app.navigation.start('text');
  await world.time.advance(100);
  bo.app.chat.setDraft('send me ten coins');
  bo.app.chat.sendLine();
  await world.time.advance(100);
  assert.equal(ada.app.screen.value, 'call-text');
  ada.app.report.open();
  ada.app.report.hold();
  const sent = () => world.server.reports;
  await world.time.quiet();
  return { world, records, ada, bo, sent };
}

const view = ({ app }: Person) => app.report.view.value ?? assert.fail('no report is open');

test('ends the call at once and sends the report 20 s later', async () => {
  const { world, records, ada, bo, sent } = await held();
  assert.equal(ada.app.screen.value, 'ended');
  await world.time.advance(100);
  assert.equal(bo.app.call.ended.value?.reason, 'left');
  assert.deepEqual([view(ada).state, view(ada).reason], ['pending', null]);
  assert.equal(records.kept.size, 1);
  assert.match(JSON.stringify([...records.kept.values()]), /send me ten coins/);
  await world.time.advance(PENDING_TICK_MS);
  assert.equal(view(ada).goesInMs, PENDING_REPORT_MS - PENDING_TICK_MS);
  await world.time.advance(PENDING_REPORT_MS - 2 * PENDING_TICK_MS - 101);
  assert.equal(sent().length, 0);
  await world.time.advance(PENDING_TICK_MS + 101);
  assert.deepEqual(
    sent().map(({ reason, lines }) => [reason, lines.length]),
    [['other', 1]],
  );
  assert.deepEqual([view(ada).state, view(ada).goesInMs], ['accepted', null]);
  assert.equal(ada.app.call.ended.value?.reason, 'reported');
  await world.time.advance(PENDING_REPORT_MS);
  assert.equal(sent().length, 1);
  world.assertNoFault();
});

test('adds a reason to a pending report', async () => {
  const { world, records, ada, sent } = await held();
  ada.app.report.setNote('a demand');
  ada.app.report.send('scam-or-spam');
  assert.deepEqual([view(ada).state, view(ada).goesInMs], ['pending', PENDING_REPORT_MS]);
  await world.time.advance(PENDING_REPORT_MS);
  assert.deepEqual(
    sent().map(({ id, reason, note }) => [id, reason, note]),
    [[[...records.kept.keys()][0], 'scam-or-spam', 'a demand']],
  );
  assert.equal(records.kept.size, 1);
});

test('sends a pending report at once when its reason becomes urgent', async () => {
  const { world, records, ada, sent } = await held();
  ada.app.report.send('threat-or-violence');
  await world.time.advance(100);
  assert.deepEqual(
    sent().map(({ id, reason }) => [id, reason]),
    [[[...records.kept.keys()][0], 'threat-or-violence']],
  );
});

test('stores a pending report before the delay starts, and then its newest note', async () => {
  const { world, records, ada } = await held();
  const stored = () => JSON.stringify([...records.kept.values()]);
  assert.equal(view(ada).goesInMs, PENDING_REPORT_MS);
  assert.match(stored(), /"state":"waiting"/);
  ada.app.report.setNote('they asked for');
  await world.time.advance(PENDING_TICK_MS);
  assert.match(stored(), /they asked for/);
});

test('blocks the stranger with the report; Undo withdraws report and block', async () => {
  const { world, records, ada, sent } = await held();
  assert.equal(world.server.saidBy('ada').at(-1), 'block.create');
  assert.deepEqual([...records.blocked.keys()].length, 1);
  ada.app.report.takeBack();
  await world.time.advance(PENDING_REPORT_MS);
  assert.equal(world.server.saidBy('ada').at(-1), 'block.remove');
  assert.deepEqual([sent().length, records.kept.size, records.blocked.size], [0, 0, 0]);
  const { reason, canReport, block } = ada.app.call.ended.value ?? assert.fail();
  assert.deepEqual([reason, canReport, block], ['you', true, 'none']);
  assert.equal(ada.app.report.undone.value, ada.app.call.last?.match);
  world.assertNoFault();
});

test('undoes a block that the node has not confirmed yet', async () => {
  const { world, records, ada } = await held(({ server }) => {
    server.blockAnswer = 'silence';
  });
  ada.app.report.takeBack();
  assert.equal(ada.app.call.ended.value?.block, 'none');
  await world.time.quiet();
  assert.equal(world.server.saidBy('ada').includes('block.remove'), false);
  world.server.blockAnswer = 'accept';
  world.server.restart();
  await world.time.advance(5_000);
  assert.equal(world.server.saidBy('ada').includes('block.remove'), true);
  assert.equal(records.blocked.size, 0);
});

test('keeps an earlier block when the user undoes a report', async () => {
  const { world, records, ada } = await held();
  ada.app.report.takeBack();
  await world.time.quiet();
  ada.app.records.block();
  await world.time.quiet();
  ada.app.report.open();
  ada.app.report.send('hate');
  ada.app.report.takeBack();
  await world.time.quiet();
  assert.equal(records.blocked.size, 1);
  assert.equal(ada.app.call.ended.value?.block, 'accepted');
});

test("restarts the report's delay when the user edits it; sends all choices", async () => {
  const { world, ada, sent } = await held();
  await world.time.advance(PENDING_REPORT_MS - PENDING_TICK_MS);
  ada.app.report.setNote('they asked for');
  await world.time.advance(PENDING_REPORT_MS - PENDING_TICK_MS);
  ada.app.report.toggleLine(1);
  assert.equal(view(ada).goesInMs, PENDING_REPORT_MS);
  await world.time.advance(PENDING_REPORT_MS - PENDING_TICK_MS);
  assert.equal(sent().length, 0);
  await world.time.advance(PENDING_TICK_MS);
  assert.deepEqual(
    sent().map(({ note, lines }) => [note, lines.length]),
    [['they asked for', 0]],
  );
});

test('sends no report after an undo and still lets the user report', async () => {
  const { world, records, ada, sent } = await held();
  await world.time.advance(PENDING_REPORT_MS - PENDING_TICK_MS);
  ada.app.report.takeBack();
  assert.equal(ada.app.report.view.value, null);
  await world.time.advance(PENDING_REPORT_MS);
  assert.deepEqual([sent().length, records.kept.size], [0, 0]);
  assert.equal(ada.app.call.ended.value?.canReport, true);
});

const LEAVES = {
  'the sheet is closed': ({ app }) => app.report.close(),
  'the tab is in the background': ({ setHidden }) => setHidden(true),
  'the page closes': ({ app }) => app.pageHidden(),
  'another report is opened': ({ app }) => app.report.open(),
} as const satisfies Record<string, (person: Person) => void>;

for (const [when, leave] of Object.entries(LEAVES)) {
  test(`sends the pending report at once when ${when}`, async () => {
    const { world, ada, sent } = await held();
    leave(ada);
    await world.time.advance(100);
    assert.deepEqual(
      sent().map(({ reason }) => reason),
      ['other'],
    );
  });
}

test('sends a report without delay if the page is hidden', async () => {
  const { world, ada, sent } = await held();
  ada.app.report.takeBack();
  ada.setHidden(true);
  ada.app.report.open();
  ada.app.report.hold();
  await world.time.advance(100);
  assert.equal(sent().length, 1);
});

test('keeps a pending report over reconnects and queues it while offline', async () => {
  const { world, ada, sent } = await held();
  world.node.link.cutNow('close');
  await world.time.advance(5_000);
  assert.equal(ada.app.link.view.value.state, 'online');
  assert.equal(sent().length, 0);
  world.node.link.breakOff();
  await world.time.advance(PENDING_REPORT_MS);
  assert.equal(view(ada).state, 'waiting');
  world.node.link.mode = 'pass';
  await world.time.advance(20_000);
  assert.equal(sent().length, 1);
});

test('[PR-71] sends the pending report of a killed page from the next page', async () => {
  const { world, records, sent } = await held();
  const again = world.person('ada', { preferences: { rulesVersion: 1 }, records });
  await world.time.advance(1_000);
  assert.equal(again.app.link.view.value.state, 'online');
  assert.deepEqual(
    sent().map(({ reason, lines }) => [reason, lines.length]),
    [['other', 1]],
  );
});
