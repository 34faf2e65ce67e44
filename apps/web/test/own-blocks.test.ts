import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeRecords } from '../src/fakes/fake-records.ts';
import { REGULAR, World } from '../src/fakes/world.ts';
import { BLOCKS_KEPT_MAX, MET_KEPT_MS } from '../src/report/limits.ts';
import { type ListedBlock, OwnBlocks } from '../src/report/own-blocks.ts';
import { ownBlocksOf } from '../src/report/own-records.ts';
import type { StoredBlock } from '../src/report/stored-records.ts';

const MATCH = 'match-0001';
const BLOCK: StoredBlock = {
  match: MATCH,
  atMs: 5,
  met: { mode: 'text', atMs: 1 },
  proof: 'proof-of-a-block',
};
const WISH = { type: 'block.remove', id: MATCH, proof: 'proof-of-a-block' } as const;

function listOf(...blocks: readonly StoredBlock[]) {
  const store = new FakeRecords();
  for (const block of blocks) store.blocked.set(block.match, block);
  const own = new OwnBlocks(store, blocks);
  const removals = () => own.blocks.value.map(({ removal }) => removal);
  return { store, own, removals };
}

test('stores blocks of users, newest first, up to the limit', () => {
  const { store, own } = listOf();
  for (let n = 0; n <= BLOCKS_KEPT_MAX; n++) own.add({ ...BLOCK, match: `match-${n}`, atMs: n });
  assert.equal(own.blocks.value[0]?.match, `match-${BLOCKS_KEPT_MAX}`);
  assert.equal(own.blocks.value.length, BLOCKS_KEPT_MAX);
  assert.equal(store.blocked.size, BLOCKS_KEPT_MAX);
  assert.ok(!store.blocked.has('match-0') && !own.holds('match-0') && own.holds('match-1'));
});

test('[PR-77] requests an unblock once per session until the node answers', () => {
  const { store, own, removals } = listOf(BLOCK);
  assert.deepEqual(own.remove(MATCH), WISH);
  assert.equal(own.remove(MATCH), null, 'it is on its way');
  assert.deepEqual(own.waiting, [WISH]);
  assert.equal(store.blocked.size, 1, 'until the server has said so');
  assert.equal(own.answered({ type: 'block.removed', seq: 1, id: MATCH }), MATCH);
  assert.deepEqual([own.waiting, removals(), own.holds(MATCH)], [[], ['removed'], false]);
  assert.equal(store.blocked.size, 0);
  assert.equal(own.remove(MATCH), null);
  own.startViewing();
  assert.deepEqual(own.blocks.value, [], 'it was seen');
});

test('[PR-77] retries a temporary refusal to unblock; explains a final refusal', () => {
  for (const reason of ['too-fast', 'not-stored', 'bad-proof'] as const) {
    const { store, own, removals } = listOf(BLOCK);
    own.remove(MATCH);
    assert.equal(own.answered({ type: 'block.kept', seq: 1, id: MATCH, reason }), null);
    assert.deepEqual(removals(), [reason === 'bad-proof' ? 'foreign' : 'refused']);
    assert.equal(store.blocked.size, 1, 'the block is there still');
    assert.deepEqual(own.waiting, []);
    own.startViewing();
    assert.equal(own.blocks.value.length, 1);
    assert.deepEqual(own.remove(MATCH), WISH);
  }
});

test("ignores the node's answer to an unblock that wasn't requested", () => {
  const { own, removals } = listOf(BLOCK);
  for (const id of [MATCH, 'another-match']) {
    assert.equal(own.answered({ type: 'block.removed', seq: 1, id }), null);
    assert.equal(own.answered({ type: 'block.kept', seq: 1, id, reason: 'bad-proof' }), null);
  }
  assert.deepEqual(removals(), ['none']);
  assert.equal(own.remove('another-match'), null);
});

