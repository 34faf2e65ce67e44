import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import type { SealKind } from '@farandole/gateway/ports';
import { brandId, type DeviceKeyId, isId, type SubjectId } from '@farandole/kernel/id';
import type { DecisionId, SanctionId } from '@farandole/moderation/ids';
import { AGE_CODE_PREFIX, SHARED_CODE_PREFIX } from '@farandole/protocol/http-api';
import { TOKEN_CHARS_MAX } from '@farandole/protocol/limits';
import fc from 'fast-check';
import type { KeyGeneration, SigningKeys } from '../src/keys/keys.ts';
import { NodeSigner } from '../src/keys/signer.ts';

const KINDS: readonly (SealKind | 'ceremony')[] = [
  'ticket',
  'session',
  'resume',
  'call',
  'ceremony',
];

function generation(id: string): KeyGeneration {
  return { id, fromWallMs: 0, seal: randomBytes(32), tag: randomBytes(32) };
}

function ring(...generations: KeyGeneration[]): SigningKeys {
  return { subject: randomBytes(32), generations };
}

function signerWith(keys: SigningKeys): NodeSigner {
  return new NodeSigner(() => keys);
}

const signer = signerWith(ring(generation('first'), generation('second')));
const kind = fc.constantFrom(...KINDS);
const payload = fc.string({ unit: 'grapheme', maxLength: 300 });

test("decrypts its own tokens, which have the protocol's token format", () => {
  fc.assert(
    fc.property(kind, payload, (sealKind, text) => {
      const token = signer.seal(sealKind, text);
      assert.match(token, /^second\.[A-Za-z0-9_-]{16,}$/);
      assert.equal(signer.open(sealKind, token), text);
      assert.notEqual(signer.seal(sealKind, text), token);
    }),
  );
});

test("fits a receipt's payload into a token", () => {
  const payloadChars = 600;
  assert.ok(signer.seal('call', 'x'.repeat(payloadChars)).length <= TOKEN_CHARS_MAX);
});

test('never decrypts a token as another kind of token', () => {
  fc.assert(
    fc.property(kind, kind, payload, (sealed, opened, text) => {
      fc.pre(sealed !== opened);
      assert.equal(signer.open(opened, signer.seal(sealed, text)), null);
    }),
  );
});

test('opens a token again, but not as another kind or after its key was removed', () => {
  const [first, second] = [generation('first'), generation('second')];
  let keys = ring(first);
  const rotating = new NodeSigner(() => keys);
  const token = rotating.seal('ticket', 'mine');
  for (const _ of [1, 2]) {
    assert.equal(rotating.open('ticket', token), 'mine');
    assert.equal(rotating.open('resume', token), null);
  }
  keys = { ...keys, generations: [first, second] };
  assert.equal(rotating.open('ticket', token), 'mine');
  keys = { ...keys, generations: [second] };
  assert.equal(rotating.open('ticket', token), null);
});

test('opens each of many tokens twice', () => {
  const tokens = Array.from({ length: 600 }, (_, n) => signer.seal('ticket', `${n}`));
  for (const _ of [1, 2]) {
    for (const [n, token] of tokens.entries()) assert.equal(signer.open('ticket', token), `${n}`);
  }
});

test('refuses a token with any bit changed', () => {
  fc.assert(
    fc.property(kind, payload, fc.nat(), (sealKind, text, at) => {
      const token = signer.seal(sealKind, text);
      const [id = '', body = ''] = token.split('.');
      const bytes = Buffer.from(body, 'base64url');
      const bit = at % (bytes.length * 8);
      const byte = bytes[bit >> 3] ?? 0;
      bytes[bit >> 3] = byte ^ (1 << (bit & 7));
      assert.equal(signer.open(sealKind, `${id}.${bytes.toString('base64url')}`), null);
    }),
  );
});

test('refuses a token with any letter changed, added or missing', () => {
  const letter = fc.constantFrom(...'ABab01_-.=+/ é'.split(''));
  fc.assert(
    fc.property(payload, fc.nat(), letter, fc.nat(2), (text, at, other, how) => {
      const token = signer.seal('session', text);
      const place = at % token.length;
      const after = how === 2 ? place : place + 1;
      const changed = token.slice(0, place) + (how === 1 ? '' : other) + token.slice(after);
      fc.pre(changed !== token);
      assert.equal(signer.open('session', changed), null);
    }),
    { numRuns: 1_000 },
  );
});

