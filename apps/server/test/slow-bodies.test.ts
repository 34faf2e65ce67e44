import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REPORT_PICTURES_BYTES_MAX } from '@farandole/protocol/limits';
import { type ComingBody, SlowBodies } from '../src/http/slow-bodies.ts';
import { REQUEST_TIMEOUT_MS, UPLOAD_BYTES_PER_S_MIN, UPLOAD_TIMEOUT_MS } from '../src/limits.ts';

function coming(isUpload: boolean, headers: ComingBody['request']['headers'] = {}) {
  const socket = { bytesRead: 700, destroyed: false };
  const request = { complete: false, headers: { 'content-length': '9', ...headers }, socket };
  return { request, response: { writableEnded: false }, isUpload };
}

test('times out slow bodies and ignores requests without a body', () => {
  const bodies = new SlowBodies<ComingBody>();
  const body = coming(false);
  bodies.begin(body, 1_000);
  bodies.begin(coming(false, { 'content-length': '0' }), 1_000);
  bodies.begin({ ...coming(false), request: { ...body.request, headers: {} } }, 1_000);
  const chunked = coming(false, { 'content-length': '0', 'transfer-encoding': 'chunked' });
  bodies.begin(chunked, 1_000);
  assert.equal(bodies.size, 2);
  body.request.socket.bytesRead += 1_000_000;
  assert.deepEqual(bodies.take(1_000 + REQUEST_TIMEOUT_MS - 1), []);
  assert.deepEqual(bodies.take(1_000 + REQUEST_TIMEOUT_MS), [body, chunked]);
  assert.equal(bodies.size, 0);
});

test("doesn't time out requests with complete bodies or disconnected clients", () => {
  const bodies = new SlowBodies<ComingBody>();
  const [whole, gone] = [coming(false), coming(true)];
  for (const body of [whole, gone]) bodies.begin(body, 0);
  whole.request.complete = true;
  gone.request.socket.destroyed = true;
  assert.deepEqual(bodies.take(UPLOAD_TIMEOUT_MS), []);
  assert.equal(bodies.size, 0);
});

test('[PR-76] extends slow picture uploads while they progress, up to a limit', () => {
  const bodies = new SlowBodies<ComingBody>();
  const [enough, tooFew, answered] = [coming(true), coming(true), coming(true)];
  for (const body of [enough, tooFew, answered]) bodies.begin(body, 0);
  answered.response.writableEnded = true;
  const perTick = UPLOAD_BYTES_PER_S_MIN / 2;
  const ended: [number, readonly ComingBody[]][] = [];
  for (let atMs = 500; atMs <= UPLOAD_TIMEOUT_MS; atMs += 500) {
    enough.request.socket.bytesRead += perTick;
    tooFew.request.socket.bytesRead += perTick - 1;
    answered.request.socket.bytesRead += perTick;
    const slow = bodies.take(atMs);
    if (slow.length > 0) ended.push([atMs, slow]);
  }
  assert.deepEqual(ended, [
    // A request that was answered doesn't time out.
    [REQUEST_TIMEOUT_MS, [tooFew, answered]],
    [UPLOAD_TIMEOUT_MS, [enough]],
  ]);
  const neededMs = (1_000 * REPORT_PICTURES_BYTES_MAX) / UPLOAD_BYTES_PER_S_MIN;
  assert.ok(neededMs < UPLOAD_TIMEOUT_MS, 'all that a report may have comes in time');
});
