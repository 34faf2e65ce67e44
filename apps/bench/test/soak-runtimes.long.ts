/** Long tier: the parts of the soak that run against a process on Node and on Bun. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { BUN_COMMAND } from '@farandole/e2e/bun';
import { startContender } from '../src/load/contender.ts';
import { Inspector } from '../src/load/inspector.ts';
import { CrowdCounts } from '../src/soak/crowd-counts.ts';
import { DelayWatch } from '../src/soak/delay-watch.ts';
import { Rotation } from '../src/soak/rotation.ts';
import { startSoakedServer } from '../src/soak/soaked-server.ts';

const RUNTIMES = ['node', ...(BUN_COMMAND === null ? [] : ['bun' as const])] as const;
const GARBAGE =
  'void (globalThis.garbage = Array.from({ length: 200 }, () => new Uint8Array(1e5)))';
const BLOCK =
  'void (() => { const endMs = performance.now() + 300; while (performance.now() < endMs); })()';

for (const runtime of RUNTIMES) {
  test(`measures memory and delays of a process on ${runtime}`, async (t) => {
    const idle = await startContender(runtime === 'bun' ? 'bare-bun' : 'bare-ws', true);
    t.after(() => idle.stop());
    const inspector = await Inspector.connect(idle.inspectorUrl ?? '');
    t.after(() => inspector.close());
    await inspector.collectGarbage();
    const before = (await inspector.look()).memory;
    await inspector.evaluate(GARBAGE);
    const during = (await inspector.look()).memory;
    assert.ok(during.external - before.external > 15e6, JSON.stringify({ before, during }));
    await inspector.evaluate('void (globalThis.garbage = null)');
    await inspector.collectGarbage();
    const after = (await inspector.look()).memory;
    assert.ok(after.external - before.external < 5e6, JSON.stringify({ before, after }));

    const delays = await DelayWatch.install(inspector);
    await inspector.evaluate(BLOCK);
    let seen = await delays.take();
    while (seen.length === 0) seen = await delays.take();
    assert.ok(Math.max(...seen) > 200, String(seen));
    await inspector.evaluate(BLOCK);
    await delays.skip();
    await delay(50);
    assert.ok(Math.max(0, ...(await delays.take())) < 200);
  });

  test(`replaces groups of users on ${runtime} and counts each line`, async (t) => {
    const server = await startSoakedServer(runtime);
    t.after(() => server.stop('SIGKILL'));
    const counts = new CrowdCounts();
    const rotation = new Rotation(server.port, 100, counts);
    rotation.start();
    // The first group leaves before the last one comes, so more users come than are connected.
    while (rotation.people < 104 && counts.faults.size === 0) await delay(100);
    await rotation.stop();
    assert.deepEqual([...counts.faults], []);
    const { people, matches, lines, lost, doubled } = rotation;
    assert.equal(matches, people / 2);
    assert.ok(lines >= people, `${lines} lines of ${people} users`);
    assert.deepEqual({ lost, doubled }, { lost: 0, doubled: 0 });
    const { sessionsOpened, calls } = await server.gauges();
    assert.equal(sessionsOpened, people);
    assert.ok(calls <= 50);
  });
}
