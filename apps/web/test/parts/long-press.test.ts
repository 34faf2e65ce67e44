import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { effect } from '@preact/signals';
import { connectShortcuts } from '../../src/effects/shortcuts.ts';
import { FakeTime } from '../../src/fakes/fake-time.ts';
import { World } from '../../src/fakes/world.ts';
import { LONG_PRESS_MS, PointerLongPress } from '../../src/keyboard/long-press.ts';

// A fake of `document` and `window`, which receive the key events.
class Page extends EventTarget {
  activeElement: { matches: (query: string) => boolean } | null = null;
  dialog: object | null = null;
  querySelector(): object | null {
    return this.dialog;
  }
}

const before = { document: globalThis.document, listen: globalThis.addEventListener };
after(() =>
  Object.assign(globalThis, { document: before.document, addEventListener: before.listen }),
);

async function atTheKeys() {
  const page = new Page();
  const view = new EventTarget();
  Object.assign(globalThis, {
    document: page,
    addEventListener: view.addEventListener.bind(view),
  });
  const time = new FakeTime();
  const [{ app }] = await new World().meet('text');
  const did: string[] = [];
  effect(() => {
    const report = app.report.view.value;
    if (report === null) return;
    page.dialog = {};
    const now = report.goesInMs === null ? 'opened' : 'held';
    if (did.at(-1) !== now) did.push(now);
  });
  connectShortcuts(app, time);
  const key = (type: string, name: string, change: object = {}): void => {
    const facts = { key: name, keyCode: 82, repeat: false, isComposing: false, ...change };
    page.dispatchEvent(Object.assign(new Event(type, { cancelable: true }), facts));
  };
  return { page, view, time, did, key };
}

test('opens the report sheet on R; reports when R is held', async () => {
  const { time, did, key } = await atTheKeys();
  key('keydown', 'r');
  assert.deepEqual(did, ['opened']);
  await time.advance(LONG_PRESS_MS - 1);
  key('keydown', 'r', { repeat: true });
  assert.deepEqual(did, ['opened']);
  await time.advance(1);
  assert.deepEqual(did, ['opened', 'held']);
  key('keyup', 'r');
  await time.advance(LONG_PRESS_MS);
  assert.deepEqual(did, ['opened', 'held']);
});

const ENDS = {
  'the key is released': ({ key }) => key('keyup', 'r'),
  'another key is pressed': ({ key }) => key('keydown', 'Meta'),
  'an input method starts': ({ page }) => page.dispatchEvent(new Event('compositionstart')),
  'the pointer is pressed': ({ page }) => page.dispatchEvent(new Event('pointerdown')),
  'the tab is in the background': ({ page }) => page.dispatchEvent(new Event('visibilitychange')),
  'the window has no focus': ({ view }) => view.dispatchEvent(new Event('blur')),
} as const satisfies Record<string, (keys: Awaited<ReturnType<typeof atTheKeys>>) => void>;

for (const [when, end] of Object.entries(ENDS)) {
  test(`cancels a long press once ${when}`, async () => {
    const keys = await atTheKeys();
    keys.key('keydown', 'R');
    await keys.time.advance(LONG_PRESS_MS - 1);
    end(keys);
    await keys.time.advance(LONG_PRESS_MS);
    assert.deepEqual(keys.did, ['opened']);
  });
}

test('ignores a long press of R where R has no meaning', async () => {
  const { page, time, did, key } = await atTheKeys();
  key('keydown', 'r', { repeat: true });
  key('keydown', 'r', { isComposing: true });
  key('keydown', 'r', { ctrlKey: true });
  page.activeElement = { matches: (query) => query.includes('textarea') };
  key('keydown', 'r');
  page.activeElement = null;
  page.dialog = {};
  key('keydown', 'r');
  await time.advance(2 * LONG_PRESS_MS);
  assert.deepEqual(did, []);
});

const FINGER = { clientX: 100, clientY: 50, button: 0, isPrimary: true };

test('reports on a long touch and ignores the click that follows', async () => {
  const time = new FakeTime();
  const hold = new PointerLongPress(time);
  let held = 0;
  hold.down(FINGER, () => {
    held += 1;
  });
  hold.move({ clientX: 104, clientY: 53 });
  await time.advance(LONG_PRESS_MS);
  assert.equal(held, 1);
  hold.end();
  assert.equal(hold.isPress(), false);
  // A click by keyboard counts as a press because no touch preceded it.
  assert.equal(hold.isPress(), true);
});

test('treats a touch as short when a finger lifts, moves or joins', async () => {
  const ways = [
    (hold: PointerLongPress) => hold.end(),
    (hold: PointerLongPress) => hold.move({ clientX: 100, clientY: 70 }),
    (hold: PointerLongPress) =>
      hold.down({ ...FINGER, isPrimary: false }, () => assert.fail('held')),
    (hold: PointerLongPress) => hold.down({ ...FINGER, button: 2 }, () => assert.fail('held')),
  ];
  for (const way of ways) {
    const time = new FakeTime();
    const hold = new PointerLongPress(time);
    hold.down(FINGER, () => assert.fail('held'));
    await time.advance(LONG_PRESS_MS - 1);
    way(hold);
    await time.advance(LONG_PRESS_MS);
    assert.equal(hold.isPress(), true);
  }
});
