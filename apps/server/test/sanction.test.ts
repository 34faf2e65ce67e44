import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { brandId } from '@farandole/kernel/id';
import type { Measure } from '@farandole/moderation/decision';
import type { DecisionId, MemberId } from '@farandole/moderation/ids';
import type { ModerationStore } from '@farandole/moderation/ports';
import { readKeys } from '../src/keys.ts';
import { openStore, STORE_FILE } from '../src/store/open-store.ts';
import { systemClock } from '../src/system-clock.ts';
import { TestPage } from './support/test-page.ts';
import { startTestServer, type TestServer } from './support/test-server.ts';

const ANA = brandId<MemberId>('member-ana');
const BEN = brandId<MemberId>('member-ben');

/** The store of a server that runs, as another process has it open. */
async function storeOf(t: TestContext, server: TestServer): Promise<ModerationStore> {
  const { subject } = await readKeys(server.dataDir);
  const store = await openStore({ databaseUrl: null }, server.dataDir, subject);
  t.after(() => store.close());
  return store;
}

/** Mallory was reported by somebody, whose page is not needed any more. */
async function reported(t: TestContext, server: TestServer): Promise<TestPage> {
  const mallory = new TestPage(t, server.port);
  const victim = new TestPage(t, server.port);
  await mallory.arrive();
  await victim.arrive();
  mallory.search('search-of-mallory');
  victim.search('search-of-victim');
  const found = await victim.next('match.found');
  victim.say('report.create', {
    id: 'report-of-victim',
    receipt: found.receipt,
    reason: 'threat-or-violence',
    lines: [],
  });
  await victim.next('report.accepted');
  await mallory.next('call.ended');
  return mallory;
}

const nowMs = (): number => systemClock.wallMs();

/** The one case that there is, once the report has come to it. */
async function theCase(store: ModerationStore) {
  for (;;) {
    const queue = await store.run('queue.read', { by: ANA, nowMs: nowMs() });
    assert.ok(queue.ok);
    const [first] = queue.value;
    if (first !== undefined) return first.of;
    await new Promise(setImmediate);
  }
}

async function hire(store: ModerationStore): Promise<void> {
  for (const id of [ANA, BEN]) {
    const input = { id, name: id, roles: ['moderator'], by: null, nowMs: nowMs() } as const;
    assert.ok((await store.run('member.add', input)).ok);
  }
}

async function decide(store: ModerationStore, measure: Measure): Promise<DecisionId> {
  const { id } = await theCase(store);
  const by = ANA;
  const step = { event: 'assign' } as const;
  assert.ok((await store.run('case.step', { case: id, by, step, nowMs: nowMs() })).ok);
  const decided = await store.run('case.decide', {
    case: id,
    by,
    decision: { measure, reason: 'threat-or-violence', note: '' },
    networks: [],
    freshDecision: brandId<DecisionId>(randomBytes(16).toString('base64url')),
    freshApproval: brandId<never>(randomBytes(16).toString('base64url')),
    nowMs: nowMs(),
  });
  assert.ok(decided.ok && decided.value.decided === 'now');
  return decided.value.decision.id;
}

test('[GW-15, ST-1] a report becomes a case, its decision shows the subject out, and they stay out after a restart', async (t) => {
  const first = await startTestServer(t);
  const mallory = await reported(t, first);
  const store = await storeOf(t, first);
  await hire(store);
  const found = await theCase(store);
  assert.equal(found.reports, 1);
  assert.deepEqual(
    found.reasons.map(({ reason }) => reason),
    ['threat-or-violence'],
  );
  const decision = await decide(store, 'suspend-1d');
  const closed = await mallory.untilClosed();
  assert.deepEqual([closed.code, closed.reason], [4451, 'sanctioned']);

  const second = await first.restart();
  const again = mallory.moveTo(t, second.port);
  await assert.rejects(again.start());
  assert.equal((await again.untilClosed()).reason, 'sanctioned');

  // Another person answers the appeal, and the next hello opens a session.
  const freshAppeal = brandId<never>('appeal-of-mallory');
  const filed = await store.run('appeal.file', {
    decision,
    text: 'It was not me.',
    freshAppeal,
    nowMs: nowMs(),
  });
  assert.ok(filed.ok);
  const answer = { appeal: freshAppeal, by: BEN, outcome: 'overturn', endsAtMs: null } as const;
  assert.ok((await store.run('appeal.answer', { ...answer, nowMs: nowMs() })).ok);
  const third = await second.restart();
  const back = mallory.moveTo(t, third.port);
  assert.equal((await back.start()).type, 'session.opened');
});

test('[ST-1] reports that are in the journal alone are taken when the node starts, and once', async (t) => {
  const first = await startTestServer(t);
  await reported(t, first);
  await first.close();
  await rm(join(first.dataDir, STORE_FILE));
  const { dataDir } = first;
  await (await startTestServer(t, { dataDir })).restart();
  const store = await storeOf(t, first);
  await hire(store);
  assert.equal((await theCase(store)).reports, 1);
});
