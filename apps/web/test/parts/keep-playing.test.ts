import assert from 'node:assert/strict';
import { test } from 'node:test';
import { settle } from '../../src/fakes/fake-time.ts';
import { keepPlaying, type LiveVideo } from '../../src/sound/keep-playing.ts';

class FakePage extends EventTarget {
  hidden = false;

  setHidden(hidden: boolean): void {
    this.hidden = hidden;
    this.dispatchEvent(new Event('visibilitychange'));
  }
}

class FakeVideo extends EventTarget implements LiveVideo {
  readonly ownerDocument = new FakePage();
  paused = true;
  ended = false;
  plays = 0;
  /** Name of the error with which `play()` rejects; null if `play()` succeeds. */
  refusal: string | null = null;

  play(): Promise<void> {
    this.plays += 1;
    if (this.refusal !== null) return Promise.reject(new DOMException('no', this.refusal));
    this.paused = false;
    return Promise.resolve();
  }

  /**
   * Pauses the video as the system does.
   * @param atMs time of the event by the event's clock
   */
  pause(atMs: number): void {
    this.paused = true;
    const event = new Event('pause');
    Object.defineProperty(event, 'timeStamp', { value: atMs });
    this.dispatchEvent(event);
  }
}

function playing(): { video: FakeVideo; told: boolean[]; stop: () => void } {
  const video = new FakeVideo();
  const told: boolean[] = [];
  const stop = keepPlaying(video, (isRefused) => told.push(isRefused));
  return { video, told, stop };
}

test('resumes a video at once after each pause by the system', async () => {
  const { video, told } = playing();
  for (const atMs of [5_000, 9_000]) {
    video.pause(atMs);
    assert.equal(video.paused, false);
  }
  await settle();
  assert.equal(video.plays, 3);
  assert.deepEqual(new Set(told), new Set([false]));
});

test('resumes a video paused in the background when the user returns', () => {
  const { video } = playing();
  const page = video.ownerDocument;
  page.setHidden(true);
  video.pause(5_000);
  assert.equal(video.paused, true);
  page.setHidden(false);
  assert.equal(video.paused, false);
  page.setHidden(true);
  page.setHidden(false);
  assert.equal(video.plays, 2, 'what plays is left alone');
});

test('asks for a press if the browser refuses to play the video', async () => {
  for (const [refusal, isAsked] of [
    ['NotAllowedError', true],
    ['AbortError', false],
  ] as const) {
    const { video, told } = playing();
    await settle();
    video.refusal = refusal;
    video.pause(5_000);
    await settle();
    assert.deepEqual(told, [false, isAsked]);
  }
});

test('keeps a video paused if the user pauses it twice quickly', async () => {
  const { video, told } = playing();
  video.pause(5_000);
  video.pause(5_100);
  await settle();
  assert.equal(video.paused, true);
  assert.equal(video.plays, 2);
  assert.ok(told.includes(true));
});

test("doesn't resume videos that ended or were removed", () => {
  const { video, stop } = playing();
  video.ended = true;
  video.pause(5_000);
  assert.equal(video.plays, 1);
  video.ended = false;
  stop();
  video.pause(9_000);
  video.ownerDocument.setHidden(false);
  assert.equal(video.plays, 1);
});
