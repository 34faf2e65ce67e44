import assert from 'node:assert/strict';
import { test } from 'node:test';
import { signal } from '@preact/signals';
import { SOUND_ONLY_AFTER_MS, STALLED_AFTER_MS, WORSE_AFTER_MS } from '../src/call/limits.ts';
import { type MeasuredQuality, QualityWatch } from '../src/call/quality-watch.ts';
import type { StatsReports } from '../src/call/stats-reports.ts';
import { SAVING_STEP, VIDEO_STEPS, type VideoLimits } from '../src/call/video-ladder.ts';
import { FakeTime } from '../src/fakes/fake-time.ts';
import { reportsOf } from '../src/fakes/stats.ts';

class FakeLink {
  readonly limits: (VideoLimits | null)[] = [];
  readonly stalls: boolean[] = [];
  perSecond = 100;
  loss = 0;
  path = true;
  expects = true;
  readonly saves = signal(false);
  kbpsMax: number | null = null;
  route = 'host';
  reads = 0;
  readonly time = new FakeTime();
  readonly watch: QualityWatch;
  #came = 0;
  #lost = 0;
  #atMs = this.time.monotonicMs();

  constructor() {
    this.watch = new QualityWatch(this, {
      clock: this.time,
      scheduler: this.time,
      expectsMedia: () => this.expects,
      savesData: () => this.saves.value,
      relayKbpsMax: () => this.kbpsMax,
    });
  }

