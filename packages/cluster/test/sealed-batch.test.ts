import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { BatchSealer } from '../src/valkey/sealed-batch.ts';
import { nodeId } from './support/tickets.ts';
import { SECRET } from './support/valkey-node.ts';

const ADA = nodeId('ada');
const BOB = nodeId('bob');
const CHANNEL = '{farandole}:node:bob';

describe('batches between nodes are encrypted and authenticated', () => {
  it('[CL-90] opens a batch with the same texts, sender, lane and number', () => {
    const [ada, bob] = [new BatchSealer(SECRET, ADA), new BatchSealer(SECRET, BOB)];
    let counter = 0;
    fc.assert(
      fc.property(
        fc.array(fc.string({ unit: 'grapheme', maxLength: 50 }), { maxLength: 20 }),
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.integer({ min: 1, max: 2 ** 40 }),
        (texts, lane, seq) => {
          counter += 1;
          const batch = ada.seal(CHANNEL, lane, seq, texts);
          assert.deepEqual(bob.open(CHANNEL, batch), { from: ADA, counter, lane, seq, texts });
        },
      ),
    );
  });

  it('[CL-90] hides the texts, and encrypts the same texts differently each time', () => {
    const ada = new BatchSealer(SECRET, ADA);
    const batches = [ada.seal(CHANNEL, 1, 1, ['a secret']), ada.seal(CHANNEL, 1, 1, ['a secret'])];
    for (const batch of batches) assert.equal(batch.includes('secret'), false);
    const [first, second] = batches.map((batch) => batch.subarray(-24).toString('hex'));
    assert.notEqual(first, second);
    const again = new BatchSealer(SECRET, nodeId('ada-again')).seal(CHANNEL, 1, 1, ['a secret']);
    assert.notEqual(again.subarray(-24).toString('hex'), first);
  });

  it('[CL-90] doesn’t open a batch with any changed byte, or a part of one', () => {
    const bob = new BatchSealer(SECRET, BOB);
    const batch = new BatchSealer(SECRET, ADA).seal(CHANNEL, 3, 7, ['one', 'two']);
    for (let at = 0; at < batch.length; at++) {
      const changed = Buffer.from(batch);
      changed[at] = (changed[at] ?? 0) ^ 1;
      assert.equal(bob.open(CHANNEL, changed), null, `byte ${at}`);
      assert.equal(bob.open(CHANNEL, batch.subarray(0, at)), null, `${at} bytes`);
    }
    assert.notEqual(bob.open(CHANNEL, batch), null);
  });

  it('[CL-90] doesn’t open a batch of another channel or other keys', () => {
    const bob = new BatchSealer(SECRET, BOB);
    const batch = new BatchSealer(SECRET, ADA).seal(CHANNEL, 1, 1, ['one']);
    assert.equal(bob.open('{farandole}:nodes', batch), null);
    const other = new BatchSealer(new Uint8Array(32).fill(8), BOB);
    assert.equal(other.open(CHANNEL, batch), null);
  });
});
