import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok, refused } from '@farandole/kernel/result';
import {
  PICTURE_AGO_MS_MAX,
  PICTURE_BYTES_MAX,
  REPORT_PICTURES_BYTES_MAX,
  REPORT_PICTURES_MAX,
} from '@farandole/protocol/limits';
import { unpackPictures } from '@farandole/protocol/report-pictures';
import { smallJpeg } from '@farandole/protocol/testing/small-jpeg';
import fc from 'fast-check';
import { FakeTime } from '../src/fakes/fake-time.ts';
import { type Person, World } from '../src/fakes/world.ts';
import {
  PENDING_REPORT_MS,
  PICTURE_EVERY_MS,
  PICTURES_TRIED_AGAIN_AFTER_MS,
  PICTURES_TRIES_MAX,
  RING_PICTURES_MAX,
} from '../src/report/limits.ts';
import { PictureRing, type Pixels } from '../src/report/picture-ring.ts';
import { StrangerPictures, type StrangerPicturesPorts } from '../src/report/stranger-pictures.ts';

const pixels = (): Pixels => ({ width: 1, height: 1, data: new Uint8ClampedArray(4) });

test('attaches evenly spaced recent pictures of the peer, including the newest', () => {
  const steps = fc.array(fc.integer({ min: 1, max: 3_000 }), { maxLength: 100 });
  fc.assert(
    fc.property(steps, fc.nat(40_000), (pauses, laterMs) => {
      const ring = new PictureRing();
      let nowMs = 0;
      const all: { readonly atMs: number; readonly picture: Pixels }[] = [];
      for (const pauseMs of pauses) {
        nowMs += pauseMs;
        const picture = pixels();
        all.push({ atMs: nowMs, picture });
        ring.add(picture, nowMs);
        assert.ok(ring.size <= RING_PICTURES_MAX);
      }
      nowMs += laterMs;
      const recent = all
        .slice(-RING_PICTURES_MAX)
        .filter(({ atMs }) => nowMs - atMs <= PICTURE_AGO_MS_MAX);
      const taken = ring.take(nowMs);
      assert.equal(taken.length, Math.min(recent.length, REPORT_PICTURES_MAX));
      assert.equal(taken.at(-1)?.pixels, recent.at(-1)?.picture, 'the newest always');
      const places = taken.map((one) => recent.findIndex(({ picture }) => picture === one.pixels));
      const gaps = places.map((place, at) => place - (places[at - 1] ?? -1));
      assert.ok(Math.max(0, ...gaps) - Math.min(...gaps, 9) <= 1, 'evenly');
      for (const [at, { agoMs }] of taken.entries()) {
        assert.equal(agoMs, nowMs - (recent[places[at] ?? -1]?.atMs ?? 0));
      }
      ring.clear();
      assert.deepEqual(ring.take(nowMs), []);
    }),
  );
});

function sender(change: Partial<StrangerPicturesPorts> = {}) {
  const time = new FakeTime();
  const bodies: Uint8Array<ArrayBuffer>[] = [];
  const pictures = new StrangerPictures({
    clock: time,
    scheduler: time,
    isThere: () => true,
    encode: () => Promise.resolve(smallJpeg()),
    upload: (_, body) => {
      bodies.push(body);
      return Promise.resolve(ok(true));
    },
    ...change,
  });
  const sent = () => bodies.map((body) => unpackPictures(body));
  return { time, pictures, bodies, sent };
}

const some = (count: number) =>
  Array.from({ length: count }, (_, at) => ({ agoMs: count - at + 0.25, pixels: pixels() }));

test("[PR-76] sends pictures of the peer within the node's limits, newest first", async () => {
  const large = smallJpeg({ data: 'x'.repeat(PICTURE_BYTES_MAX - smallJpeg({ data: '' }).length) });
  const fit = REPORT_PICTURES_BYTES_MAX / PICTURE_BYTES_MAX;
  const { pictures, sent } = sender({ encode: () => Promise.resolve(large) });
  assert.equal(await pictures.send('token', some(REPORT_PICTURES_MAX)), true);
  const [unpacked] = sent();
  assert.ok(unpacked?.ok);
  assert.deepEqual(
    unpacked.value.map(({ agoMs }) => agoMs),
    Array.from({ length: fit }, (_, at) => fit - at),
  );
  const exif = smallJpeg({ besides: [[0xff, 0xe1, 0, 4, 1, 2]] });
  const plain = sender({ encode: () => Promise.resolve(exif) });
  assert.equal(await plain.pictures.send('token', some(1)), true);
  assert.deepEqual(plain.sent(), [{ ok: true, value: [{ agoMs: 1, bytes: smallJpeg() }] }]);
});

