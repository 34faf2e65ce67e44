import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  LANGUAGE_SCORE,
  rarityScore,
  scorePair,
  sharedInterests,
  sharedLanguages,
  WAITING_SCORE_MAX,
  waitingScore,
} from '@farandole/matchmaking/score';
import { makeTicket } from './support/tickets.ts';

test('[MM-41] scores rarer interests higher', () => {
  assert.equal(rarityScore(1, 1), 1_000, 'what everybody names is worth one bit');
  assert.equal(rarityScore(70, 10), 3_000);
  assert.equal(rarityScore(2_046, 2), 10_000);
  assert.equal(rarityScore(100_000, 3), 15_025, 'rounded to a whole number');
  assert.equal(LANGUAGE_SCORE, rarityScore(7, 1), 'a language is an interest of one in seven');
});

test('[MM-42] raises the score with the wait in steps, to a limit', () => {
  assert.equal(waitingScore(0), 0);
  assert.equal(waitingScore(4_999), 0);
  assert.equal(waitingScore(5_000), 500);
  assert.equal(waitingScore(29_999), 2_500);
  assert.equal(waitingScore(30_000), 3_000);
  assert.equal(waitingScore(86_400_000), 3_000);
  assert.equal(WAITING_SCORE_MAX, 3_000);
});

test('[MM-40] adds the scores of interests, language and waiting, in either ticket order', () => {
  const rarities = new Map([
    ['go', 9_000],
    ['film', 1_500],
    ['tea', 4_000],
  ]);
  const rarityOf = (interest: string): number => rarities.get(interest) ?? Number.NaN;
  const a = { ticket: makeTicket(1, { interests: ['go', 'film', 'tea'] }), waitedMs: 12_000 };
  const b = { ticket: makeTicket(2, { interests: ['tea', 'go'] }), waitedMs: 0 };
  assert.equal(scorePair(a, b, rarityOf), 9_000 + 4_000 + 3_000 + 1_000);
  assert.equal(scorePair(b, a, rarityOf), scorePair(a, b, rarityOf));
  const c = { ticket: makeTicket(3, { languages: ['fr'] }), waitedMs: 0 };
  assert.equal(scorePair(b, c, rarityOf), 0, 'nothing shared, nobody waited');
});

test('[MM-40] scores several shared languages like one', () => {
  const a = { ticket: makeTicket(1, { languages: ['en', 'fr'] }), waitedMs: 0 };
  const b = { ticket: makeTicket(2, { languages: ['fr', 'en'] }), waitedMs: 0 };
  assert.equal(
    scorePair(a, b, () => Number.NaN),
    LANGUAGE_SCORE,
  );
});

test('[MM-4] scores a shared language despite different regions or scripts', () => {
  const a = makeTicket(1, { languages: ['pt-BR', 'pt-PT', 'zh-Hant'] });
  const b = makeTicket(2, { languages: ['zh-Hans', 'pt'] });
  assert.deepEqual(sharedLanguages(a, b), ['pt', 'zh']);
  assert.deepEqual(sharedLanguages(b, a), ['zh', 'pt']);
});

test('[MM-40] lists shared interests in the order of the first ticket', () => {
  const a = makeTicket(1, { interests: ['go', 'film', 'tea'] });
  const b = makeTicket(2, { interests: ['tea', 'go'] });
  assert.deepEqual(sharedInterests(a, b), ['go', 'tea']);
  assert.deepEqual(sharedInterests(b, a), ['tea', 'go']);
});
