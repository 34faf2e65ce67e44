import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  ANNOUNCEMENT_CLEARED_AFTER_MS,
  ANNOUNCEMENT_SPACING_MS,
  ANNOUNCEMENTS_WAITING_MAX,
  Announcer,
} from '../../src/a11y/announcer.ts';

function scripted() {
  const said: string[] = [];
  const timers: Array<() => void> = [];
  const clears: Array<() => void> = [];
  const announcer = new Announcer({
    say: (urgency, text) => said.push(`${urgency}: ${text}`),
    clear: () => said.push('cleared'),
    setTimer(callback, delayMs) {
      if (delayMs === ANNOUNCEMENT_SPACING_MS) timers.push(callback);
      else {
        assert.equal(delayMs, ANNOUNCEMENT_CLEARED_AFTER_MS - ANNOUNCEMENT_SPACING_MS);
        clears.push(callback);
      }
    },
  });
  const polite = (text: string, subject = text) =>
    announcer.announce({ urgency: 'polite', text, subject });
  const now = (text: string, subject = text) =>
    announcer.announce({ urgency: 'now', text, subject });
  const elapse = () => {
    assert.equal(timers.length, 1, 'one timer at a time');
    timers.shift()?.();
  };
  const quieten = () => {
    for (const clear of clears.splice(0)) clear();
  };
  return { announcer, said, timers, polite, now, elapse, quieten };
}

test('announces the first text to screen readers at once, others after pauses', () => {
  const { said, polite, elapse } = scripted();
  polite('one');
  polite('two');
  assert.deepEqual(said, ['polite: one']);
  elapse();
  assert.deepEqual(said, ['polite: one', 'polite: two']);
});

test('announces a text at once after a quiet pause', () => {
  const { said, timers, polite, elapse } = scripted();
  polite('one');
  elapse();
  assert.equal(timers.length, 0);
  polite('two');
  assert.deepEqual(said, ['polite: one', 'polite: two']);
});

test('replaces a pending announcement on the same subject', () => {
  const { said, polite, elapse } = scripted();
  polite('one');
  polite('Reconnecting', 'link');
  polite('Connected', 'link');
  elapse();
  elapse();
  assert.deepEqual(said, ['polite: one', 'polite: Connected']);
});

test('announces urgent messages first, in order of arrival', () => {
  const { said, polite, now, elapse } = scripted();
  polite('one');
  polite('two');
  now('first');
  now('second');
  for (let n = 0; n < 3; n += 1) elapse();
  assert.deepEqual(said, ['polite: one', 'now: first', 'now: second', 'polite: two']);
});

test('drops the oldest polite announcements above the limit, never urgent ones', () => {
  const { said, polite, now, elapse } = scripted();
  polite('spoken');
  now('urgent');
  for (let n = 1; n <= ANNOUNCEMENTS_WAITING_MAX; n += 1) polite(`flood ${n}`);
  for (let n = 0; n < ANNOUNCEMENTS_WAITING_MAX; n += 1) elapse();
  assert.deepEqual(said, [
    'polite: spoken',
    'now: urgent',
    'polite: flood 2',
    'polite: flood 3',
    'polite: flood 4',
  ]);
});

test('limits the number of pending urgent announcements', () => {
  const { said, timers, now } = scripted();
  for (let n = 0; n < 40; n += 1) now(`urgent ${n}`);
  while (timers.length > 0) timers.shift()?.();
  assert.equal(said.length, 1 + ANNOUNCEMENTS_WAITING_MAX);
  assert.equal(said.at(-1), 'now: urgent 39');
});

test('drops announcements that became outdated while pending', () => {
  const { announcer, said, polite, elapse } = scripted();
  polite('one');
  polite('Stranger is typing', 'typing');
  polite('two');
  announcer.drop('typing');
  elapse();
  elapse();
  assert.deepEqual(said, ['polite: one', 'polite: two']);
});

test('empties the live regions a while after the last announcement', () => {
  const { said, polite, elapse, quieten } = scripted();
  polite('one');
  quieten();
  assert.deepEqual(said, ['polite: one']);
  elapse();
  quieten();
  assert.deepEqual(said, ['polite: one', 'cleared']);
});

test('keeps a newer announcement in the live regions for its full time', () => {
  const { said, polite, elapse, quieten } = scripted();
  polite('one');
  elapse();
  polite('two');
  quieten();
  assert.deepEqual(said, ['polite: one', 'polite: two']);
  elapse();
  quieten();
  assert.deepEqual(said, ['polite: one', 'polite: two', 'cleared']);
});
