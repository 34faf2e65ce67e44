import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { parseIpAddress } from '@farandole/gateway/signal-policy/address';
import type { ServerFacts } from '@farandole/protocol/http-api';
import { createCookie } from '../src/http/cookie.ts';
import { attemptsFor } from '../src/http/proof-price.ts';
import { SessionTickets, type SessionTicketsParts } from '../src/http/session-tickets.ts';
import { NodeSigner } from '../src/keys/signer.ts';
import { systemClock } from '../src/node/system-clock.ts';

const NORMAL_MS = 500;
const ADDRESS = parseIpAddress('203.0.113.7') ?? assert.fail();

const generation = { id: 'one', createdAtWallMs: 0, seal: randomBytes(32), tag: randomBytes(32) };
const keys = { subject: randomBytes(32), generations: [generation] };

/** Requests a ticket. Returns the maximum number of attempts; null if the ticket is free. */
async function priceOf(changes: Partial<SessionTicketsParts>): Promise<number | null> {
  const tickets = new SessionTickets({
    signer: new NodeSigner(() => keys),
    clock: systemClock,
    facts: () => ({}) as ServerFacts,
    proofs: {
      challenge: (_, attemptsMax) => Promise.resolve({ attemptsMax } as never),
      accepts: () => Promise.resolve(false),
    },
    proofMs: NORMAL_MS,
    tickets: { take: () => 0 },
    trustOf: () => ({ isProven: false, harm: null }),
    networkSanctionOf: () => null,
    load: () => 0,
    canResume: () => false,
    ...changes,
  });
  const request = new Request('http://localhost/api/session-ticket', {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{}',
  });
  const cookie = `__Host-farandole=${createCookie()}`;
  const answer = await tickets.give(request, cookie, { address: ADDRESS });
  const reply = (await answer.json()) as { attemptsMax?: number; ticket?: string };
  assert.notEqual(reply.attemptsMax === undefined, reply.ticket === undefined);
  return reply.attemptsMax ?? null;
}

test('[PR-80b] gives a proven user a ticket without a proof of work', async () => {
  assert.equal(await priceOf({ trustOf: () => ({ isProven: true, harm: 0.01 }) }), null);
  assert.equal(await priceOf({ proofMs: 0 }), null);
});

test('[PR-80b] makes proofs longer while the network is over its ticket budget', async () => {
  const taken: string[] = [];
  const take = (address: string) => {
    taken.push(address);
    return taken.length === 1 ? 0 : 3_000;
  };
  assert.equal(await priceOf({ tickets: { take } }), attemptsFor(NORMAL_MS));
  assert.equal(await priceOf({ tickets: { take } }), attemptsFor(NORMAL_MS + 3_000));
  assert.deepEqual(taken, ['203.0.113.7', '203.0.113.7']);
});

test('[PR-80b] asks for a longer proof from a suspected user and from a full node', async () => {
  const normal = attemptsFor(NORMAL_MS);
  const longer: readonly Partial<SessionTicketsParts>[] = [
    { trustOf: () => ({ isProven: false, harm: 0.2 }) },
    { networkSanctionOf: () => ({}) as ReturnType<SessionTicketsParts['networkSanctionOf']> },
    { load: () => 0.9 },
  ];
  for (const changes of longer) assert.ok(((await priceOf(changes)) ?? 0) > normal);
});
