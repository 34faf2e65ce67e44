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

test('Esc leaves, from a text field too', () => {
  assert.equal(keyAction(press('Escape')), 'escape');
  assert.equal(keyAction(press('Escape', { focus: 'text' })), 'escape');
});

test('Esc closes what is open first, and ends an input method first', () => {
  assert.equal(keyAction(press('Escape', { overlayOpen: true })), null);
  assert.equal(keyAction(press('Escape', { composing: true })), null);
});

test('a key that is held down leaves once', () => {
  assert.equal(keyAction(press('Escape', { repeated: true })), null);
});

test('single characters work outside of text fields alone, in either case', () => {
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

test('Ctrl+R reloads and does not report', () => {
  assert.equal(keyAction(press('r', { withModifier: true })), null);
});

test('Enter goes to the message box, but presses a control that has the focus', () => {
  assert.equal(keyAction(press('Enter')), 'message');
  assert.equal(keyAction(press('Enter', { focus: 'control' })), null);
  assert.equal(keyAction(press('Enter', { focus: 'text' })), null);
});

test('every other key is the browser’s', () => {
  for (const key of ['x', 'Tab', ' ', 'ArrowUp', 'constructor']) {
    assert.equal(keyAction(press(key)), null);
  }
});

test('letters that are switched off are left to the browser; Esc and Enter stay', () => {
  const letterKeys = false;
  for (const letter of ['m', 'v', 'b', 'r']) {
    assert.notEqual(keyAction(press(letter)), null);
    assert.equal(keyAction(press(letter, { letterKeys })), null);
  }
  assert.equal(keyAction(press('Escape', { letterKeys })), 'escape');
  assert.equal(keyAction(press('Enter', { letterKeys })), 'message');
});

test('an input method has its keys, the one with which Safari confirms a word too', () => {
  assert.equal(isComposing({ isComposing: true, keyCode: 229 }), true);
  assert.equal(isComposing({ isComposing: false, keyCode: 229 }), true);
  assert.equal(isComposing({ isComposing: false, keyCode: 13 }), false);
});