test("skips pictures of the peer that the browser can't draw", async () => {
  let calls = 0;
  const { pictures, sent } = sender({
    encode: () => {
      calls += 1;
      if (calls === 1) return Promise.reject(new Error('no canvas'));
      if (calls === 2) return Promise.resolve(null);
      return Promise.resolve(calls === 3 ? new Uint8Array(9) : smallJpeg());
    },
  });
  assert.equal(await pictures.send('token', some(5)), true);
  const [unpacked] = sent();
  assert.ok(unpacked?.ok);
  assert.equal(unpacked.value.length, 2);
  const none = sender({ encode: () => Promise.resolve(null) });
  assert.equal(await none.pictures.send('token', some(5)), false);
  assert.equal(none.bodies.length, 0);
});

test('retries failed picture uploads up to a limit, but not refused ones', async () => {
  let tries = 0;
  const failing = sender({
    upload: () => {
      tries += 1;
      return Promise.resolve(refused('unreachable'));
    },
  });
  const sending = failing.pictures.send('token', some(1));
  await failing.time.advance(PICTURES_TRIED_AGAIN_AFTER_MS * PICTURES_TRIES_MAX);
  assert.deepEqual([await sending, tries], [false, PICTURES_TRIES_MAX]);
  tries = 0;
  const refusing = sender({
    upload: () => {
      tries += 1;
      return Promise.resolve(refused('refused'));
    },
  });
  assert.deepEqual([await refusing.pictures.send('token', some(1)), tries], [false, 1]);
});

/**
 * Plays a video call until the page has kept some pictures of the peer.
 * @param takes whether the server accepts pictures
 */
async function seen(takes = true): Promise<{ world: World; ada: Person; bo: Person }> {
  const world = new World();
  world.node.facts = { ...world.node.facts, pictures: takes };
  const [ada, bo] = await world.meet('video');
  await world.time.advance(5_000);
  return { world, ada, bo };
}

const view = ({ app }: Person) => app.report.view.value ?? assert.fail('no report is open');

test('[PR-76] uploads the selected pictures after the report and confirms the upload', async () => {
  const { world, ada } = await seen();
  ada.app.report.open();
  assert.deepEqual(view(ada).pictures, [], 'none is to be chosen before there is a reason');
  ada.app.report.send('hate');
  assert.equal(view(ada).reason, 'hate');
  const { pictures, picturesState, picturesAttached } = view(ada);
  assert.ok(pictures.length >= 9, `${pictures.length}`);
  assert.deepEqual([picturesState, picturesAttached], ['attached', pictures.length]);
  assert.ok(pictures.every(({ agoMs }) => agoMs <= 5_000 + PICTURE_EVERY_MS));
  ada.app.report.togglePicture(1);
  ada.app.report.togglePicture(2);
  ada.app.report.togglePicture(2);
  assert.equal(view(ada).picturesAttached, pictures.length - 1);
  assert.equal(world.uploads.length, 0, 'nothing goes before the report');
  ada.app.report.sendNow();
  await world.time.advance(100);
  const [upload] = world.uploads;
  assert.ok(upload !== undefined);
  assert.match(upload.token, /^pictures-of-/);
  const unpacked = unpackPictures(upload.body);
  assert.ok(unpacked.ok);
  assert.equal(unpacked.value.length, pictures.length - 1);
  assert.deepEqual([view(ada).state, view(ada).picturesState], ['accepted', 'sent']);
  world.assertNoFault();
});

