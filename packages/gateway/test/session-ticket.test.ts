import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId, type SessionId, type SubjectId } from '@farandole/kernel/id';
import { createPrng } from '@farandole/kernel/prng';
import { SESSION_TICKET_LIFETIME_MS } from '@farandole/protocol/limits';
import { mintSessionTicket, openSessionTicket, UsedTickets } from '../src/session-ticket.ts';
import { FakeSigner } from './support/fake-signer.ts';

const NOW_MS = 1_800_000_000_000;
const signer = new FakeSigner('a key', createPrng(1));
const subject = brandId<SubjectId>('subject-a');
const session = brandId<SessionId>('session-one');
const other = brandId<SessionId>('session-two');

test('[PR-10] reads the owner and session from a valid session ticket', () => {
  const token = mintSessionTicket(signer, subject, session, NOW_MS);
  const expiresAtWallMs = NOW_MS + SESSION_TICKET_LIFETIME_MS;
  assert.deepEqual(openSessionTicket(signer, token, NOW_MS), { session, subject, expiresAtWallMs });
});

test('[PR-10] accepts a session ticket exactly for its lifetime', () => {
  const token = mintSessionTicket(signer, subject, session, NOW_MS);
  const endMs = NOW_MS + SESSION_TICKET_LIFETIME_MS;
  assert.notEqual(openSessionTicket(signer, token, endMs - 1), null);
  assert.equal(openSessionTicket(signer, token, endMs), null);
});

test('[PR-10] rejects forged session tickets and tokens of another kind or shape', () => {
  const claims = { session, subject, expiresAtWallMs: NOW_MS + 1 };
  const tokens = [
    mintSessionTicket(new FakeSigner('another key', createPrng(1)), subject, session, NOW_MS),
    signer.seal('session', JSON.stringify(claims)),
    signer.seal('ticket', 'no JSON'),
    signer.seal('ticket', 'null'),
    ...Object.keys(claims).map((key) =>
      signer.seal('ticket', JSON.stringify({ ...claims, [key]: {} })),
    ),
    '',
  ];
  for (const token of tokens) assert.equal(openSessionTicket(signer, token, NOW_MS), null, token);
});

test('[PR-10] accepts a session ticket only once', () => {
  const used = new UsedTickets();
  assert.equal(used.use(session, 0), true);
  assert.equal(used.use(session, 0), false);
  assert.equal(used.use(session, SESSION_TICKET_LIFETIME_MS - 1), false);
  assert.equal(used.use(other, 0), true);
});

test('[GW-11] refuses session tickets while the list of used tickets is full', () => {
  const used = new UsedTickets(1);
  assert.equal(used.use(session, 0), true);
  assert.equal(used.use(other, 0), false);
  assert.equal(used.use(other, SESSION_TICKET_LIFETIME_MS), true);
});
