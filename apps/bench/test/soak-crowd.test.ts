import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { createPrng } from '@farandole/kernel/prng';
import { Crowd } from '../src/soak/crowd.ts';
import { startSoakedServer } from '../src/soak/soaked-server.ts';

test('loses no chat line while users join, chat, signal, disconnect and leave', async (t) => {
  const server = await startSoakedServer();
  t.after(() => server.stop('SIGKILL'));
  const size = { people: 60, newcomers: 0.5, couples: 3, visitsPerSecond: 10, visitsMax: 24 };
  const crowd = new Crowd(server.port, createPrng(7), size);
  crowd.start();
  const { counts, ledger } = crowd;
  const isEnough = (): boolean =>
    counts.sessions >= 24 && counts.resumes >= 2 && counts.signals >= 12 && counts.pages >= 2;
  while (!isEnough() && counts.faults.size === 0) await delay(50);
  assert.ok((await server.gauges()).online >= 6);
  await crowd.stop();
  const { lost, doubled, foreign, accepted, openCalls } = ledger;
  assert.deepEqual(
    { lost, doubled, foreign, openCalls },
    { lost: 0, doubled: 0, foreign: 0, openCalls: 0 },
  );
  assert.ok(accepted > 0 && counts.callSides >= 6 && counts.nuisances > 0);
  assert.deepEqual([...counts.faults], []);
  assert.equal(counts.streamFaults, 0);
  assert.equal(counts.couplesParted, 0);
  const { unexpected, kept, levels } = server.log;
  assert.deepEqual({ unexpected, kept }, { unexpected: 0, kept: [] });
  assert.ok(counts.people <= counts.sessions);
  assert.ok((levels['info'] ?? 0) >= counts.sessions);
  const { sessionsOpened, sessionsResumed } = await server.gauges();
  assert.equal(sessionsOpened, counts.sessions);
  assert.equal(sessionsResumed, counts.resumes);
});
