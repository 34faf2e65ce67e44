import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { IceServersReply } from '@farandole/protocol/http-api';
import { IceServers } from '../src/call/ice-servers.ts';
import {
  ICE_SERVERS_MARGIN_MS,
  ICE_SERVERS_WITHIN_MS,
  OFFER_CHARS_MAX,
  OFFER_READY_WITHIN_MS,
} from '../src/call/limits.ts';
import { PreparedLink } from '../src/call/prepared-link.ts';
import type { RtcHandler } from '../src/call/rtc-handler.ts';
import { FakeRtcNetwork, readFakeSdp } from '../src/fakes/fake-rtc.ts';
import { FakeTime } from '../src/fakes/fake-time.ts';
import type { Api, ApiFault } from '../src/signal/ports.ts';

function prepare(
  change: (handler: RtcHandler) => Partial<RtcHandler> = () => ({}),
  network = new FakeRtcNetwork(),
) {
  const time = new FakeTime();
  const handler = network.handler();
  const options = {
    iceServers: [],
    policy: 'all',
    tracks: { audio: null, video: null },
    kinds: ['audio', 'video'],
  } as const;
  const again = () => new PreparedLink({ ...handler, ...change(handler) }, time, options);
  return { network, time, prepared: again(), again };
}

test('puts the gathered ICE candidates into the prepared offer', async () => {
  const { network, prepared } = prepare();
  assert.equal(readFakeSdp((await prepared.offer()) ?? '').candidates, 1);
  const ready = prepared.take('offerer');
  assert.deepEqual(ready?.candidates, [], 'what is in the offer is not told again');
  assert.equal(ready?.connection, network.connections[0]);
});

test('limits how long gathering ICE candidates delays the search', async () => {
  const slow = Object.assign(new FakeRtcNetwork(), { gathersAtOnce: false });
  const { network, time, prepared } = prepare(undefined, slow);
  await time.quiet();
  let offer: string | null | undefined;
  void prepared.offer().then((written) => {
    offer = written;
  });
  await time.advance(OFFER_READY_WITHIN_MS - 1);
  assert.equal(offer, undefined);
  await time.advance(1);
  assert.notEqual(offer ?? null, null);
  network.connections[0]?.gather();
  assert.equal(prepared.take('offerer')?.candidates.length, 1, 'the late one is told at the match');
});

test("gives an answerer its own connection; later closes the unused offerer's connection", async () => {
  const { network, time, prepared } = prepare();
  await prepared.offer();
  const ready = prepared.take('answerer');
  assert.equal(ready?.connection, network.connections[1]);
  assert.equal(network.open.length, 2, 'nothing is torn down while every millisecond counts');
  await time.advance(5_000);
  assert.deepEqual(network.open, [network.connections[1]]);
});

test('uses one certificate per call for both prepared connections', async () => {
  const { network, prepared, again } = prepare();
  await prepared.offer();
  await again().offer();
  const [first, second, third, fourth] = network.connections.map(
    (connection) => connection.options.certificate,
  );
  assert.ok(first !== null && first !== undefined);
  assert.equal(first, second);
  assert.equal(third, fourth);
  assert.notEqual(first, third);
});

test('closes unneeded prepared connections, even while they are being created', async () => {
  const { network, time, prepared, again } = prepare();
  prepared.close();
  await time.quiet();
  assert.equal(network.connections.length, 0);
  const later = again();
  await time.quiet();
  later.close();
  assert.equal(network.open.length, 0);
});

test('returns and leaves open no connection if a match precedes preparation', async () => {
  const { network, time, prepared } = prepare();
  assert.equal(prepared.take('offerer'), null);
  await time.advance(5_000);
  assert.equal(network.open.length, 0);
});

test('searches without a prepared offer if the browser fails to create one', async () => {
  const { prepared } = prepare((handler) => ({
    generateCertificate: () => Promise.reject(new Error('no certificate')),
    connect: (options) => {
      const connection = handler.connect(options);
      connection.offer = () => Promise.reject(new Error('no offer'));
      return connection;
    },
  }));
  assert.equal(await prepared.offer(), null);
  assert.notEqual(prepared.take('answerer'), null, 'it can still answer');
});

test("omits a prepared offer that doesn't fit into a frame", async () => {
  for (const over of [0, 1]) {
    // The limit counts the JSON text, so 2 is subtracted for the quotes that JSON adds.
    const sdp = 'x'.repeat(OFFER_CHARS_MAX - 2 + over);
    const { prepared } = prepare((handler) => ({
      connect: (options) => {
        const connection = handler.connect(options);
        connection.localDescription = () => ({ type: 'offer', sdp });
        return connection;
      },
    }));
    assert.equal(await prepared.offer(), over === 0 ? sdp : null);
  }
});

class FakeIce {
  readonly time = new FakeTime();
  requests = 0;
  receipt: string | null = 'a-session-receipt';
  /** The node's answer to each request for ICE servers; null if the node doesn't answer. */
  reply: Result<IceServersReply, ApiFault> | null = ok({
    iceServers: [{ urls: ['turn:fresh.example'] }],
    expiresInMs: 600_000,
  });
  readonly servers = new IceServers(
    {
      sessionTicket: () => Promise.reject(new Error('no ticket is asked for here')),
      iceServers: () => {
        this.requests += 1;
        return this.reply === null ? new Promise(() => {}) : Promise.resolve(this.reply);
      },
    } satisfies Api,
    this.time,
    this.time,
    () => this.receipt,
  );
}

const OLD = { iceServers: [{ urls: ['turn:old.example'] }], expiresInMs: 600_000 };

test("uses the session's ICE servers until shortly before they expire", async () => {
  const { time, servers } = new FakeIce();
  servers.take(OLD);
  await time.advance(OLD.expiresInMs - ICE_SERVERS_MARGIN_MS - 1);
  assert.deepEqual(await servers.fresh(), OLD.iceServers);
  await time.advance(1);
  assert.deepEqual(await servers.fresh(), [{ urls: ['turn:fresh.example'] }]);
});

test('keeps the known ICE servers if a request for new ones fails', async () => {
  for (const trouble of ['silent', 'refused', 'no session'] as const) {
    const ice = new FakeIce();
    ice.servers.take({ ...OLD, expiresInMs: 0 });
    if (trouble === 'silent') ice.reply = null;
    if (trouble === 'refused') ice.reply = refused('refused');
    if (trouble === 'no session') ice.receipt = null;
    let got: unknown;
    void ice.servers.fresh().then((servers) => {
      got = servers;
    });
    await ice.time.advance(ICE_SERVERS_WITHIN_MS);
    assert.deepEqual(got, OLD.iceServers, trouble);
  }
});

test('requests ICE servers after an attempt without a session', async () => {
  const ice = new FakeIce();
  ice.receipt = null;
  assert.deepEqual(await ice.servers.fresh(), []);
  assert.equal(ice.requests, 0);
  ice.receipt = 'a-session-receipt';
  assert.deepEqual(await ice.servers.fresh(), [{ urls: ['turn:fresh.example'] }]);
});

test('shares one pending request for ICE servers among callers', async () => {
  const ice = new FakeIce();
  await Promise.all([ice.servers.fresh(), ice.servers.fresh()]);
  assert.equal(ice.requests, 1);
});
