import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  brandId,
  type DeviceKeyId,
  type MatchId,
  type SessionId,
  type SubjectId,
} from '@farandole/kernel/id';
import { createPrng } from '@farandole/kernel/prng';
import type { ExchangeCall } from '@farandole/protocol/fields';
import { RECEIPT_LIFETIME_MS } from '@farandole/protocol/limits';
import fc from 'fast-check';
import type { SealKind } from '../src/ports.ts';
import {
  type CallReceipt,
  holderOf,
  isFresh,
  openCallReceipt,
  openSessionReceipt,
  sealCallReceipt,
  sealSessionReceipt,
} from '../src/receipts.ts';
import { FakeSigner } from './support/fake-signer.ts';

const NOW_MS = 1_800_000_000_000;
const signer = new FakeSigner('a key', createPrng(1));
const laterSigner = new FakeSigner('a key', createPrng(2));
const otherSigner = new FakeSigner('another key', createPrng(1));

const callReceipt: CallReceipt = {
  match: brandId<MatchId>('match-one'),
  seat: 'b',
  epoch: 2,
  mode: 'video',
  step: 0,
  exchange: null,
  offerer: 'a',
  holders: [
    { subject: brandId<SubjectId>('subject-a'), device: brandId<DeviceKeyId>('device-a') },
    { subject: brandId<SubjectId>('subject-b'), device: brandId<DeviceKeyId>('device-b') },
  ],
  startedAtWallMs: NOW_MS,
  issuedAtWallMs: NOW_MS + 5,
  run: 'run-one',
};
const SEALED_BEFORE = {
  match: 'match-one',
  side: 'b',
  epoch: 2,
  mode: 'video',
  offerer: 'a',
  a: { subject: 'subject-a', device: 'device-a' },
  b: { subject: 'subject-b', device: 'device-b' },
  startedAtWallMs: NOW_MS,
  issuedAtWallMs: NOW_MS + 5,
  run: 'run-one',
};
const sessionReceipt = {
  session: brandId<SessionId>('session-one'),
  subject: brandId<SubjectId>('subject-a'),
  issuedAtWallMs: NOW_MS,
};

test('[PR-60] a restarted node reads a call receipt unchanged', () => {
  assert.deepEqual(openCallReceipt(laterSigner, sealCallReceipt(signer, callReceipt)), callReceipt);
});

test('[PR-81] a restarted node reads a session receipt unchanged', () => {
  const token = sealSessionReceipt(signer, sessionReceipt);
  assert.deepEqual(openSessionReceipt(laterSigner, token, NOW_MS), sessionReceipt);
});

test('[PR-70] rejects a forged or altered receipt and other kinds of token', () => {
  const call = sealCallReceipt(signer, callReceipt);
  const session = sealSessionReceipt(signer, sessionReceipt);
  for (const token of [
    sealCallReceipt(otherSigner, callReceipt),
    call.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
    session,
    signer.seal('ticket', JSON.stringify(SEALED_BEFORE)),
    'no token at all',
    '',
  ]) {
    assert.equal(openCallReceipt(signer, token), null);
  }
  assert.equal(openSessionReceipt(signer, call, NOW_MS), null);
});

test('[PR-53] a receipt expires exactly at the end of its lifetime', () => {
  assert.equal(isFresh(NOW_MS, NOW_MS + RECEIPT_LIFETIME_MS - 1), true);
  assert.equal(isFresh(NOW_MS, NOW_MS + RECEIPT_LIFETIME_MS), false);
  const token = sealSessionReceipt(signer, sessionReceipt);
  const lastMs = NOW_MS + RECEIPT_LIFETIME_MS - 1;
  assert.notEqual(openSessionReceipt(signer, token, lastMs), null);
  assert.equal(openSessionReceipt(signer, token, lastMs + 1), null);
});

test('[PR-53] receipts don’t expire when the clock is set back', () => {
  assert.equal(isFresh(NOW_MS, NOW_MS - 30 * RECEIPT_LIFETIME_MS), true);
});

test('[GW-41] rejects an encrypted receipt of unknown shape without throwing', () => {
  const fields = fc.oneof(
    fc.jsonValue(),
    fc.record(
      {
        match: fc.jsonValue(),
        side: fc.constantFrom('a', 'b', 'c'),
        offerer: fc.constantFrom('a', null),
        mode: fc.constantFrom('video', 'smell'),
        epoch: fc.oneof(fc.integer(), fc.double()),
        a: fc.jsonValue(),
        b: fc.constant({ subject: 'subject-b', device: 7 }),
        session: fc.constantFrom('session-one', 'x', 3),
        subject: fc.constantFrom('subject-a', '', null),
        issuedAtWallMs: fc.oneof(fc.constant(NOW_MS), fc.jsonValue()),
      },
      { requiredKeys: [] },
    ),
  );
  fc.assert(
    fc.property(fields, (value) => {
      const token = (kind: SealKind): string => signer.seal(kind, JSON.stringify(value));
      assert.equal(openCallReceipt(signer, token('call')), null);
      const opened = openSessionReceipt(signer, token('session'), NOW_MS);
      const isWhole = opened === null || (opened.session === 'session-one' && opened.subject);
      assert.ok(isWhole);
    }),
    { numRuns: 1_000 },
  );
});

test('[GW-41] rejects a call receipt if any field is missing or wrong', () => {
  for (const key of Object.keys(SEALED_BEFORE)) {
    for (const wrong of [{}, undefined, 'c']) {
      if (key === 'run' && wrong === 'c') continue;
      const sealed = signer.seal('call', JSON.stringify({ ...SEALED_BEFORE, [key]: wrong }));
      assert.equal(openCallReceipt(signer, sealed), null, key);
    }
  }
  for (const step of [{}, null, -1, 'c']) {
    const sealed = signer.seal('call', JSON.stringify({ ...SEALED_BEFORE, step }));
    assert.equal(openCallReceipt(signer, sealed), null, JSON.stringify(step));
  }
});

test('[GW-45] a call receipt keeps the number of mode changes', () => {
  const changed = { ...callReceipt, step: 3 };
  assert.deepEqual(openCallReceipt(signer, sealCallReceipt(signer, changed)), changed);
});

test('[PR-140] a call receipt keeps what the users learn', () => {
  const learners: ExchangeCall['learners'] = [{ language: 'fr', level: 'B1' }, null];
  const receipt: CallReceipt = { ...callReceipt, exchange: { learners } };
  assert.deepEqual(openCallReceipt(signer, sealCallReceipt(signer, receipt)), receipt);
});

test('[GW-45] encrypts a call receipt to the same bytes as version 0.1.0', () => {
  const sealed = signer.open('call', sealCallReceipt(signer, callReceipt));
  assert.equal(sealed, JSON.stringify(SEALED_BEFORE));
  const before = signer.seal('call', JSON.stringify(SEALED_BEFORE));
  assert.deepEqual(openCallReceipt(signer, before), callReceipt);
});

test('[GW-45] returns the user of each seat named in a receipt', () => {
  assert.equal(holderOf(callReceipt, 'a')?.subject, 'subject-a');
  assert.equal(holderOf(callReceipt, 'b')?.subject, 'subject-b');
});
