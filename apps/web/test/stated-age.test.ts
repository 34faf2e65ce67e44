import assert from 'node:assert/strict';
import { test } from 'node:test';
import { LINE_CHARS_MAX } from '@farandole/protocol/limits';
import { statesUnder18 } from '../src/chat/stated-age.ts';
import { cpuMsOf } from './support/cpu-time.ts';

test('detects a stated age under 18 in both languages', () => {
  for (const text of ['17 m', 'F16', 'h, 15', "i'm 17", 'I am 16, and you?', '１７ m']) {
    assert.equal(statesUnder18(text), true, text);
  }
  for (const text of ['17 yo', 'im seventeen', 'j’ai 17 ans', 'J’ai dix-sept ans', '16 ans']) {
    assert.equal(statesUnder18(text), true, text);
  }
});

test("ignores ages from 18 and numbers that aren't ages", () => {
  for (const text of ['17', '18 m', '21 f', "i'm 18", 'j’ai 18 ans', 'I am 170 cm', '']) {
    assert.equal(statesUnder18(text), false, text);
  }
  for (const text of ["i'm 17 minutes late", 'it is 17:30', 'il y a 15 ans', '17 km', 'm 1']) {
    assert.equal(statesUnder18(text), false, text);
  }
});

test('finishes quickly for any text', () => {
  const ms = cpuMsOf(() => {
    for (const unit of ['1', ' ', '17 ', 'i am ', 'm', "j'ai 17 "]) {
      statesUnder18(unit.repeat(LINE_CHARS_MAX / unit.length));
    }
  });
  assert.ok(ms < 500, `${ms} ms`);
});
