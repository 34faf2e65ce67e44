import assert from 'node:assert/strict';
import { afterEach, beforeEach, test } from 'node:test';
import { signal } from '@preact/signals';
import { h, render } from 'preact';
import { settle } from '../../src/fakes/fake-time.ts';
import { morph, skipMorph } from '../../src/ui/screen-morph.ts';

/** Captures the old screen when the test calls `capture`. */
class FakeDocument {
  readonly hidden = false;
  started = 0;
  capture = (): void => assert.fail('no transition');

  startViewTransition(draw: () => void): object {
    this.started += 1;
    this.capture = draw;
    return {
      ready: Promise.resolve(),
      finished: new Promise(() => {}),
      // A browser calls the callback of a skipped transition too, soon after.
      skipTransition: () => queueMicrotask(() => this.capture()),
    };
  }
}

const screen = signal('green-room');
let page = new FakeDocument();
let drawn: string[] = [];
const root = { childNodes: [] } as unknown as Element;

/** Records the screen that Preact draws. It has no elements, so it needs no browser. */
function Screen(): null {
  drawn.push(screen.value);
  return null;
}

beforeEach(() => {
  page = new FakeDocument();
  Reflect.set(globalThis, 'document', page);
  screen.value = 'green-room';
  drawn = [];
  render(h(Screen, null), root);
});

afterEach(() => {
  render(null, root);
  Reflect.deleteProperty(globalThis, 'document');
});

test('applies a change before the browser captured the old screen, and draws it after', async () => {
  morph(() => {
    screen.value = 'waiting';
  }, false);
  assert.equal(screen.value, 'waiting', 'the search is sent at once');
  await settle();
  assert.deepEqual(drawn, ['green-room']);
  page.capture();
  assert.deepEqual(drawn, ['green-room', 'waiting'], 'the browser captures the new screen next');
  screen.value = 'call';
  await settle();
  assert.deepEqual(drawn.at(-1), 'call', 'drawing waits for one transition only');
});

test('draws a pending change as soon as the transition is skipped', async () => {
  morph(() => {
    screen.value = 'waiting';
  }, false);
  skipMorph();
  await settle();
  assert.deepEqual(drawn, ['green-room', 'waiting']);
});

test('starts no transition if the user wants no motion', async () => {
  morph(() => {
    screen.value = 'waiting';
  }, true);
  await settle();
  assert.deepEqual([page.started, drawn], [0, ['green-room', 'waiting']]);
});