test('[PR-76] sends and stores no picture for “may be under 18”', async () => {
  const { world, ada } = await seen();
  ada.app.report.open();
  assert.ok(view(ada).picturesAttached > 0);
  ada.app.report.send('may-be-under-18');
  assert.equal(view(ada).state, 'sending', 'nobody is asked about pictures');
  assert.deepEqual([view(ada).picturesAttached, view(ada).picturesState], [0, 'none']);
  await world.time.advance(10_000);
  assert.deepEqual([view(ada).state, view(ada).picturesState], ['accepted', 'none']);
  assert.deepEqual(world.uploads, []);
});

test('[PR-76] deletes pictures when the reason becomes “may be under 18”', async () => {
  const { world, ada } = await seen();
  ada.app.report.open();
  ada.app.report.send('sexual-content');
  ada.app.report.otherReason();
  assert.deepEqual([view(ada).reason, view(ada).pictures], [null, []]);
  ada.app.report.send('may-be-under-18');
  await world.time.advance(PENDING_REPORT_MS + 10_000);
  assert.deepEqual([view(ada).state, view(ada).reason], ['accepted', 'may-be-under-18']);
  assert.deepEqual(world.uploads, []);
});

test('[PR-76] attaches preselected pictures to a report with a reason only', async () => {
  for (const reason of ['hate', null] as const) {
    const { world, ada } = await seen();
    ada.app.report.open();
    if (reason === null) ada.app.report.hold();
    else ada.app.report.send(reason);
    await world.time.advance(PENDING_REPORT_MS - 1);
    assert.equal(world.uploads.length, 0);
    await world.time.advance(1_000);
    assert.equal(view(ada).state, 'accepted');
    assert.equal(world.uploads.length, reason === null ? 0 : 1);
  }
});

test('takes no pictures if the server accepts none', async () => {
  const { world, ada } = await seen(false);
  const { viewers } = world.rtc;
  ada.app.report.open();
  assert.deepEqual([view(ada).pictures, view(ada).picturesState], [[], 'none']);
  ada.app.report.send('hate');
  ada.app.report.sendNow();
  await world.time.advance(100);
  assert.deepEqual(world.uploads, []);
  assert.ok(viewers.every(({ pictures }) => pictures === 0));
});

test('delivers the report if its pictures fail, and tells the user', async () => {
  const { world, ada } = await seen();
  world.uploadFaults.push(refused('refused'));
  ada.app.report.open();
  ada.app.report.send('hate');
  ada.app.report.sendNow();
  await world.time.advance(100);
  assert.deepEqual([view(ada).state, view(ada).picturesState], ['accepted', 'failed']);
});

test("deletes the peer's pictures when the call ends", async () => {
  const { world, ada, bo } = await seen();
  bo.app.navigation.stop();
  await world.time.advance(100);
  assert.equal(ada.app.screen.value, 'ended');
  ada.app.report.open();
  assert.deepEqual(view(ada).pictures, []);
  // The page takes no pictures of the peer after the call.
  const before = world.rtc.viewers.map(({ pictures }) => pictures);
  await world.time.advance(5_000);
  assert.deepEqual(
    world.rtc.viewers.map(({ pictures }) => pictures),
    before,
  );
});

test('takes no pictures of a stranger whose camera is off', async () => {
  const { world, ada, bo } = await seen();
  bo.app.devices.toggle('video');
  await world.time.advance(PICTURE_AGO_MS_MAX + PICTURE_EVERY_MS);
  ada.app.report.open();
  assert.deepEqual(view(ada).pictures, []);
});

test("keeps an offline report's pictures in the page and sends both later", async () => {
  const { world, ada } = await seen();
  world.node.link.breakOff();
  ada.setOnline(false);
  await world.time.advance(100);
  ada.app.report.open();
  const { picturesAttached } = view(ada);
  assert.ok(picturesAttached > 0);
  ada.app.report.send('hate');
  ada.app.report.sendNow();
  await world.time.advance(5_000);
  assert.equal(world.uploads.length, 0);
  world.node.link.mode = 'pass';
  ada.setOnline(true);
  ada.app.report.close();
  await world.time.advance(20_000);
  const [upload] = world.uploads;
  const unpacked = unpackPictures(upload?.body ?? new Uint8Array());
  assert.ok(unpacked.ok);
  assert.equal(unpacked.value.length, picturesAttached);
});