  reports(): Promise<StatsReports> {
    this.reads += 1;
    const nowMs = this.time.monotonicMs();
    const packets = (this.perSecond * (nowMs - this.#atMs)) / 1_000;
    this.#atMs = nowMs;
    this.#came += packets * (1 - this.loss);
    this.#lost += packets * this.loss;
    if (!this.path) return Promise.resolve(new Map());
    const stats = {
      rttMs: 40,
      packetsReceived: Math.round(this.#came),
      packetsLost: Math.round(this.#lost),
      jitterMs: 2,
      frozenMs: 0,
      lossOut: null,
      sentHeight: 480,
    };
    const reports = new Map(reportsOf(stats));
    const pair = reports.get('pair');
    if (pair !== undefined) reports.set('pair', { ...pair, localCandidateId: 'own' });
    reports.set('own', { type: 'local-candidate', candidateType: this.route });
    return Promise.resolve(reports);
  }

  limitVideo(limits: VideoLimits | null): void {
    this.limits.push(limits);
  }

  setStalled(stalled: boolean): void {
    this.stalls.push(stalled);
  }

  quality(): MeasuredQuality | null {
    return this.watch.quality.value;
  }
}

/** Returns a peer link whose media has flowed for five seconds. */
async function flowing(): Promise<FakeLink> {
  const link = new FakeLink();
  await link.time.advance(5_000);
  return link;
}

test('reports no call quality before the first measurement', async () => {
  const link = new FakeLink();
  await link.time.advance(1_000);
  assert.equal(link.quality(), null);
  await link.time.advance(1_000);
  assert.equal(link.quality()?.level, 'good');
  assert.equal(link.quality()?.lowered, false);
});

test('lowers video quality on packet loss; raises it after recovery', async () => {
  const link = await flowing();
  link.loss = 0.3;
  await link.time.advance(20_000);
  assert.equal(link.quality()?.level, 'poor');
  assert.equal(link.quality()?.lowered, true);
  assert.deepEqual(link.limits, VIDEO_STEPS.slice(1));
  assert.ok(Math.abs((link.quality()?.figures.loss ?? 0) - 0.3) < 0.02);
  link.loss = 0;
  await link.time.advance(60_000);
  assert.equal(link.quality()?.level, 'good');
  assert.equal(link.limits.at(-1), null, 'the browser has its way again');
  assert.equal(link.quality()?.lowered, false);
});

test('keeps the operator’s bit rate while the call is relayed, and only then', async () => {
  const link = new FakeLink();
  link.kbpsMax = 500;
  await link.time.advance(5_000);
  assert.deepEqual(link.limits, [], 'a direct call has no limit');
  link.route = 'relay';
  await link.time.advance(2_000);
  const capped = { bitrateMax: 460_000, scaleDownBy: 1.5, framesPerSecondMax: 24 };
  assert.deepEqual(link.limits, [capped]);
  assert.equal(link.quality()?.lowered, false, 'the connection is not to blame');
  link.saves.value = true;
  assert.deepEqual(link.limits.at(-1), VIDEO_STEPS[SAVING_STEP], 'it needs less');
  link.saves.value = false;
  link.route = 'srflx';
  await link.time.advance(2_000);
  assert.equal(link.limits.at(-1), null);
});

test('sends smaller video from the start for a user who saves data', async () => {
  const link = new FakeLink();
  link.saves.value = true;
  await link.time.advance(5_000);
  assert.deepEqual(link.limits, [VIDEO_STEPS[SAVING_STEP]]);
  assert.equal(link.quality()?.lowered, false, 'the connection is not to blame');
  link.loss = 0.3;
  await link.time.advance(20_000);
  assert.deepEqual(link.limits, VIDEO_STEPS.slice(SAVING_STEP));
  link.loss = 0;
  await link.time.advance(120_000);
  assert.deepEqual(link.limits.at(-1), VIDEO_STEPS[SAVING_STEP]);
  link.saves.value = false;
  assert.equal(link.limits.at(-1), null, 'the setting applies at once');
  link.watch.stop();
  link.saves.value = true;
  assert.equal(link.limits.at(-1), null, 'a stopped watch sets no limits');
});

test('offers sound only once, after six seconds of poor quality', async () => {
  const link = await flowing();
  link.loss = 0.3;
  // Waits four seconds for the quality measurement's window, and two more until a worse level is
  // shown.
  while (link.quality()?.level !== 'poor') await link.time.advance(1_000);
  await link.time.advance(SOUND_ONLY_AFTER_MS - 1_000);
  assert.equal(link.quality()?.offersSoundOnly, false);
  await link.time.advance(1_000);
  assert.equal(link.quality()?.offersSoundOnly, true);
  link.watch.declineSoundOnly();
  assert.equal(link.quality()?.offersSoundOnly, false);
  await link.time.advance(60_000);
  assert.equal(link.quality()?.offersSoundOnly, false);
  link.loss = 0;
  await link.time.advance(20_000);
  link.loss = 0.3;
  await link.time.advance(WORSE_AFTER_MS + SOUND_ONLY_AFTER_MS + 4_000);
  assert.equal(link.quality()?.offersSoundOnly, true, 'another poor time');
});

test('detects that received media stopped long before the browser does', async () => {
  const link = await flowing();
  link.perSecond = 0;
  await link.time.advance(STALLED_AFTER_MS - 1_000);
  assert.deepEqual(link.stalls, []);
  await link.time.advance(2_000);
  assert.deepEqual(link.stalls, [true]);
  link.perSecond = 100;
  await link.time.advance(1_000);
  assert.deepEqual(link.stalls, [true, false]);
});

test("doesn't report stopped media if the peer sends none", async () => {
  const link = await flowing();
  link.perSecond = 0;
  link.expects = false;
  await link.time.advance(60_000);
  assert.deepEqual(link.stalls, []);
});

test("doesn't treat a few packets as flowing media", async () => {
  const link = new FakeLink();
  link.perSecond = 2;
  await link.time.advance(20_000);
  link.perSecond = 0;
  await link.time.advance(20_000);
  assert.deepEqual(link.stalls, []);
});

test("doesn't count the time that a machine slept as stopped media", async () => {
  const link = await flowing();
  // No packets arrive while the machine sleeps, although the clock advances.
  link.perSecond = 0;
  link.time.sleep(60_000);
  await link.time.advance(1_000);
  link.perSecond = 100;
  await link.time.advance(10_000);
  assert.deepEqual(link.stalls, []);
  assert.equal(link.quality()?.level, 'good');
});

test('waits for connection statistics that are missing during an ICE restart', async () => {
  const link = await flowing();
  link.path = false;
  await link.time.advance(10_000);
  link.path = true;
  await link.time.advance(10_000);
  assert.equal(link.quality()?.level, 'good');
});

test('stops reading connection statistics at stop()', async () => {
  const link = new FakeLink();
  await link.time.advance(3_000);
  link.watch.stop();
  const { reads } = link;
  await link.time.advance(10_000);
  assert.equal(link.reads, reads);
  assert.equal(link.time.pending, 0);
});
