import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId, type MatchId, type SubjectId } from '@farandole/kernel/id';
import { openBlockProof, sealBlockProof } from '../src/block-proof.ts';
import { CREDIT_LIMITS } from '../src/limits.ts';
import type { TestClient } from './support/test-client.ts';
import { type Pair, paired, World } from './support/world.ts';

function blocked(): Pick<Pair, 'world' | 'ada' | 'bo'> & { receipt: string; proof: string } {
  const { world, ada, bo } = paired();
  const receipt = ada.last('match.found').receipt;
  ada.block();
  world.settleJournal();
  return { world, ada, bo, receipt, proof: proofOf(ada) };
}

function proofOf(client: TestClient): string {
  const { proof } = client.last('block.accepted');
  assert.ok(proof !== undefined);
  return proof;
}

const areApart = (world: World): boolean =>
  world.pairs.blockedEitherWay(brandId<SubjectId>('subject-ada'), brandId<SubjectId>('subject-bo'));

const writtenOf = (world: World, kind: string): number =>
  world.journal.stored.filter((record) => record.kind === kind).length;

test('[PR-77, PR-71] removes a block for good once the removal is on disk', () => {
  const { world, ada, proof } = blocked();
  const id = ada.unblock(proof);
  world.flush();
  assert.ok(areApart(world), 'until it is on disk');
  assert.equal(ada.all('block.removed').length, 0);
  world.settleJournal();
  assert.equal(ada.last('block.removed').id, id);
  assert.ok(!areApart(world));
  world.restart();
  world.join('ada', { restores: false });
  assert.ok(!areApart(world));
});

test('[PR-77] keeps a block if writing its removal fails; allows a retry', () => {
  const { world, ada, receipt, proof } = blocked();
  const id = ada.unblock(proof);
  world.settleJournal(false);
  assert.deepEqual([ada.last('block.kept').id, ada.last('block.kept').reason], [id, 'not-stored']);
  assert.ok(areApart(world));
  // The repeated request for the same block isn't written again.
  ada.block(receipt);
  world.settleJournal();
  assert.equal(writtenOf(world, 'block'), 1);
  assert.equal(ada.all('block.accepted').length, 2);
  ada.unblock(proof);
  world.settleJournal();
  assert.equal(ada.all('block.removed').length, 1);
  assert.ok(!areApart(world));
});

test('[PR-77] accepts a block’s proof only from its owner, in any session', () => {
  const { world, ada, bo, proof } = blocked();
  const eve = world.joinAdult('eve');
  for (const client of [bo, eve]) {
    client.unblock(proof);
    world.settleJournal();
    assert.equal(client.last('block.kept').reason, 'bad-proof');
  }
  assert.ok(areApart(world));
  assert.equal(writtenOf(world, 'unblock'), 0);
  world.restart();
  const again = world.join('ada', { restores: false });
  again.unblock(proof);
  world.settleJournal();
  assert.equal(again.all('block.removed').length, 1);
  assert.ok(!areApart(world));
  assert.equal(ada.all('block.kept').length, 0);
});

test('[PR-77] rejects forged or altered block proofs and other kinds of token', () => {
  const { world, ada, receipt, proof } = blocked();
  const altered = `${proof.slice(0, -1)}${proof.endsWith('A') ? 'B' : 'A'}`;
  const [, body] = proof.split('.');
  const otherwise = world.signer.seal('pictures', Buffer.from(`${body}`, 'base64url').toString());
  for (const made of ['block.made-up.entirely', altered, receipt, otherwise]) {
    ada.unblock(made);
    world.flush();
    assert.equal(ada.last('block.kept').reason, 'bad-proof', made);
    world.pass(CREDIT_LIMITS.block.everyMs);
  }
  assert.ok(areApart(world));
});

test('[GW-56] confirms a repeated block removal but writes one record', () => {
  const { world, ada, proof } = blocked();
  for (let i = 0; i < 4; i++) {
    ada.unblock(proof);
    world.settleJournal();
    world.pass(CREDIT_LIMITS.block.everyMs);
  }
  world.restart();
  const again = world.join('ada', { restores: false });
  again.unblock(proof);
  world.settleJournal();
  assert.equal(ada.all('block.removed').length + again.all('block.removed').length, 5);
  assert.equal(writtenOf(world, 'unblock'), 1);
});

test('[GW-56] refuses a second removal of a block while writing the first', () => {
  const { world, ada, proof } = blocked();
  ada.unblock(proof);
  const second = ada.unblock(proof);
  world.settleJournal();
  assert.equal(ada.all('block.removed').length, 1);
  assert.deepEqual(
    [ada.last('block.kept').id, ada.last('block.kept').reason],
    [second, 'not-stored'],
  );
});

test('[GW-56, GW-6] removing a block keeps the peer’s block and reports', () => {
  const { world, ada, bo, receipt, proof } = blocked();
  bo.block(bo.last('match.found').receipt);
  world.settleJournal();
  ada.unblock(proof);
  world.settleJournal();
  assert.equal(ada.all('block.removed').length, 1);
  assert.ok(areApart(world), 'Bo’s holds');
  ada.report({ receipt, lines: [] });
  world.settleJournal();
  bo.unblock(proofOf(bo));
  world.settleJournal();
  assert.equal(bo.all('block.removed').length, 1);
  assert.ok(areApart(world), 'Ada’s report holds');
  world.restart();
  world.join('ada', { restores: false });
  assert.ok(areApart(world));
});