test('`open` and `verifyTag` never throw, whatever text is given', () => {
  fc.assert(
    fc.property(kind, fc.string(), fc.string(), (sealKind, text, tag) => {
      assert.equal(signer.open(sealKind, text), null);
      assert.equal(signer.open(sealKind, `second.${text}`), null);
      assert.equal(signer.verifyTag(text, tag), false);
      assert.equal(signer.verifyTag(text, `second.${tag}`), false);
    }),
  );
});

test("refuses another server's tokens, even with equal key ids", () => {
  const other = signerWith(ring(generation('first'), generation('second')));
  assert.equal(signer.open('call', other.seal('call', 'mine')), null);
  assert.equal(signer.verifyTag('mine', other.tag('mine')), false);
});

test('verifies a tag for its own text only', () => {
  fc.assert(
    fc.property(payload, payload, (text, other) => {
      const tag = signer.tag(text);
      assert.match(tag, /^[A-Za-z0-9_-]{1,16}\.[A-Za-z0-9_-]{43}$/);
      assert.equal(signer.verifyTag(text, tag), true);
      assert.equal(signer.verifyTag(other, tag), other === text);
    }),
  );
});

test('accepts only one of the equivalent last letters of a tag', () => {
  const tag = signer.tag('a line');
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const accepted = letters
    .split('')
    .filter((letter) => signer.verifyTag('a line', tag.slice(0, -1) + letter));
  assert.deepEqual(accepted, [tag.at(-1)]);
});

test('decrypts tokens and verifies tags of replaced keys, not of deleted keys', () => {
  const old = generation('old');
  const middle = generation('middle');
  let keys = ring(old);
  const rotating = new NodeSigner(() => keys);
  const token = rotating.seal('call', 'from before');
  const tag = rotating.tag('from before');
  keys = { ...keys, generations: [old, middle] };
  assert.equal(rotating.open('call', token), 'from before');
  assert.equal(rotating.verifyTag('from before', tag), true);
  assert.equal(rotating.knowsKeyOf(tag), true);
  assert.match(rotating.seal('call', 'new'), /^middle\./);
  keys = { ...keys, generations: [middle] };
  assert.equal(rotating.open('call', token), null);
  assert.equal(rotating.verifyTag('from before', tag), false);
  assert.equal(rotating.knowsKeyOf(tag), false);
});

test('[PR-77] the server reads only its own block proofs, even after key rotations', () => {
  const old = generation('old');
  let keys = ring(old);
  const rotating = new NodeSigner(() => keys);
  const proof = rotating.seal('block', 'from before');
  assert.match(proof, /^0\.[A-Za-z0-9_-]{16,}$/);
  assert.ok(!proof.includes(Buffer.from('from before').toString('base64url')));
  keys = { ...keys, generations: [generation('later')] };
  assert.equal(rotating.open('block', proof), 'from before');
  assert.equal(signerWith(ring(old)).open('block', proof), null, 'another server');
  for (const other of KINDS) {
    assert.equal(rotating.open(other, proof), null, other);
    assert.equal(rotating.open('block', rotating.seal(other, 'from before')), null, other);
    const renamed = `0.${rotating.seal(other, 'from before').split('.')[1]}`;
    assert.equal(rotating.open('block', renamed), null, other);
  }
  const changed = `${proof.slice(0, -1)}${proof.endsWith('A') ? 'B' : 'A'}`;
  assert.equal(rotating.open('block', changed), null);
  assert.equal(rotating.open('block', `${proof}.more`), null);
});

test('makes random ids of one format without repetition', () => {
  const ids = Array.from({ length: 1_000 }, () => signer.randomId());
  assert.equal(new Set(ids).size, ids.length);
  assert.ok(ids.every((id) => id.length === 22 && isId(id)));
});

