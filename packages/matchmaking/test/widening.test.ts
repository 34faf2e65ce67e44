import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  DEFAULT_WIDENING,
  NO_WISH,
  nextWideningMs,
  SAME_SEGMENT,
  SHARED_INTEREST,
  SHARED_LANGUAGE,
  widestAfterMs,
  wishesHeld,
  wishesMet,
} from '@farandole/matchmaking/widening';
import { makeTicket } from './support/tickets.ts';

const SCHEDULE = {
  interestHeldMs: 5_000,
  languageHeldMs: 10_000,
  segmentHeldMs: 7_000,
  exchangeHeldMs: 20_000,
  quietHeldMs: 2_000,
};
const BOTH = SHARED_INTEREST | SHARED_LANGUAGE;

test("[MM-30] keeps each wish of a ticket for the wish's scheduled time", () => {
  const ticket = makeTicket(1, { interests: ['go'], languages: ['en'] });
  const held = [0, 4_999, 5_000, 9_999, 10_000].map((ms) => wishesHeld(ticket, ms, SCHEDULE));
  assert.deepEqual(held, [BOTH, BOTH, SHARED_LANGUAGE, SHARED_LANGUAGE, NO_WISH]);
  assert.equal(nextWideningMs(ticket, BOTH, SCHEDULE), 5_000);
  assert.equal(nextWideningMs(ticket, SHARED_LANGUAGE, SCHEDULE), 10_000);
  assert.equal(nextWideningMs(ticket, NO_WISH, SCHEDULE), null);
});

test('[MM-30] never applies a wish that the ticket lacks', () => {
  assert.equal(wishesHeld(makeTicket(1, { languages: [] }), 0, SCHEDULE), NO_WISH);
  assert.equal(wishesHeld(makeTicket(1), 0, SCHEDULE), SHARED_LANGUAGE);
  const interest = makeTicket(1, { interests: ['go'], languages: [] });
  assert.equal(wishesHeld(interest, 0, SCHEDULE), SHARED_INTEREST);
});

test('[MM-30] requires every wish that either ticket still has', () => {
  assert.equal(wishesMet(NO_WISH, false, false, false), true);
  assert.equal(wishesMet(SHARED_INTEREST, false, true, false), false);
  assert.equal(wishesMet(SHARED_INTEREST, true, false, false), true);
  assert.equal(wishesMet(SHARED_LANGUAGE, true, false, false), false);
  assert.equal(wishesMet(SHARED_LANGUAGE, false, true, false), true);
  assert.equal(wishesMet(BOTH, true, false, false), false);
  assert.equal(wishesMet(BOTH, true, true, false), true);
});

test('[MM-30] applies no soft wish after the schedule ends', () => {
  assert.equal(widestAfterMs(SCHEDULE), 10_000);
  assert.equal(widestAfterMs(DEFAULT_WIDENING), 10_000);
  const ticket = makeTicket(1, { interests: ['go'], languages: ['en'] });
  assert.equal(wishesHeld(ticket, widestAfterMs(SCHEDULE), SCHEDULE), NO_WISH);
});

test('[MM-31] waiting never drops the wish "only people who share one"', () => {
  const ticket = makeTicket(1, { interests: ['go'], onlyShared: true });
  assert.equal(wishesHeld(ticket, 1e9, SCHEDULE), SHARED_INTEREST);
  assert.equal(nextWideningMs(ticket, SHARED_INTEREST, SCHEDULE), null);
  assert.equal(nextWideningMs(ticket, BOTH, SCHEDULE), 10_000);
});

test('[MM-34] only normal and good users wish for a user of their segment', () => {
  const places = [
    ['new', 'normal', 0],
    ['new', 'good', 0],
    ['restricted', 'restricted', 0],
    ['normal', 'normal', SAME_SEGMENT],
    ['good', 'normal', SAME_SEGMENT],
    ['good', 'good', SAME_SEGMENT],
  ] as const;
  for (const [tier, circle, wish] of places) {
    const ticket = makeTicket(1, { languages: [], tier, circle });
    assert.equal(wishesHeld(ticket, 6_999, SCHEDULE), wish);
    assert.equal(wishesHeld(ticket, 7_000, SCHEDULE), NO_WISH);
  }
  assert.equal(wishesMet(SAME_SEGMENT, false, true, false), false);
  assert.equal(wishesMet(SAME_SEGMENT, false, true, true), true);
});
