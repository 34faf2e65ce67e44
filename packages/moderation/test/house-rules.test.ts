import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readHouseRules } from '@farandole/moderation/settings/house-rules';

const stored = (value: string | null) => ({
  settings: { get: async (id: string) => (value === null ? null : { id, value, atMs: 1 }) },
});

test('[MO-96] reads house rules stored by version 0.1.0', async () => {
  assert.deepEqual(await readHouseRules(stored('{"version":3,"en":"Be kind.","fr":""}')), {
    version: 3,
    texts: { en: 'Be kind.', fr: '' },
  });
});

test('[MO-96] reads house rules in languages unknown to version 0.1.0', async () => {
  const { version, texts } = await readHouseRules(stored('{"version":4,"pt-BR":"Seja gentil."}'));
  assert.deepEqual([version, texts], [4, { 'pt-BR': 'Seja gentil.' }]);
});

test('[MO-96] starts with version 0 and without house rules', async () => {
  assert.deepEqual(await readHouseRules(stored(null)), { version: 0, texts: {} });
});
