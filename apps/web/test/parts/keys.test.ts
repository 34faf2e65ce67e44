import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isComposing, type KeyPress, keyAction } from '../../src/keyboard/keys.ts';

const press = (key: string, change: Partial<KeyPress> = {}): KeyPress => ({
  key,
  withModifier: false,
  repeated: false,
  composing: false,
  overlayOpen: false,
  letterKeys: true,
  focus: 'elsewhere',
  ...change,
});

test('leaves the call or screen on Esc, also from a text field', () => {
  assert.equal(keyAction(press('Escape')), 'escape');
  assert.equal(keyAction(press('Escape', { focus: 'text' })), 'escape');
});

test('lets Esc close open dialogs and input methods before leaving', () => {
  assert.equal(keyAction(press('Escape', { overlayOpen: true })), null);
  assert.equal(keyAction(press('Escape', { composing: true })), null);
});

test('leaves the call or screen only once while Esc is held down', () => {
  assert.equal(keyAction(press('Escape', { repeated: true })), null);
});

test('handles letter shortcuts only outside text fields, in either case', () => {
  const letters = {
    m: 'microphone',
    v: 'camera',
    b: 'cover',
    r: 'report',
    t: 'text-only',
    p: 'small-window',
    f: 'full-screen',
    '?': 'shortcuts',
  } as const;
  for (const [letter, action] of Object.entries(letters)) {
    assert.equal(keyAction(press(letter)), action);
    assert.equal(keyAction(press(letter.toUpperCase(), { focus: 'control' })), action);
    assert.equal(keyAction(press(letter, { focus: 'text' })), null);
  }
});

test('lets Ctrl+R reload the page without opening a report', () => {
  assert.equal(keyAction(press('r', { withModifier: true })), null);
});

test('focuses the message box on Enter unless a control has focus', () => {
  assert.equal(keyAction(press('Enter')), 'message');
  assert.equal(keyAction(press('Enter', { focus: 'control' })), null);
  assert.equal(keyAction(press('Enter', { focus: 'text' })), null);
});

test('leaves keys without a shortcut to the browser', () => {
  for (const key of ['x', 'Tab', ' ', 'ArrowUp', 'constructor']) {
    assert.equal(keyAction(press(key)), null);
  }
});

test('keeps Esc and Enter working when letter shortcuts are disabled', () => {
  const letterKeys = false;
  for (const letter of ['m', 'v', 'b', 'r']) {
    assert.notEqual(keyAction(press(letter)), null);
    assert.equal(keyAction(press(letter, { letterKeys })), null);
  }
  assert.equal(keyAction(press('Escape', { letterKeys })), 'escape');
  assert.equal(keyAction(press('Enter', { letterKeys })), 'message');
});

test("ignores keys that an input method handles, including Safari's confirming Enter", () => {
  assert.equal(isComposing({ isComposing: true, keyCode: 229 }), true);
  assert.equal(isComposing({ isComposing: false, keyCode: 229 }), true);
  assert.equal(isComposing({ isComposing: false, keyCode: 13 }), false);
});
