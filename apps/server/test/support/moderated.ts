import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { TestContext } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import { parseIpAddress } from '@farandole/gateway/signal-policy/address';
import { brandId, type SubjectId } from '@farandole/kernel/id';
import type { Measure } from '@farandole/moderation/cases/decision';
import type { DecisionId } from '@farandole/moderation/ids';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { NetworkScope } from '@farandole/moderation/store/stored';
import { readKeys } from '../../src/keys/keys.ts';
import { NodeSigner } from '../../src/keys/signer.ts';
import { systemClock } from '../../src/node/system-clock.ts';
import { NetworkAnchor } from '../../src/store/network-anchor.ts';
import { openStore } from '../../src/store/open-store.ts';
import { atEnd } from './ends.ts';
import { report } from './meeting.ts';
import { TestPage, type TestPageOptions } from './test-page.ts';
import { startSharedServer, type TestServer, type TestServerOptions } from './test-server.ts';

export const ANA = brandId<MemberId>('member-ana');
export const BEN = brandId<MemberId>('member-ben');

/** Opens a second connection to the running server's store. */
export async function storeOf(
  t: TestContext,
  server: Pick<TestServer, 'dataDir'>,
): Promise<ModerationStore> {
  const keys = await readKeys(server.dataDir);
  const store = await openStore({ databaseUrl: null }, server.dataDir, keys, 'here');
  atEnd(t, () => store.close());
  return store;
}

export async function subjectOf(server: TestServer, page: TestPage): Promise<SubjectId> {
  const ring = await readKeys(server.dataDir);
  return new NodeSigner(() => ring).subjectOf(page.cookie.replace(/^[^=]*=/, ''));
}

/** Reports Mallory from a page that is closed afterwards. */
export async function reported(
  t: TestContext,
  server: TestServer,
  options: TestPageOptions = {},
): Promise<TestPage> {
  const mallory = new TestPage(t, server.port, options);
  const victim = new TestPage(t, server.port);
  await report(mallory, victim);
  return mallory;
}

export const nowMs = (): number => systemClock.wallMs();

export async function theCase(store: ModerationStore) {
  for (;;) {
    const queue = await store.run('queue.read', { by: ANA, nowMs: nowMs() });
    assert.ok(queue.ok);
    const [first] = queue.value.rows;
    if (first !== undefined) return first.of;
    await new Promise(setImmediate);
  }
}

export async function hire(store: ModerationStore): Promise<void> {
  for (const id of [ANA, BEN]) {
    const input = {
      id,
      name: id,
      roles: ['moderator', 'senior'],
      by: null,
      nowMs: nowMs(),
    } as const;
    assert.ok((await store.run('member.add', input)).ok);
  }
}

/** Starts a server with a report about Mallory, members, and a second connection to the store. */
export async function moderated(
  t: TestContext,
  options: TestPageOptions & Pick<TestServerOptions, 'clock'> = {},
) {
  const { clock, ...page } = options;
  const server = await startSharedServer(t, clock === undefined ? {} : { clock });
  const mallory = await reported(t, server, page);
  const store = await storeOf(t, server);
  await hire(store);
  return { server, mallory, store };
}

/** Suspends Mallory for a day and extends the sanction to a network. */
export async function shutOut(server: TestServer, store: ModerationStore, from: string) {
  const address = parseIpAddress(from);
  assert.ok(address !== null);
  const anchor = new NetworkAnchor((await readKeys(server.dataDir)).subject);
  const of = { family: 'v4', bits: 24 } as const;
  const prefix = anchor.of(address, of.bits);
  // The test writes the user's network into the store, because a node ignores local networks.
  const { subject } = await theCase(store);
  const anchors = [{ subject, network: prefix, ...of, atMs: nowMs() }];
  await store.run('anchors.see', { anchors });
  const decision = await decide(store, 'suspend-1d', [{ scope: 'prefix', prefix, ...of }]);
  return { decision, subject, prefix };
}

export async function decide(
  store: ModerationStore,
  measure: Measure,
  networks: readonly NetworkScope[] = [],
): Promise<DecisionId> {
  const { id } = await theCase(store);
  const by = ANA;
  const step = { event: 'assign' } as const;
  assert.ok((await store.run('case.step', { case: id, by, step, nowMs: nowMs() })).ok);
  const decided = await store.run('case.decide', {
    case: id,
    by,
    decision: { measure, reason: 'threat-or-violence', note: '' },
    networks,
    freshDecision: brandId<DecisionId>(randomBytes(16).toString('base64url')),
    freshApproval: brandId<never>(randomBytes(16).toString('base64url')),
    nowMs: nowMs(),
  });
  assert.ok(decided.ok && decided.value.decided === 'now');
  return decided.value.decision.id;
}
