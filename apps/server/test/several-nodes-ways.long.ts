import assert from 'node:assert/strict';
import { dirname } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import { ask } from '@farandole/e2e/http';
import { brandId, type SubjectId } from '@farandole/kernel/id';
import type { AnchorHash } from '@farandole/moderation/ids';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import type { ClientMessageOf } from '@farandole/protocol/client-message';
import type { CommunityEntry, CommunityReply } from '@farandole/protocol/http-api';
import { QUESTIONS_MAX } from '@farandole/protocol/limits';
import { readKeys } from '../src/keys/keys.ts';
import { NodeSigner } from '../src/keys/signer.ts';
import { openStore } from '../src/store/open-store.ts';
import { nowMs } from './support/moderated.ts';
import { arriveAt, startNodeServers, untilJoined } from './support/several-nodes.ts';
import { inCall, type TestPage } from './support/test-page.ts';
import { startTestServer, type TestServer } from './support/test-server.ts';

/** Time in ms within which a change by another process must take effect on every node. */
const EVERYWHERE_WITHIN_MS = 2_000;
const TEXT = { language: 'en', rules: 'Be kind.' } as const;
const ADMIN = brandId<MemberId>('member-admin');

const { sharedEnv } = await startNodeServers();

interface Nodes {
  readonly nodes: readonly TestServer[];
  /** The nodes' store as another process sees it, which announces no change. */
  readonly store: ModerationStore;
  readonly signer: NodeSigner;
}

async function start(t: TestContext, count: number): Promise<Nodes> {
  const shared = await sharedEnv(t);
  const env = { ...shared, FARANDOLE_MODES: 'video,text,question' };
  const nodes: TestServer[] = [];
  for (let at = 0; at < count; at++) nodes.push(await startTestServer(t, { env }));
  await untilJoined(nodes);
  const dataDir = dirname(shared.FARANDOLE_KEYS_FILE);
  const keys = await readKeys(dataDir);
  const databaseUrl = shared.FARANDOLE_DATABASE_URL;
  const store = await openStore({ databaseUrl }, dataDir, keys, 'here');
  t.after(() => store.close());
  const roles = ['admin'] as const;
  const member = { id: ADMIN, name: 'admin', roles, by: null, nowMs: nowMs() };
  assert.ok((await store.run('member.add', member)).ok);
  return { nodes, store, signer: new NodeSigner(() => keys) };
}

function nodeAt({ nodes }: Nodes, at: number): TestServer {
  const node = nodes[at];
  assert.ok(node !== undefined);
  return node;
}

async function postCommunity({ port }: TestServer, body: object): Promise<unknown> {
  const answer = await ask({
    port,
    path: '/api/community',
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Origin: `http://localhost:${port}` },
    body: JSON.stringify(body),
  });
  assert.equal(answer.status, 200, answer.text());
  return answer.json();
}

/** Asks every node for a community until all answer as expected, and returns the time in ms. */
async function untilShown({ nodes }: Nodes, name: string, isOpen: boolean): Promise<number> {
  const sinceMs = performance.now();
  for (const node of nodes) {
    for (;;) {
      const { community } = (await postCommunity(node, { do: 'show', name })) as CommunityReply;
      if ((community !== null) === isOpen) break;
    }
  }
  return performance.now() - sinceMs;
}

function searchIn(
  page: TestPage,
  ticket: string,
  change: Partial<ClientMessageOf<'ticket.create'>>,
): void {
  const wishes = { interests: [], onlyShared: false, languages: ['en'] };
  page.say('ticket.create', { ticket, mode: 'text', policyVersion: 1, ...wishes, ...change });
}

