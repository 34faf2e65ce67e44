import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeProve } from '../src/fakes/fake-node.ts';
import { settle } from '../src/fakes/fake-time.ts';
import type { Prove } from '../src/signal/ports.ts';
import { type ClientHarness, clientHarness } from './support/client-harness.ts';

async function online(): Promise<ClientHarness> {
  const harness = clientHarness();
  harness.client.start();
  await harness.time.quiet();
  assert.equal(harness.client.state.state, 'online');
  return harness;
}

test('[PR-80c] asks for the session by HTTP after a refused resume; opens another', async () => {
  const { node, time, client, opened } = await online();
  node.restart();
  await time.advance(2_000);
  assert.equal(client.state.state, 'online');
  assert.equal(opened(), 2);
  // The server refused the second socket. The third one opened with the new ticket.
  assert.equal(node.link.opened, 3);
  assert.equal(node.ticketRequests, 2);
  assert.deepEqual(node.faults, []);
});

test('[PR-80c] keeps a session whose resume failed for another reason', async () => {
  const { node, time, client, opened } = await online();
  node.link.breakOff();
  await time.advance(100);
  assert.equal(client.state.state, 'reconnecting');
  node.link.mode = 'pass';
  await time.advance(3_000);
  assert.equal(client.state.state, 'online');
  assert.equal(opened(), 1);
  assert.equal(node.ticketsGiven, 1);
  assert.equal(node.ticketRequests, 2, 'it asked for the session once');
  assert.deepEqual(node.faults, []);
});

test('[PR-10b] resumes a session without a ticket or proof of work', async () => {
  const { node, time, client } = await online();
  node.needsProof = true;
  node.link.cutNow('close');
  await time.advance(1_000);
  assert.equal(client.state.state, 'online');
  assert.equal(node.ticketRequests, 1);
});

test('[PR-80a] proves work for a ticket if the server asks for it', async () => {
  const { node, time, client } = clientHarness();
  node.needsProof = true;
  client.start();
  await time.quiet();
  assert.equal(client.state.state, 'online');
  assert.equal(node.ticketRequests, 2);
});

test('prepares a solver with the request for a ticket; dismisses it without a challenge', async () => {
  const { node, client, time, solvers } = clientHarness();
  node.needsProof = true;
  client.start();
  assert.deepEqual(solvers, { prepared: 1, dismissed: 0 });
  await time.quiet();
  assert.equal(node.ticketRequests, 2);
  assert.deepEqual(solvers, { prepared: 1, dismissed: 0 }, 'the challenge needs the solver');

  const others = await online();
  assert.deepEqual(others.solvers, { prepared: 1, dismissed: 1 });
  others.node.link.cutNow('close');
  await others.time.advance(1_000);
  assert.deepEqual(others.solvers, { prepared: 1, dismissed: 1 }, 'a resume needs no ticket');
});

test('dismisses the solver of an attempt that ended before the answer', async () => {
  const { node, client, time, solvers } = clientHarness();
  node.needsProof = true;
  client.start();
  client.leave();
  await time.quiet();
  assert.deepEqual(solvers, { prepared: 1, dismissed: 1 });
});

test('waits for a long proof without a timeout and reports its progress', async () => {
  const { promise, resolve } = Promise.withResolvers<Awaited<ReturnType<Prove>>>();
  let needed: Parameters<Prove>[0] | null = null;
  const { node, time, client, proved } = clientHarness(1, undefined, (asked, progress) => {
    needed = asked;
    progress(0.25);
    return promise;
  });
  node.needsProof = true;
  client.start();
  await time.advance(60_000);
  assert.deepEqual(client.state, { state: 'connecting', crowded: false });
  assert.equal(node.ticketRequests, 1);
  assert.equal(proved.at(-1), 0.25);
  assert.ok(needed !== null);
  resolve(await fakeProve(needed, () => {}));
  await time.quiet();
  assert.equal(client.state.state, 'online');
  assert.equal(proved.at(-1), null);
});

test("gives a reason if the browser can't prove work; the user can retry", async () => {
  const { node, time, client } = clientHarness(1, undefined, () => Promise.resolve(null));
  node.needsProof = true;
  client.start();
  await time.quiet();
  assert.deepEqual(client.state, { state: 'stopped', reason: 'unproven' });
  node.needsProof = false;
  client.start();
  await time.quiet();
  assert.equal(client.state.state, 'online');
});

test('retries if the code for proofs of work fails to load', async () => {
  let loads = 0;
  const { node, time, client } = clientHarness(1, undefined, async (needed, progress) => {
    loads += 1;
    if (loads === 1) throw new TypeError('Failed to fetch dynamically imported module');
    return await fakeProve(needed, progress);
  });
  node.needsProof = true;
  client.start();
  await time.advance(5_000);
  assert.equal(client.state.state, 'online');
  assert.equal(loads, 2);
});

test('retries later if the server refuses the proof of work', async () => {
  let proofs = 0;
  const { node, time, client } = clientHarness(1, undefined, (needed, progress) => {
    proofs += 1;
    return fakeProve(needed, progress);
  });
  node.rejectsProofs = true;
  node.needsProof = true;
  client.start();
  await settle();
  assert.ok(proofs <= 2);
  assert.equal(client.state.state, 'connecting');
  node.rejectsProofs = false;
  await time.advance(5_000);
  assert.equal(client.state.state, 'online');
});
