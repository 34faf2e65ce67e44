import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { helloPayload } from '../src/hello-payload.ts';

const id = fc.stringMatching(/^[A-Za-z0-9_-]{8,64}$/);

test('[PR-11] signs a payload that contains the challenge and the bearer token', () => {
  fc.assert(
    fc.property(id, id, id, id, (nonce, bearer, otherNonce, otherBearer) => {
      const isSame = nonce === otherNonce && bearer === otherBearer;
      const written = helloPayload(nonce, bearer);
      assert.equal(written === helloPayload(otherNonce, otherBearer), isSame);
    }),
  );
});
