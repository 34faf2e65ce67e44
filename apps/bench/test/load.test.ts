import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sourceAddress } from '../src/load/addresses.ts';
import { CONTENDERS, startContender } from '../src/load/contender.ts';
import { LoadFleet } from '../src/load/load-fleet.ts';
import { cpuMicrosecondsOf, cpuOf } from '../src/load/process-cost.ts';

test('spreads clients over loopback addresses in different networks', () => {
  const addresses = Array.from({ length: 50_000 }, (_, index) => sourceAddress(index));
  assert.equal(new Set(addresses).size, addresses.length);
  const networks = new Map<string, number>();
  for (const address of addresses.slice(0, 20_000)) {
    assert.match(address, /^127\.(1[6-9]|2\d|3[01])\.\d{1,3}\.\d{1,3}$/);
    const network = address.slice(0, address.lastIndexOf('.'));
    networks.set(network, (networks.get(network) ?? 0) + 1);
  }
  // The default limit is 200 per network.
  assert.ok(Math.max(...networks.values()) <= 5);
});

test('measures the CPU time of one process, independent of others', async () => {
  const before = process.cpuUsage();
  const measured = await cpuOf(process.pid, async () => {
    let sum = 0;
    for (let i = 0; i < 3e7; i++) sum += Math.sqrt(i);
    assert.ok(sum > 0);
  });
  const { user, system } = process.cpuUsage(before);
  assert.ok(Math.abs(measured - (user + system)) < 0.3 * (user + system) + 20_000, `${measured}`);
  assert.ok(cpuMicrosecondsOf(process.pid) >= measured);
});

for (const name of CONTENDERS) {
  test(`${name}: pairs clients, relays, ends, and accounts for every message`, async (t) => {
    const fleet = new LoadFleet();
    t.after(() => fleet.stop());
    const contender = await startContender(name);
    t.after(() => contender.stop());
    await fleet.add('people', name, contender.port, 8);
    await fleet.order('people', { do: 'open' });
    const paired = await fleet.order('people', { do: 'pair' });
    assert.deepEqual({ done: paired.done, lost: paired.lost }, { done: 8, lost: 0 });
    const said = await fleet.order('people', {
      do: 'talk',
      said: 'chat',
      everyMs: 600,
      durationMs: 1_200,
    });
    assert.equal(said.sent, 16);
    assert.equal(said.planned, 16);
    // Our lines are also echoed to the sender as a confirmation.
    assert.equal(said.delivered, name === 'ours' ? 32 : 16);
    assert.equal((await fleet.order('people', { do: 'leave' })).done, 8);
    await fleet.add('passers-by', name, contender.port, 6);
    assert.equal((await fleet.order('passers-by', { do: 'churn' })).done, 6);
  });
}

test('matches every client in a storm as often as it searches', async (t) => {
  const fleet = new LoadFleet();
  t.after(() => fleet.stop());
  const contender = await startContender('ours');
  t.after(() => contender.stop());
  await fleet.add('people', 'ours', contender.port, 40);
  await fleet.order('people', { do: 'open' });
  const { done, lost, timesMs } = await fleet.order('people', { do: 'storm', searches: 2 });
  assert.equal(lost, 0);
  // Times are known only for calls within one process: half of them.
  assert.ok(timesMs.length > 0 && timesMs.length <= done / 2, `${timesMs.length} of ${done}`);
  assert.ok(timesMs.every((ms) => ms > 0));
  // The last ones may have met each other already.
  assert.ok(done >= 60 && done <= 80 && done % 2 === 0, `${done} of 80`);
});

test("connects clients on schedule and reports each one's wait", async (t) => {
  const fleet = new LoadFleet();
  t.after(() => fleet.stop());
  const contender = await startContender('bare-ws');
  t.after(() => contender.stop());
  await fleet.add('people', 'bare-ws', contender.port, 40);
  const tally = await fleet.order('people', { do: 'flash', overMs: 400 });
  assert.equal(tally.timesMs.length, 40);
  assert.ok(tally.timesMs.every((ms) => ms > 0));
  assert.deepEqual([tally.lost, tally.refused], [0, 0]);
  // The last client is due at the end.
  assert.ok(tally.elapsedMs >= 380, `${tally.elapsedMs}`);
});

test('reports a refused client as an error', async (t) => {
  const fleet = new LoadFleet();
  t.after(() => fleet.stop());
  const contender = await startContender('bare-tcp');
  await contender.stop();
  await fleet.add('people', 'bare-ws', contender.port, 2);
  await assert.rejects(fleet.order('people', { do: 'open' }), /ECONNREFUSED/);
});
