import assert from 'node:assert/strict';
import { test } from 'node:test';
import { REMATCH_COOLDOWN_MS } from '@farandole/matchmaking/limits';
import type { SequencedClientMessage } from '@farandole/protocol/client-message';
import fc from 'fast-check';
import type { TestClient } from './support/test-client.ts';
import { World } from './support/world.ts';

const NAMES = ['eve', 'mal'] as const;

/** Valid values, mostly out of place. */
const name = fc.constantFrom('name-one', 'name-two', 'name-three');
const counter = fc.nat({ max: 3 });
const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 12 });
const line = fc.record({
  id: name,
  side: fc.constantFrom('a' as const, 'b' as const),
  counters: fc.tuple(counter, counter),
  atMs: fc.constant(1_800_000_000_000),
  text,
  tag: fc.constant(`k1.${'A'.repeat(43)}`),
});

/** A message whose call and receipt are filled in when it is sent. */
type Draft = { [T in SequencedClientMessage['type']]: DraftOf<T> }[SequencedClientMessage['type']];
interface DraftOf<T extends SequencedClientMessage['type']> {
  readonly type: T;
  readonly fields: Readonly<Record<string, unknown>>;
}

const draft = (
  type: Draft['type'],
  fields: Record<string, fc.Arbitrary<unknown>>,
): fc.Arbitrary<Draft> => fc.record(fields).map((made) => ({ type, fields: made }));

const sdp = fc.constantFrom('v=0\r\n', 'v=0\r\no=- 1 2 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n');
const drafts = fc.oneof(
  draft('age.declare', {
    answer: fc.constantFrom(...Array.from({ length: 9 }, () => 'adult'), 'minor'),
    policyVersion: fc.constantFrom(1, 2),
  }),
  draft('ticket.create', {
    ticket: name,
    mode: fc.constantFrom('video', 'text'),
    interests: fc.array(text, { maxLength: 2 }),
    onlyShared: fc.boolean(),
    languages: fc.array(fc.constantFrom('en', 'not a tag'), { maxLength: 2 }),
    policyVersion: fc.constantFrom(1, 1, 2),
  }),
  draft('ticket.widen', { ticket: name }),
  draft('ticket.withdraw', { ticket: name }),
  draft('signal.offer', { sdp }),
  draft('signal.answer', { sdp }),
  draft('signal.candidate', {
    candidate: fc.record({
      candidate: fc.oneof(text, fc.constant('')),
      sdpMid: fc.constantFrom('0', null, ' '),
      sdpMLineIndex: fc.constantFrom(0, null),
    }),
  }),
  draft('chat.send', { id: name, text }),
  draft('chat.replay', { line }),
  draft('media.update', {
    media: fc.constant({ camera: 'on', microphone: 'on', cover: 'covered' }),
  }),
  draft('direct.consent', { allowed: fc.boolean() }),
  draft('video.consent', { allowed: fc.boolean(), policyVersion: fc.constantFrom(1, 2) }),
  draft('call.first-frame', { elapsedMs: counter, way: fc.constant('direct') }),
  draft('call.end', { reason: fc.constantFrom('next', 'stop', 'page-hidden', 'connect-failed') }),
  draft('call.restore', { received: fc.tuple(counter, counter), latest: line }),
  draft('block.create', {}),
  draft('block.remove', {
    id: name,
    proof: fc.constantFrom('block.made-up.entirely', 'pictures.too'),
  }),
  draft('report.create', {
    id: name,
    reason: fc.constant('other'),
    lines: fc.array(line, { maxLength: 2 }),
  }),
);

const IN_CALL: ReadonlySet<string> = new Set([
  'signal.offer',
  'signal.answer',
  'signal.candidate',
  'chat.send',
  'chat.replay',
  'media.update',
  'direct.consent',
  'video.consent',
  'call.first-frame',
  'call.end',
]);
const WITH_RECEIPT: ReadonlySet<string> = new Set([
  'call.restore',
  'block.create',
  'report.create',
]);

const step = fc.oneof(
  {
    weight: 12,
    arbitrary: fc.record({ do: fc.constant('say' as const), who: counter, of: counter, drafts }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('meet' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('lose' as const), who: counter }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('connect' as const), who: counter }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('raw' as const), who: counter, text }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.nat({ max: 40_000 }) }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('settle' as const), stored: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('restart' as const) }) },
);

test('[GW-2] survives two hostile pages while two others keep talking', () => {
  let calls = 0;
  let restores = 0;
  fc.assert(
    fc.property(fc.array(step, { minLength: 10, maxLength: 60 }), (steps) => {
      const world = new World();
      const canaries = world.pair('ada', 'bo');
      const hostile = NAMES.map((each) => world.joinAdult(each, { isHonest: false }));
      const receipts = canaries.map(({ call }) => call?.receipt ?? '');
      const matches = canaries.map((client) => client.inCall());
      meetAgain(world, hostile);
      let said = 0;
      for (const each of steps) {
        const who = 'who' in each ? hostile[each.who % hostile.length] : undefined;
        if (who !== undefined && who.call !== null) {
          receipts.push(who.call.receipt);
          matches.push(who.inCall());
        }
        switch (each.do) {
          case 'say':
            sayDraft(who, each.drafts, matches.at(-1 - each.of), receipts.at(-1 - each.of));
            break;
          case 'meet':
            meetAgain(world, hostile);
            break;
          case 'lose':
            if (who !== undefined) world.lose(who);
            break;
          case 'connect':
            if (who?.isAttached === false) world.connect(who);
            break;
          case 'raw':
            who?.sayRaw(each.text);
            break;
          case 'pass':
            world.pass(each.ms);
            break;
          case 'settle':
            world.settleJournal(each.stored);
            break;
          case 'restart':
            world.restart();
            for (const client of canaries) world.connect(client);
        }
        world.settle();
        const [ada, bo] = canaries;
        ada.sayLine(`line ${said}`);
        said += 1;
        world.pass(500);
        assert.equal(bo.call?.lines.length, said);
        assert.deepEqual(ada.call?.lines, bo.call?.lines);
        const { online, detached, waiting, calls: live } = world.gateway.counts();
        assert.ok(online >= 2 && online + detached <= 4 && live >= 1 && waiting <= 2);
      }
      calls += hostile.flatMap((client) => client.all('match.found')).length;
      restores += world.events.filter(({ event }) => event === 'call-restored').length;
    }),
    { numRuns: 150 },
  );
  assert.ok(
    calls > 350 && restores > 100,
    `they did something: ${calls} calls, ${restores} restores`,
  );
});

/** The hostile pages match each other, to have calls and receipts to misuse. */
function meetAgain(world: World, hostile: readonly TestClient[]): void {
  // Past the cool-down and all rate limits.
  world.clock.advance(REMATCH_COOLDOWN_MS);
  world.tick();
  for (const client of hostile) {
    if (!client.isAttached) world.connect(client);
    if (client.call !== null) client.endCall('next');
    client.declareAge('adult');
    world.flush();
    client.searchFor('text');
  }
  world.settle();
}

function sayDraft(
  client: TestClient | undefined,
  { type, fields }: Draft,
  call: { readonly match: string; readonly epoch: number } | undefined,
  receipt: string | undefined,
): void {
  if (client?.isAttached !== true) return;
  const seq = client.acknowledgedCount + client.unacknowledgedCount + 1;
  const whole = {
    type,
    seq,
    ...fields,
    ...(IN_CALL.has(type) ? call : {}),
    ...(WITH_RECEIPT.has(type) ? { receipt } : {}),
  };
  client.saySequenced(JSON.stringify(whole));
}