test('maps a cookie to one subject per server key', () => {
  const cookie = randomBytes(32).toString('base64url');
  const subject = signer.subjectOf(cookie);
  assert.equal(signer.subjectOf(cookie), subject);
  assert.ok(isId(subject) && !subject.includes(cookie));
  assert.notEqual(signerWith(ring(generation('first'))).subjectOf(cookie), subject);
});

test('[PR-75] accepts an outcome token only for its own report, after key rotations', () => {
  const keys = ring(generation('first'));
  const token = signerWith(keys).outcomeToken('7Q3M-A0XK');
  const later = signerWith({ ...keys, generations: [generation('later')] });
  assert.equal(later.openOutcomeToken(token), '7Q3M-A0XK');
  const mac = token.slice(token.indexOf('.') + 1);
  const others = [
    '',
    '7Q3M-A0XK',
    '7Q3M-A0XK.',
    `7Q3M-A0XJ.${mac}`,
    `${token}x`,
    `${token}.x`,
    mac,
  ];
  for (const other of others) assert.equal(later.openOutcomeToken(other), null);
  assert.equal(signerWith(ring(generation('first'))).openOutcomeToken(token), null);
});

test('[MO-53] finds a decision only by its own code, also after key rotations', () => {
  const keys = ring(generation('first'));
  const decision = brandId<DecisionId>(signer.randomId());
  const code = signerWith(keys).appealCode(decision);
  assert.ok(isId(code), 'the protocol takes it');
  const later = signerWith({ ...keys, generations: [generation('later')] });
  assert.equal(later.openAppealCode(code), decision);
  const mac = code.slice(decision.length);
  const others = ['', decision, mac, `${signer.randomId()}${mac}`, `${code}x`, code.slice(0, -1)];
  for (const other of others) assert.equal(later.openAppealCode(other), null);
  assert.equal(signerWith(ring(generation('first'))).openAppealCode(code), null);
});

test("[MO-55] accepts a shared sanction's code only from its user", () => {
  const keys = ring(generation('first'));
  const [nina, oscar] = [brandId<SubjectId>('subject-nina'), brandId<SubjectId>('subject-oscar')];
  const sanction = brandId<SanctionId>(`${signer.randomId()}-s2`);
  const code = signerWith(keys).sharedCode(sanction, nina);
  assert.ok(isId(code), 'the protocol takes it');
  assert.ok(code.startsWith(SHARED_CODE_PREFIX));
  const later = signerWith({ ...keys, generations: [generation('later')] });
  assert.equal(later.openSharedCode(code, nina), sanction);
  assert.equal(later.openSharedCode(code, oscar), null);
  for (const other of ['', sanction, `${code}x`, code.slice(1), code.replace('-s2', '-s1')]) {
    assert.equal(later.openSharedCode(other, nina), null);
  }
  assert.equal(later.openAppealCode(code), null);
});

test('[GW-27b] accepts an age refusal’s code after key rotations, only from its user', () => {
  const keys = ring(generation('first'));
  const [nina, oscar] = [brandId<SubjectId>('subject-nina'), brandId<SubjectId>('subject-oscar')];
  const device = brandId<DeviceKeyId>('device-of-both');
  const endsAtMs = 1_800_000_060_000;
  const code = signerWith(keys).ageCode(nina, device, endsAtMs);
  assert.ok(isId(code), 'the protocol takes it');
  assert.ok(code.startsWith(AGE_CODE_PREFIX) && !code.includes(device));
  const later = signerWith({ ...keys, generations: [generation('later')] });
  const opened = later.openAgeCode(code, nina);
  assert.deepEqual({ ...opened, device: null }, { subject: nina, device: null, endsAtMs });
  const ofOscar = later.openAgeCode(later.ageCode(oscar, device, endsAtMs), oscar);
  assert.equal(ofOscar?.device, opened?.device, 'both are counted as one device');
  assert.equal(later.openAgeCode(code, oscar), null);
  const minutes = (endsAtMs / 60_000).toString(36);
  const longer = code.replace(minutes, (endsAtMs / 60_000 + 1).toString(36));
  for (const other of ['', 'age-', `${code}x`, code.slice(1), longer]) {
    assert.equal(later.openAgeCode(other, nina), null);
  }
  assert.equal(later.openSharedCode(code, nina), null);
});
