import assert from 'node:assert/strict';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { ServerMessageOf } from '@farandole/protocol/server-message';
import { type MainProcess, startMain } from './support/main-process.ts';
import { meet } from './support/meeting.ts';
import { metricOf, startNodeServers, untilJoined } from './support/several-nodes.ts';
import { inCall, TestPage } from './support/test-page.ts';
import { builtPage, temporaryFolder } from './support/test-server.ts';

/** Time in ms within which both pages have their call again after a node was killed. */
const RESTORED_WITHIN_MS = 7_000;
const NODES = 3;

const { sharedEnv } = await startNodeServers();

interface NodeProcess extends MainProcess {
  readonly port: number;
  readonly metricsPort: number;
}

/** Starts nodes in processes of their own, which know each other. */
async function startNodes(t: TestContext): Promise<readonly NodeProcess[]> {
  const env = { ...(await sharedEnv(t)), PORT: '0', FARANDOLE_PROOF_MS: '1' };
  const args = ['--pages', await builtPage(t)];
  const nodes: NodeProcess[] = [];
  for (let at = 0; at < NODES; at++) {
    const dataDir = join(await temporaryFolder(t), 'data');
    const program = startMain(t, args, { ...env, FARANDOLE_DATA_DIR: dataDir });
    const [, port] = await program.printed(/^Farandole is at http:\/\/localhost:(\d+)$/m);
    const [, metricsPort] = await program.printed(/127\.0\.0\.1:(\d+)\/metrics/);
    nodes.push({ ...program, port: Number(port), metricsPort: Number(metricsPort) });
  }
  await untilJoined(nodes);
  return nodes;
}

/** Opens a session, again and again while the nodes say that another node must be tried. */
async function arriveAt(t: TestContext, port: number, before?: TestPage): Promise<TestPage> {
  for (;;) {
    const page = before === undefined ? new TestPage(t, port) : before.moveTo(t, port);
    try {
      await page.arrive();
      return page;
    } catch (error) {
      if (page.closed === null) throw error;
    }
  }
}

async function kill(node: NodeProcess): Promise<void> {
  node.child.kill('SIGKILL');
  await node.ended;
}

interface CrossCall {
  /** Node with the call, and the other node with a page of the call. */
  readonly home: NodeProcess;
  readonly edge: NodeProcess;
  readonly third: NodeProcess;
  readonly ofHome: Side;
  readonly ofEdge: Side;
}

interface Side {
  readonly page: TestPage;
  readonly found: ServerMessageOf<'match.found'>;
}

/** Opens a call between users of two nodes. */
async function callAcross(t: TestContext): Promise<CrossCall> {
  const [one, two, third] = await startNodes(t);
  assert.ok(one !== undefined && two !== undefined && third !== undefined);
  const [ana, ben] = [await arriveAt(t, one.port), await arriveAt(t, two.port)];
  const [ofAna, ofBen] = await meet(ana, ben);
  const sides = [
    { page: ana, found: ofAna },
    { page: ben, found: ofBen },
  ] as const;
  const isAtOne = (await metricOf(one, 'farandole_calls')) === 1;
  assert.equal(await metricOf(isAtOne ? two : one, 'farandole_calls'), 0);
  return isAtOne
    ? { home: one, edge: two, third, ofHome: sides[0], ofEdge: sides[1] }
    : { home: two, edge: one, third, ofHome: sides[1], ofEdge: sides[0] };
}

test('[GW-98] the home is killed, and both pages restore their call within 7 s', async (t) => {
  const { home, edge, third, ofHome, ofEdge } = await callAcross(t);
  ofHome.page.say('chat.send', { ...inCall(ofHome.found), id: 'line-before', text: 'before' });
  const { line } = await ofEdge.page.next('chat.line');
  await ofHome.page.next('chat.line');

  const killedAtMs = performance.now();
  await kill(home);
  const restore = async ({ page, found }: Side, { port }: NodeProcess): Promise<TestPage> => {
    await page.untilClosed();
    const again = await arriveAt(t, port, page);
    const { receipt } = found;
    again.say('call.restore', { receipt, received: line.counters, latest: line });
    return again;
  };
  const [one, other] = await Promise.all([restore(ofHome, third), restore(ofEdge, edge)]);
  const restored = await one.next('call.restored');
  assert.equal((await other.next('call.restored')).match, ofHome.found.match);
  const tookMs = performance.now() - killedAtMs;
  console.log(`restored after ${tookMs.toFixed(0)} ms`);
  assert.ok(tookMs <= RESTORED_WITHIN_MS, `${tookMs} ms`);
  other.say('chat.send', { ...inCall(restored), id: 'line-after', text: 'after' });
  assert.equal((await one.next('chat.line')).line.text, 'after');
});

test('[GW-95] the edge is killed, and the page resumes its call on a third node', async (t) => {
  const { edge, third, ofHome, ofEdge } = await callAcross(t);
  const { page } = ofEdge;
  await kill(edge);
  await page.untilClosed();
  ofHome.page.say('chat.send', { ...inCall(ofHome.found), id: 'line-of-home', text: 'while away' });
  await ofHome.page.next('chat.line');
  for (;;) {
    try {
      await page.resumeAt(third.port);
      break;
    } catch (error) {
      if (page.closed === null) throw error;
    }
  }
  assert.equal((await page.next('chat.line')).line.text, 'while away');
  page.say('chat.send', { ...inCall(ofEdge.found), id: 'line-back', text: 'back' });
  assert.equal((await ofHome.page.next('chat.line')).line.text, 'back');
});