test('lists a block without a proof for unblocking as permanent', () => {
  const { own } = listOf({ ...BLOCK, proof: null });
  assert.equal(own.remove(MATCH), null);
  assert.deepEqual(own.waiting, []);
  assert.equal(ownBlocksOf(own.blocks.value, () => false, true)[0]?.state, 'lasting');
});

test('deletes the list of blocks and the proofs for unblocking on request', () => {
  const { store, own } = listOf(BLOCK);
  own.forget();
  assert.deepEqual(own.blocks.value, []);
  assert.equal(store.blocked.size, 0);
});

test('shows the state of each unblock, or a report that prevents unblocking', () => {
  const stateOf = (removal: ListedBlock['removal'], isReported: boolean, isOnline: boolean) =>
    ownBlocksOf([{ ...BLOCK, removal }], () => isReported, isOnline)[0]?.state;
  assert.equal(stateOf('none', false, true), 'none');
  assert.equal(stateOf('none', false, false), 'none');
  assert.equal(stateOf('none', true, true), 'reported');
  assert.equal(stateOf('asked', false, true), 'asked');
  assert.equal(stateOf('asked', false, false), 'waiting');
  assert.equal(stateOf('refused', false, true), 'refused');
  assert.equal(stateOf('foreign', false, true), 'foreign');
  assert.equal(stateOf('removed', false, true), 'removed');
  assert.equal(stateOf('removed', true, true), 'reported', 'nobody is told that they may meet');
});

async function blockedInACall() {
  const world = new World();
  const records = new FakeRecords();
  const [ada] = await world.meet('text', records);
  await world.time.advance(60_000);
  ada.app.records.block();
  await world.time.advance(10);
  return { world, records, options: { preferences: REGULAR, records }, ada };
}

test('[PR-77] lists a blocked user on later visits and unblocks there', async () => {
  const { world, records, options, ada } = await blockedInACall();
  const [first] = ada.app.records.blocks.value;
  assert.ok(first !== undefined && first.met !== null);
  assert.equal(first.met.mode, 'text');
  assert.ok(first.atMs - first.met.atMs >= 60_000);
  assert.equal(first.state, 'none');
  ada.app.pageHidden();
  world.time.sleep(MET_KEPT_MS);
  const again = world.person('ada', options);
  again.app.records.startViewing();
  await world.time.advance(10);
  assert.deepEqual(again.app.records.meetings.value, [], 'the meeting is forgotten by then');
  assert.deepEqual(again.app.records.blocks.value, [first]);
  again.app.records.unblock(first.match);
  await world.time.advance(10);
  assert.equal(again.app.records.blocks.value[0]?.state, 'removed');
  assert.equal(records.blocked.size, 0);
  again.app.records.stopViewing();
  assert.deepEqual(again.app.records.blocks.value, []);
});

test('[PR-77] sends an offline unblock once online, then allows another block', async () => {
  const { world, ada } = await blockedInACall();
  const [meeting] = ada.app.records.meetings.value;
  assert.equal(meeting?.block, 'accepted');
  assert.ok(meeting !== undefined);
  world.node.link.breakOff();
  ada.setOnline(false);
  await world.time.quiet();
  ada.app.records.unblock(meeting.match);
  await world.time.quiet();
  assert.equal(ada.app.records.blocks.value[0]?.state, 'waiting');
  world.node.link.mode = 'pass';
  ada.setOnline(true);
  await world.time.advance(60_000);
  assert.equal(ada.app.records.blocks.value[0]?.state, 'removed');
  assert.equal(ada.app.records.meetings.value[0]?.block, 'none');
  ada.app.records.blockMeeting(meeting.match);
  await world.time.advance(10);
  assert.equal(ada.app.records.blocks.value[0]?.state, 'none');
});

test('[PR-77] shows on a later visit that a past peer is blocked', async () => {
  const { world, options, ada } = await blockedInACall();
  ada.app.pageHidden();
  const again = world.person('ada', options);
  again.app.records.startViewing();
  await world.time.advance(10);
  assert.equal(again.app.records.meetings.value[0]?.block, 'accepted');
});
