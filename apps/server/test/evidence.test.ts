import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { openBlockProof } from '@farandole/gateway/block-proof';
import { tagLine, verifyLine } from '@farandole/gateway/line-tag';
import { openPicturesToken } from '@farandole/gateway/pictures-token';
import { openCallReceipt, openSessionReceipt } from '@farandole/gateway/receipts';
import { brandId, type MatchId } from '@farandole/kernel/id';
import type { TaggedLine } from '@farandole/protocol/fields';
import { NodeSigner } from '../src/keys/signer.ts';

/** Tokens and tags that version 0.1.0 made, with their keys. */
interface Evidence {
  readonly keys: Readonly<Record<'subject' | 'id' | 'seal' | 'tag', string>>;
  readonly match: string;
  readonly atWallMs: number;
  readonly a: { readonly subject: string; readonly device: string };
  readonly b: { readonly subject: string; readonly device: string };
  readonly session: string;
  readonly receipts: Readonly<Record<string, string>>;
  readonly lines: readonly TaggedLine[];
  readonly pictures: string;
  readonly block: string;
}

const file = new URL('./fixtures/evidence-0.1.0.json', import.meta.url);
const evidence = JSON.parse(readFileSync(file, 'utf8')) as Evidence;
const { keys, atWallMs, a, b } = evidence;
const match = brandId<MatchId>(evidence.match);
const bytes = (text: string): Buffer => Buffer.from(text, 'base64url');
const signer = new NodeSigner(() => ({
  subject: bytes(keys.subject),
  generations: [
    { id: keys.id, fromWallMs: atWallMs, seal: bytes(keys.seal), tag: bytes(keys.tag) },
  ],
}));

test('[GW-45] decrypts the call receipts that version 0.1.0 gave to both users', () => {
  for (const mode of ['text', 'video'] as const) {
    for (const seat of ['a', 'b'] as const) {
      assert.deepEqual(openCallReceipt(signer, evidence.receipts[`${mode} ${seat}`] ?? ''), {
        ...{ match, seat, epoch: 2, mode, step: 0, offerer: 'b', holders: [a, b] },
        exchange: null,
        ...{ startedAtWallMs: atWallMs, issuedAtWallMs: atWallMs + 1_000, run: 'run-of-0-1-0' },
      });
    }
  }
});

test('[GW-45] verifies chat lines tagged by version 0.1.0 and makes the same tags', () => {
  assert.equal(evidence.lines.length, 4);
  for (const line of evidence.lines) {
    assert.ok(verifyLine(signer, match, line), line.id);
    assert.deepEqual(tagLine(signer, match, line), line);
    const other = line.side === 'a' ? 'b' : 'a';
    assert.equal(verifyLine(signer, match, { ...line, side: other }), false);
  }
});

test('[GW-45] reads session receipts, picture tokens and block proofs that version 0.1.0 made', () => {
  const session = openSessionReceipt(signer, evidence.session, atWallMs);
  assert.equal(session?.subject, a.subject);
  const pictures = openPicturesToken(signer, evidence.pictures, atWallMs);
  assert.deepEqual(pictures, { match, reporterSide: 'a' });
  const block = { match, side: 'b', by: b.subject, of: a.subject, mark: 'mark-of-the-block-aaaa' };
  assert.deepEqual(openBlockProof(signer, evidence.block), block);
});
