import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, beforeEach, type TestContext, test } from 'node:test';
import { startValkey } from '@farandole/cluster/test/valkey-server';
import { ask } from '@farandole/e2e/http';
import { startPostgres } from '@farandole/storage/test/postgres';
import { CommandLine } from './support/command-line.ts';
import { type MainProcess, startMain } from './support/main-process.ts';
import { inCall, TestPage } from './support/test-page.ts';
import { builtPage, temporaryFolder } from './support/test-server.ts';

/** Time in ms within which both pages have their call again after a node was killed. */
const RESTORED_WITHIN_MS = 7_000;
const NODES = 3;

const postgres = await startPostgres();
const valkey = await startValkey();
after(async () => {
  await postgres.stop();
  await valkey.stop();
});
beforeEach(async () => void (await valkey.command('FLUSHALL')));

interface NodeProcess extends MainProcess {
  readonly port: number;
  readonly metricsPort: number;
}

/** Starts nodes in processes of their own, which know each other. */
async function startNodes(t: TestContext): Promise<readonly NodeProcess[]> {
  const folder = await temporaryFolder(t);
  await new CommandLine(folder).says('keys', 'init');
  const env = {
    ...{ PORT: '0', FARANDOLE_METRICS_PORT: '0', FARANDOLE_PROOF_MS: '1' },
    FARANDOLE_DATABASE_URL: await postgres.createDatabase(),
    FARANDOLE_KEYS_FILE: join(folder, 'keys.json'),
    FARANDOLE_VALKEY_URL: valkey.url,
  };
  const args = ['--pages', await builtPage(t)];
  const nodes: NodeProcess[] = [];
  for (let at = 0; at < NODES; at++) {
    const dataDir = join(await temporaryFolder(t), 'data');
    const program = startMain(t, args, { ...env, FARANDOLE_DATA_DIR: dataDir });
    const [, port] = await program.printed(/^Farandole is at http:\/\/localhost:(\d+)$/m);
    const [, metricsPort] = await program.printed(/127\.0\.0\.1:(\d+)\/metrics/);
    nodes.push({ ...program, port: Number(port), metricsPort: Number(metricsPort) });
  }
  for (const node of nodes) while ((await metricOf(node, 'farandole_nodes')) !== NODES);
  return nodes;
}

async function metricOf({ metricsPort }: NodeProcess, name: string): Promise<number> {
  const { text } = await ask({ port: metricsPort, path: '/metrics' });
  return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text())?.[1]);
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

test('[GW-98] the home is killed, and both pages restore their call within 7 s', async (t) => {
  const [home, two, three] = await startNodes(t);
  assert.ok(home !== undefined && two !== undefined && three !== undefined);
  const [ana, ben] = [await arriveAt(t, home.port), await arriveAt(t, two.port)];
  // The node of the older search is the home of the call.
  ana.search('search-of-ana');
  await ana.next('ticket.accepted');
  ben.search('search-of-ben');
  const [ofAna, ofBen] = [await ana.next('match.found'), await ben.next('match.found')];
  assert.equal(await metricOf(home, 'farandole_calls'), 1);
  ana.say('chat.send', { ...inCall(ofAna), id: 'line-before', text: 'before' });
  const { line } = await ben.next('chat.line');
  await ana.next('chat.line');

  const killedAtMs = performance.now();
  await kill(home);
  const restore = async (page: TestPage, port: number, receipt: string): Promise<TestPage> => {
    await page.untilClosed();
    const again = await arriveAt(t, port, page);
    again.say('call.restore', { receipt, received: line.counters, latest: line });
    return again;
  };
  const [anaAgain, benAgain] = await Promise.all([
    restore(ana, three.port, ofAna.receipt),
    restore(ben, two.port, ofBen.receipt),
  ]);
  const restored = await anaAgain.next('call.restored');
  assert.equal((await benAgain.next('call.restored')).match, ofAna.match);
  const tookMs = performance.now() - killedAtMs;
  console.log(`restored after ${tookMs.toFixed(0)} ms`);
  assert.ok(tookMs <= RESTORED_WITHIN_MS, `${tookMs} ms`);
  benAgain.say('chat.send', { ...inCall(restored), id: 'line-after', text: 'after' });
  assert.equal((await anaAgain.next('chat.line')).line.text, 'after');
});

test('[GW-95] the edge is killed, and the page resumes its call on a third node', async (t) => {
  const [home, edge, three] = await startNodes(t);
  assert.ok(home !== undefined && edge !== undefined && three !== undefined);
  const ana = await arriveAt(t, home.port);
  ana.search('search-of-ana');
  await ana.next('ticket.accepted');
  const ben = await arriveAt(t, edge.port);
  ben.search('search-of-ben');
  const [atAna, atBen] = [await ana.next('match.found'), await ben.next('match.found')];
  assert.equal(await metricOf(home, 'farandole_calls'), 1);
  await kill(edge);
  await ben.untilClosed();
  ana.say('chat.send', { ...inCall(atAna), id: 'line-of-ana', text: 'while away' });
  await ana.next('chat.line');
  for (;;) {
    try {
      await ben.resumeAt(three.port);
      break;
    } catch (error) {
      if (ben.closed === null) throw error;
    }
  }
  assert.equal((await ben.next('chat.line')).line.text, 'while away');
  ben.say('chat.send', { ...inCall(atBen), id: 'line-of-ben', text: 'back' });
  assert.equal((await ana.next('chat.line')).line.text, 'back');
});
