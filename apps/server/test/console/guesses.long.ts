import { test } from 'node:test';
import { assertWithstandsOtherGuesses, assertWithstandsPasswordGuesses } from './guesses.ts';

test('[MO-103] withstands 10,000 distributed password guesses without revealing member names', async () => {
  await assertWithstandsPasswordGuesses(10_000, 25);
});

test('withstands 10,000 guesses of session tokens, sign-in links and passkeys', async () => {
  await assertWithstandsOtherGuesses(10_000, 25);
});
