import assert from 'node:assert/strict';
import { test } from 'node:test';
import { HOUSE_RULES_UNITS_MAX } from '@farandole/moderation/limits';
import { HOUSE_RULES_CHANGE_BYTES_MAX } from '../src/console/house-rules-routes.ts';
import { ConsoleDesk as Desk, errorOf } from './support/console-desk.ts';

test('[MO-96] updates public pages immediately when a permitted member edits house rules', async () => {
  const desk = new Desk();
  await desk.hire('ada', 'admin');
  await desk.hire('ana', 'moderator');
  const rules = { en: ' Speak of films.\r\nBe on time. ', fr: 'Parlez de films.', before: 0 };
  const put = (name: string, body: unknown) => desk.post(name, 'house-rules', body);
  assert.deepEqual(await errorOf(await put('ana', rules)), [403, 'not-allowed']);
  for (const wrong of [
    { ...rules, fr: 1 },
    { en: 'x', fr: 'y' },
    { ...rules, more: 1 },
  ]) {
    assert.deepEqual(await errorOf(await put('ada', wrong)), [400, 'bad-request']);
  }
  assert.deepEqual(await errorOf(await put('ada', { ...rules, xx: 'y' })), [400, 'malformed']);
  const long = { ...rules, fr: 'x'.repeat(HOUSE_RULES_UNITS_MAX + 1) };
  assert.deepEqual(await errorOf(await put('ada', long)), [400, 'rules-too-long']);
  const whole = JSON.stringify(rules);
  const huge = `${' '.repeat(HOUSE_RULES_CHANGE_BYTES_MAX - whole.length + 1)}${whole}`;
  assert.deepEqual(await errorOf(await desk.send('ada', 'house-rules', huge)), [413, 'too-large']);
  assert.equal(desk.rulesRead, 0);
  assert.equal((await desk.send('ada', 'house-rules', huge.slice(1))).status, 200);
  assert.equal(desk.rulesRead, 1);
  assert.deepEqual(await errorOf(await put('ada', rules)), [409, 'changed-meanwhile']);
  assert.deepEqual(await (await desk.get('ana', 'house-rules')).json(), {
    version: 1,
    en: 'Speak of films.\nBe on time.',
    fr: 'Parlez de films.',
  });
});
