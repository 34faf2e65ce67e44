import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sealPicturesToken } from '@farandole/gateway/pictures-token';
import { parseIpAddress } from '@farandole/gateway/signal-policy/address';
import { brandId, type MatchId } from '@farandole/kernel/id';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { PictureUploads } from '../src/evidence/picture-uploads.ts';
import type { PictureVault } from '../src/evidence/picture-vault.ts';
import { newGeneration, newKeys } from '../src/keys/keys.ts';
import { NodeSigner } from '../src/keys/signer.ts';
import { UPLOAD_BYTES_MAX } from '../src/limits.ts';
import type { PasswordHasher } from '../src/sign-in/password-hash.ts';
import { SignInParts } from '../src/sign-in/sign-in-parts.ts';
import type { SignInRequest } from '../src/sign-in/sign-in-route.ts';
import { ROWS, testBudgets } from './support/budgets.ts';

function freshSigner(): NodeSigner {
  const keys = { ...newKeys(), generations: [newGeneration(0)] };
  return new NodeSigner(() => keys);
}

/** Returns a store that gives the same answer to every command. */
function storeThat(answer: () => Promise<unknown>): Pick<ModerationStore, 'run'> {
  return { run: answer as ModerationStore['run'] };
}

test("[MO-103a] doesn't delay a neighbour's passkey sign-in after another client's wrong attempts", async () => {
  const parts = new SignInParts({
    store: storeThat(() => Promise.reject(new Error('no store is asked'))),
    signer: freshSigner(),
    log: () => {},
    siteName: 'a site',
    hasher: {} as PasswordHasher,
    budgets: testBudgets(new SimClock()),
  });
  const statusOf = async (
    way: 'passkey' | 'password',
    isRight: boolean,
    from = '198.51.100.7',
  ): Promise<number> => {
    const place = { address: parseIpAddress(from) };
    const request = { place, nowMs: 0 } as unknown as SignInRequest;
    return (await parts.attempt(request, way, async () => (isRight ? new Response('in') : null)))
      .status;
  };
  for (let n = 0; n < 200; n++) assert.equal(await statusOf('passkey', false), 403);
  assert.equal(await statusOf('passkey', true), 200, 'a neighbour behind the same address');
  while ((await statusOf('passkey', false)) === 403);
  assert.equal(await statusOf('passkey', true), 429, 'the work of an address is limited');
  assert.equal(await statusOf('passkey', true, '198.51.100.8'), 200);
  assert.equal(await statusOf('password', true), 200, 'nor the password of the same address');
  for (const from of ['198.51.100.7', '198.51.100.8', '198.51.100.9']) {
    while ((await statusOf('password', false, from)) === 403);
  }
  assert.equal(await statusOf('password', true, '198.51.100.8'), 429);
  assert.equal(await statusOf('passkey', true, '198.51.100.8'), 200);
});

test("[PR-76c] refuses uploads above a network's maximum of bytes per day", async () => {
  const signer = freshSigner();
  const clock = new SimClock();
  const uploads = new PictureUploads({
    store: storeThat(async () => ({ ok: false, reason: 'already-there' })),
    signer,
    clock,
    budgets: testBudgets(clock),
    log: () => {},
    vault: {} as PictureVault,
  });
  let reports = 0;
  const upload = async (address: string, bytes?: number): Promise<number> => {
    const match = brandId<MatchId>(`match-${String(reports++).padStart(4, '0')}`);
    const token = sealPicturesToken(signer, { match, reporterSide: 'a' }, clock.wallMs());
    const headers = {
      Authorization: `Bearer ${token}`,
      ...(bytes !== undefined && { 'Content-Length': String(bytes) }),
    };
    const request = new Request('http://localhost/', { method: 'POST', headers });
    return (await uploads.take(request, address)).status;
  };
  const largest = ROWS['upload-bytes'].networkMax / UPLOAD_BYTES_MAX;
  for (let n = 0; n < largest - 1; n++) assert.equal(await upload('127.0.1.1'), 200);
  const half = UPLOAD_BYTES_MAX / 2;
  assert.equal(await upload('127.0.1.2', half), 200, 'an upload costs its size');
  assert.equal(await upload('127.0.1.1', half + 1), 429);
  assert.equal(await upload('127.0.1.1', half), 200);
  assert.equal(await upload('127.0.1.1', 1), 429);
  assert.equal(await upload('127.0.2.1'), 200, 'another network');
});