test('[GW-183] a community is one pool on all nodes, and closes on all within 2 s', async (t) => {
  const world = await start(t, 2);
  const { store, signer } = world;
  const [one, two] = [nodeAt(world, 0), nodeAt(world, 1)];
  const by = ADMIN;
  for (const [name, door] of [
    ['painters', 'list'],
    ['polyglots', 'link'],
  ] as const) {
    const made = await store.run('community.create', {
      ...{ name, title: name, ...TEXT, door, by, nowMs: nowMs() },
    });
    assert.ok(made.ok);
  }
  const codes = ['one-code', 'two-code'].map((code) => ({
    ...{ id: signer.communityCodeId('painters', code), label: 'for a painter' },
  }));
  const expiresAtMs = nowMs() + 600_000;
  const given = { name: 'painters', codes, usesMax: 1, expiresAtMs, by, nowMs: nowMs() };
  assert.ok((await store.run('community.codes', given)).ok);
  for (const name of ['painters', 'polyglots']) {
    const tookMs = await untilShown(world, name, true);
    assert.ok(tookMs <= EVERYWHERE_WITHIN_MS, `${tookMs} ms`);
  }

  const [ana, ben] = [await arriveAt(t, one), await arriveAt(t, two)];
  const enter = async (node: TestServer, page: TestPage, code: string): Promise<CommunityEntry> => {
    const opened = page.received.find(({ type }) => type === 'session.opened');
    assert.ok(opened?.type === 'session.opened');
    const { receipt } = opened;
    return (await postCommunity(node, {
      ...{ do: 'enter', name: 'painters', code, receipt },
    })) as CommunityEntry;
  };
  // Two browsers use one code on two nodes at the same time.
  const both = await Promise.all([enter(one, ana, 'one-code'), enter(two, ben, 'one-code')]);
  assert.equal(both.filter((entry) => 'pass' in entry).length, 1);
  const [first] = both;
  const [in1, in2] = first !== undefined && 'pass' in first ? [ana, ben] : [ben, ana];
  const [at1, at2] = in1 === ana ? [one, two] : [two, one];
  assert.deepEqual(await enter(at1, in2, 'one-code'), { refused: 'wrong-code' });
  const passes = [await enter(at2, in1, 'one-code'), await enter(at2, in2, 'two-code')];
  const [pass1, pass2] = passes.map((entry) => ('pass' in entry ? entry.pass : ''));
  assert.ok(pass1 !== undefined && pass2 !== undefined && pass1 !== '' && pass2 !== '');

  const painters = (pass: string) => ({ community: { name: 'painters', version: 1, pass } });
  const [cleo, dan] = [await arriveAt(t, one), await arriveAt(t, two)];
  searchIn(cleo, 'search-of-cleo', { community: { name: 'polyglots', version: 1 } });
  searchIn(dan, 'search-of-dan', {});
  searchIn(in1, 'search-one', painters(pass1));
  for (const page of [cleo, dan, in1]) await page.next('ticket.accepted');
  searchIn(in2, 'search-two', painters(pass2));
  const { match } = await in2.next('match.found');
  const found = await in1.next('match.found');
  assert.equal(found.match, match, 'the two painters meet across nodes');
  in1.say('call.end', { ...inCall(found), reason: 'next' });
  await in2.next('call.ended');
  for (const page of [cleo, dan]) {
    assert.ok(
      page.received.every(({ type }) => type !== 'match.found'),
      'pools mix',
    );
  }
  // Each waits alone in a pool now.
  searchIn(in1, 'search-again', painters(pass1));
  await in1.next('ticket.accepted');
  const closed = { name: 'polyglots', by, nowMs: nowMs() };
  assert.ok((await store.run('community.close', closed)).ok);
  const closedMs = performance.now();
  assert.equal((await cleo.next('ticket.refused')).reason, 'community-closed');
  assert.ok((await store.run('community.close', { ...closed, name: 'painters' })).ok);
  assert.equal((await in1.next('ticket.refused')).reason, 'community-closed');
  await untilShown(world, 'painters', false);
  const tookMs = performance.now() - closedMs;
  assert.ok(tookMs <= 2 * EVERYWHERE_WITHIN_MS, `${tookMs} ms`);
  searchIn(in1, 'search-late', painters(pass1));
  assert.equal((await in1.next('ticket.refused')).reason, 'community-closed');
  searchIn(in1, 'search-at-last', {});
  const together = [await in1.next('match.found'), await dan.next('match.found')];
  assert.equal(together[0]?.match, together[1]?.match, 'the open pool has gone on');
});

