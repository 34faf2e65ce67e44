import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok, type Result, refused } from '@farandole/kernel/result';
import { type OwnDataAnswer, OwnDataModel } from '../src/report/own-data.ts';
import type { ApiFault } from '../src/signal/ports.ts';

type OwnDataReply = Result<OwnDataAnswer, ApiFault>;

function opened() {
  const asked: (readonly [string, string | null])[] = [];
  let answer: (answer: OwnDataReply | Error) => void = () => {};
  const model = new OwnDataModel(async (act, code) => {
    asked.push([act, code]);
    return await new Promise((resolve, reject) => {
      answer = (answered) => (answered instanceof Error ? reject(answered) : resolve(answered));
    });
  });
  const answers = async (answered: OwnDataReply | Error): Promise<string> => {
    answer(answered);
    await new Promise(setImmediate);
    return model.view.value.step;
  };
  return { model, asked, answers };
}

test('requests export or erasure one at a time, also by recovery code', async () => {
  const { model, asked, answers } = opened();
  model.save('');
  assert.equal(model.view.value.step, 'asking');
  model.save('');
  model.wantErased();
  model.showCode();
  assert.deepEqual(asked, [['export', null]], 'while it is asked nothing else is');
  assert.equal(await answers(ok({ did: 'export' })), 'saved');
  model.showCode();
  assert.equal(await answers(ok({ did: 'code', code: 'own-code' })), 'rest');
  assert.equal(model.view.value.code, 'own-code');
  model.save(' own-other \n');
  await answers(ok({ did: 'export' }));
  assert.deepEqual(asked.slice(1), [
    ['code', null],
    ['export', 'own-other'],
  ]);
  assert.equal(model.view.value.code, 'own-code', 'it stays in view');
});

test('erases data only after a confirming press; says if data remains', async () => {
  const { model, asked, answers } = opened();
  model.erase('');
  assert.deepEqual(asked, []);
  model.wantErased();
  model.keep();
  model.erase('');
  assert.deepEqual([asked, model.view.value.step], [[], 'rest']);
  for (const waits of [true, false]) {
    model.wantErased();
    model.erase('');
    assert.equal(await answers(ok({ did: 'erase', waits })), waits ? 'waits' : 'erased');
  }
  assert.deepEqual(asked, [
    ['erase', null],
    ['erase', null],
  ]);
});

test('distinguishes an invalid recovery code from other errors', async () => {
  const { model, answers } = opened();
  for (const fault of ['unreachable', 'crowded', 'refused'] as const) {
    model.save('');
    assert.equal(await answers(refused(fault)), fault);
  }
  model.save('own-wrong');
  assert.equal(await answers(refused('refused')), 'bad-code');
  model.save('own-code');
  assert.equal(await answers(new Error('the code of the page did not come')), 'unreachable');
});
