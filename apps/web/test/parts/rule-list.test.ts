import assert from 'node:assert/strict';
import { test } from 'node:test';
import { linesSince } from '../../src/ui/house-words.ts';
import { changedSince, RULES } from '../../src/ui/rule-list.ts';

test('lists only rules changed after the accepted version', () => {
  const rules = RULES.map((rule, at) => ({ ...rule, changedIn: at + 1 }));
  const changed = (agreedTo: number) => changedSince(agreedTo, rules).map(({ name }) => name);
  assert.deepEqual(changed(3), ['kind', 'report']);
  assert.deepEqual(changed(5), []);
  assert.deepEqual(changed(0), [], 'who never agreed compares with nothing');
});

test('marks unaccepted house rules as new if the accepted ones are known', () => {
  const added = (text: string, older: string): string[] =>
    linesSince(text, older).flatMap(({ line, isNew }) => (isNew ? [line] : []));
  assert.deepEqual(added('One.\nTwo.\n\nThree.', 'Three.\nOne. '), ['Two.']);
  assert.deepEqual(added('One.', 'One.\nTwo.'), []);
  assert.deepEqual(added('One.', ''), []);
  const text = 'One.\n\n two';
  assert.equal(
    linesSince(text, 'other')
      .map(({ line }) => line)
      .join('\n'),
    text,
  );
});