test('[GW-56] blocking again after a removal creates a new block and proof', () => {
  for (const when of ['before it is written', 'after']) {
    const { world, ada, receipt, proof } = blocked();
    ada.unblock(proof);
    if (when === 'after') world.settleJournal();
    ada.block(receipt);
    world.settleJournal();
    assert.ok(areApart(world), when);
    const fresh = proofOf(ada);
    assert.notEqual(fresh, proof);
    world.restart();
    const again = world.join('ada', { restores: false });
    assert.ok(areApart(world), when);
    again.unblock(proof);
    world.settleJournal();
    assert.ok(areApart(world), 'the earlier one is gone already');
    again.unblock(fresh);
    world.settleJournal();
    assert.ok(!areApart(world), when);
    world.restart();
    world.join('ada', { restores: false });
    assert.ok(!areApart(world), when);
  }
});

test('[GW-56] removes a block whose first write failed and was repeated', () => {
  const { world, ada } = paired();
  const receipt = ada.last('match.found').receipt;
  ada.block();
  world.settleJournal(false);
  ada.block(receipt);
  ada.block(receipt);
  world.settleJournal();
  ada.unblock(proofOf(ada));
  world.settleJournal();
  assert.ok(!areApart(world));
});

test('[GW-56c] takes a removal that another node stored, once', () => {
  const { world, ada, receipt, proof } = blocked();
  const claims = openBlockProof(world.signer, proof);
  assert.ok(claims !== null);
  const removal = { kind: 'unblock', ...claims, atWallMs: world.now.wallMs } as const;
  const { removals } = world.pairs;
  for (let i = 0; i < 2; i++) world.gateway.blocksRemoved([removal], world.now);
  assert.ok(!areApart(world));
  assert.equal(world.pairs.removals, removals + 1);
  // The note of the block on a session that comes from another node doesn't bring it back.
  const { kind: _, ...block } = removal;
  world.pairs.recordNote({ kind: 'block', ...block }, world.now);
  assert.ok(!areApart(world));
  ada.block(receipt);
  world.settleJournal();
  assert.ok(areApart(world));
  assert.equal(writtenOf(world, 'block'), 2, 'a new block is stored');
});

test('[GW-54] returns the same proof for a repeated block, even after restart', () => {
  const { world, ada, receipt, proof } = blocked();
  ada.block(receipt);
  world.flush();
  assert.equal(ada.all('block.accepted').length, 2);
  assert.equal(proofOf(ada), proof);
  world.restart();
  const again = world.join('ada', { restores: false });
  again.block(receipt);
  world.flush();
  assert.equal(proofOf(again), proof);
});

test('[PR-77] reads blocks that an earlier version stored without a proof', () => {
  const record = {
    kind: 'block',
    match: brandId<MatchId>('a-match'),
    by: brandId<SubjectId>('subject-ada'),
    of: brandId<SubjectId>('subject-bo'),
    side: null,
    mark: null,
    atWallMs: 0,
  } as const;
  const world = new World();
  world.pairs.record(record, world.now);
  assert.ok(areApart(world));
  assert.equal(sealBlockProof(world.signer, record), null);
  assert.equal(sealBlockProof(world.signer, { ...record, side: 'a' }), null);
});

test('[PR-77] rejects a block proof of unknown shape', () => {
  const { signer } = new World();
  const good = {
    match: 'match-one',
    side: 'a',
    by: 'subject-ada',
    of: 'subject-bo',
    mark: 'mark-one',
  };
  const opened = (claims: object) =>
    openBlockProof(signer, signer.seal('block', JSON.stringify(claims)));
  assert.deepEqual(opened(good), good);
  for (const key of Object.keys(good)) {
    assert.equal(opened({ ...good, [key]: '' }), null, key);
    assert.equal(opened({ ...good, [key]: 7 }), null, key);
  }
});

test('[GW-60] the rate limit of blocks also limits removals of blocks', () => {
  const { world, ada, proof } = blocked();
  // The block itself used one of the credits, so one fewer is left for removals.
  for (let i = 0; i < CREDIT_LIMITS.block.burst; i++) ada.unblock(proof);
  world.flush();
  assert.equal(ada.last('block.kept').reason, 'too-fast');
});

test('[GW-52] refuses to remove a block while too many writes are pending', () => {
  const { world, ada, proof } = blocked();
  world.fillPendingWrites();
  ada.unblock(proof);
  world.flush();
  assert.equal(ada.last('block.kept').reason, 'not-stored');
  assert.ok(areApart(world));
  world.settleJournal();
  ada.unblock(proof);
  world.settleJournal();
  assert.ok(!areApart(world), 'there is room again');
});

test('[PR-74] removing a block sends the peer no frame', () => {
  const { world, ada, bo, proof } = blocked();
  const before = bo.received.length;
  ada.unblock(proof);
  world.settleJournal();
  assert.equal(bo.received.length, before);
});
