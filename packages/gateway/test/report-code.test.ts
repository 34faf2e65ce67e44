import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createPrng } from '@farandole/kernel/prng';
import { createReportCode } from '../src/report-code.ts';
import { FakeSigner } from './support/fake-signer.ts';

test('[PR-71] formats a report code as two groups of unambiguous symbols', () => {
  const signer = new FakeSigner('a key', createPrng(1));
  const seen = new Set<string>();
  for (let i = 0; i < 2_000; i++) {
    const code = createReportCode(signer.randomId());
    assert.match(code, /^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
    for (const symbol of code) seen.add(symbol);
  }
  assert.equal(seen.size, 33, 'every symbol comes up, and the hyphen');
});
