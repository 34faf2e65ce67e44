import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changedSince, RULES } from '../../src/parts/rule-list.ts';

test('rules that changed after the version agreed to are named, and no others', () => {
  const rules = RULES.map((rule, at) => ({ ...rule, changedIn: at + 1 }));
  const changed = (agreedTo: number) => changedSince(agreedTo, rules).map(({ name }) => name);
  assert.deepEqual(changed(3), ['kind', 'report']);
  assert.deepEqual(changed(5), []);
  assert.deepEqual(changed(0), [], 'who never agreed compares with nothing');
});