/** Gives a user the trust that takes weeks to earn. */
async function prove(store: ModerationStore, subject: SubjectId): Promise<void> {
  const calls = ['one', 'two', 'three'].map((place, at) => ({
    ...{ subject, other: brandId<SubjectId>(`stranger-number-${at}`), counts: true },
    ...{ isMutual: true, lastedMs: 600_000, endedAtMs: nowMs() },
    network: brandId<AnchorHash>('network-of-the-asker'),
    otherNetwork: brandId<AnchorHash>(`network-of-${place}`),
  }));
  await store.run('sessions.clean', { subjects: [], calls, nowMs: nowMs() });
}

test('[GW-180, GW-164] a question reaches users of three nodes, and counts on all', async (t) => {
  const world = await start(t, 3);
  const { store, signer } = world;
  const [one, two, three] = [nodeAt(world, 0), nodeAt(world, 1), nodeAt(world, 2)];
  const visit = await arriveAt(t, one);
  await prove(store, signer.subjectOf(visit.cookie.replace(/^[^=]*=/, '')));
  const again = async (page: TestPage, node: TestServer): Promise<TestPage> => {
    page.socket.close(1000);
    await page.untilClosed();
    return await arriveAt(t, node, { device: page.device, cookie: page.cookie });
  };
  let ana = await again(visit, one);
  const [ben, cleo] = [await arriveAt(t, two), await arriveAt(t, three)];
  const askAs = (page: TestPage, at: number): void =>
    searchIn(page, `question-${at}`, {
      ...{ mode: 'question', role: 'asker', question: `Tea or coffee number ${at}?` },
    });
  askAs(ana, 0);
  for (const page of [ben, cleo]) {
    searchIn(page, 'search-to-answer', { mode: 'question', role: 'answerer' });
  }
  const people = [ana, ben, cleo];
  const found = await Promise.all(people.map((page) => page.next('match.found')));
  assert.equal(new Set(found.map(({ match }) => match)).size, 1);
  assert.deepEqual(found.map(({ side }) => side).toSorted(), ['a', 'b', 'c']);
  for (const page of people) {
    assert.equal((await page.next('chat.line')).line.text, 'Tea or coffee number 0?');
  }
  const ofBen = found[1];
  assert.ok(ofBen !== undefined);
  ben.say('chat.send', { ...inCall(ofBen), id: 'line-of-ben', text: 'Tea.' });
  for (const page of people) assert.equal((await page.next('chat.line')).line.text, 'Tea.');
  cleo.say('call.end', { ...inCall(found[2] ?? ofBen), reason: 'stop' });
  for (const page of people) await page.next('call.ended');

  // On another node the question counts, once its meeting is stored.
  const asked = async (): Promise<number> => {
    const subject = signer.subjectOf(ana.cookie.replace(/^[^=]*=/, ''));
    const device = brandId<never>('any-device');
    const read = await store.run('person.read', {
      ...{ people: [{ subject, device }], nowMs: nowMs(), withQuestions: true },
    });
    return read[0]?.questions?.asked.length ?? 0;
  };
  while ((await asked()) !== 1) await new Promise(setImmediate);
  ana = await again(ana, two);
  for (let at = 1; at < QUESTIONS_MAX; at++) {
    askAs(ana, at);
    await ana.next('ticket.accepted');
    ana.say('ticket.withdraw', { ticket: `question-${at}` });
    await ana.next('ticket.withdrawn');
  }
  askAs(ana, QUESTIONS_MAX);
  assert.equal((await ana.next('ticket.refused')).reason, 'too-many-questions');
});
