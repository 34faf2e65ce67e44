import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { FakeSession } from '../src/fakes/fake-node.ts';
import { type ClientHarness, clientHarness, nthMessage } from './support/client-harness.ts';

const SAID_EACH = 12;

interface Conversation extends ClientHarness {
  readonly taken: string[];
}

async function converse(disturb: (harness: ClientHarness) => void): Promise<Conversation> {
  const harness = clientHarness();
  const { node, time, client } = harness;
  const taken: string[] = [];
  const sessions: FakeSession[] = [];
  node.app = {
    opened: (session) => sessions.push(session),
    message: (_session, message) => {
      if (message.type === 'ticket.widen') taken.push(message.ticket);
    },
    gone: () => {},
  };
  client.setUrgent(true);
  disturb(harness);
  client.start();
  await time.advance(5_000);
  for (let n = 1; n <= SAID_EACH; n++) {
    assert.equal(client.send(nthMessage(n)), true);
    const session = sessions.at(-1);
    assert.ok(session !== undefined);
    node.send(session, { type: 'ticket.withdrawn', ticket: nthTicket(n) });
    // Sends some frames together in one turn and some alone.
    if (n % 3 === 0) await time.advance(40);
  }
  // Waits longer than any connection attempt of these tests can hang.
  await time.advance(90_000);
  return { ...harness, taken };
}

const nthTicket = (n: number): string => `ticket-${String(n).padStart(4, '0')}`;
const allTickets = Array.from({ length: SAID_EACH }, (_, i) => nthTicket(i + 1));

function assertNothingLost({ node, client, heard, taken, opened }: Conversation): void {
  assert.deepEqual(taken, allTickets, 'what the page said');
  assert.deepEqual(
    heard.map((message) => (message.type === 'ticket.withdrawn' ? message.ticket : message.type)),
    allTickets,
    'what the node said',
  );
  assert.deepEqual(node.faults, []);
  assert.equal(client.state.state, 'online');
  assert.equal(opened(), 1);
  for (const session of node.sessions.values()) {
    assert.deepEqual(session.kept, [], 'all is acknowledged in the end');
  }
}

test('[PR-23] delivers all frames in order, once, after any disconnection', async () => {
  const whole = await converse(() => {});
  assertNothingLost(whole);
  // No session exists during the frames 0 to 2, which are the handshake.
  let cuts = 0;
  for (let frame = 0; frame <= whole.node.link.delivered; frame++) {
    for (const how of ['close', 'swallow'] as const) {
      const cut = await converse(({ node }) => {
        node.link.cutAfter(frame, how);
        // One of two sockets is at an older node, which doesn't read `ack` in messages.
        const first = Number(how === 'close');
        node.readsAcks = () => node.link.opened % 2 === first;
      });
      // If the message `session.opened` is lost, the node keeps an unused session until that
      // session's grace period ends.
      if (frame === 2) cut.node.sessions.delete([...cut.node.sessions.keys()][0] ?? '');
      assertNothingLost(cut);
      if (cut.node.link.opened > 1) cuts += 1;
    }
  }
  assert.ok(cuts > 2 * SAID_EACH, `${cuts} cuts were felt`);
});

test('[PR-23] delivers all frames in order, once, after random disconnections', async () => {
  const gap = fc.integer({ min: 1, max: 12 });
  const how = fc.constantFrom('close' as const, 'swallow' as const);
  await fc.assert(
    fc.asyncProperty(fc.array(fc.tuple(gap, how), { minLength: 1, maxLength: 6 }), async (cuts) => {
      const result = await converse(({ node, time }) => {
        let at = 3;
        const plan = cuts.map(([frames, kind]) => {
          at += frames;
          return { at, kind };
        });
        time.addPump(() => {
          const next = plan[0];
          if (next !== undefined && node.link.delivered >= next.at) {
            plan.shift();
            node.link.cutNow(next.kind);
            return true;
          }
          return false;
        });
      });
      assertNothingLost(result);
    }),
    { numRuns: 60 },
  );
});
