import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type KeyboardSigns, keyboardOf } from '../../src/keyboard/keyboard.ts';

const PHONE: KeyboardSigns = { windowHeight: 640, seenHeight: 640, scale: 1, writing: false };

test('reports no keyboard in an uncovered window unless typing', () => {
  assert.deepEqual(keyboardOf(PHONE), { open: false, low: false });
  const lowered = { ...PHONE, windowHeight: 300, seenHeight: 300 };
  assert.deepEqual(keyboardOf(lowered), { open: false, low: false }, 'it may be zoomed into');
  assert.deepEqual(keyboardOf({ ...lowered, writing: true }), { open: true, low: true });
});

test('changes nothing in a window that is high enough', () => {
  assert.deepEqual(keyboardOf({ ...PHONE, writing: true }), { open: false, low: false });
  const at = (height: number) =>
    keyboardOf({ windowHeight: height, seenHeight: height, scale: 1, writing: true });
  assert.deepEqual([at(512).open, at(513).open], [true, false]);
  assert.deepEqual([at(384).low, at(385).low], [true, false]);
});

test('detects a covering keyboard by the visible height, whatever has focus', () => {
  assert.deepEqual(keyboardOf({ ...PHONE, seenHeight: 490 }), { open: true, low: false });
  assert.deepEqual(keyboardOf({ ...PHONE, seenHeight: 491 }), { open: false, low: false });
  assert.deepEqual(keyboardOf({ ...PHONE, seenHeight: 300 }), { open: true, low: true });
});

test('reports no keyboard on pinch zoom', () => {
  const zoomed = { ...PHONE, seenHeight: 300, scale: 2.1, writing: true };
  assert.deepEqual(keyboardOf(zoomed), { open: false, low: false });
});
