import assert from 'node:assert/strict';
import { createPublicKey, randomBytes, verify } from 'node:crypto';
import type { lookup } from 'node:dns';
import { type TestContext, test } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import { ask } from '@farandole/e2e/http';
import { parseIpAddress } from '@farandole/gateway/signal-policy/address';
import { brandId, type SubjectId } from '@farandole/kernel/id';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import type { HourPlan } from '@farandole/matchmaking/hours';
import { NOTIFICATIONS_PATH } from '@farandole/protocol/http-api';
import { memoryStore } from '@farandole/storage/test/memory-store';
import { PUSH_CLAIM_EVERY_MS } from '../src/limits.ts';
import { hourMode } from '../src/push/hour-mode.ts';
import { PushKeys } from '../src/push/push-keys.ts';
import { PushNotifier } from '../src/push/push-notifier.ts';
import {
  isPublic,
  PUBLIC_PUSH_ROUTE,
  PUSH_ENDPOINT_CHARS_MAX,
  type PushRoute,
  parseEndpoint,
} from '../src/push/push-route.ts';
import { PushSender } from '../src/push/push-sender.ts';
import { storeOf, subjectOf } from './support/moderated.ts';
import { PushService, type ReceivedPush } from './support/push-service.ts';
import { TestPage } from './support/test-page.ts';
import { startSharedServer, startTestServer, type TestServer } from './support/test-server.ts';

const HOUR_MS = 3_600_000;
const CONTACT = 'mailto:operator@example.org';
const LONELY_MS = 6_000;

const known = (text: string): boolean => parseEndpoint(text, PUBLIC_PUSH_ROUTE) !== null;

test('[PR-84a] accepts only canonical HTTPS addresses at listed push services', () => {
  for (const right of [
    'https://fcm.googleapis.com/fcm/send/abc:def',
    'https://updates.push.services.mozilla.com/wpush/v2/abc',
    'https://web.push.apple.com/abc',
    'https://api.push.apple.com/3/device/abc',
    'https://wns2-by3p.notify.windows.com/w/?token=abc%3d',
  ]) {
    assert.ok(known(right), right);
  }
  for (const wrong of [
    'nonsense',
    '',
    'http://fcm.googleapis.com/fcm/send/abc',
    'https://fcm.googleapis.com:8443/fcm/send/abc',
    'https://fcm.googleapis.com:443/fcm/send/abc',
    'https://FCM.googleapis.com/fcm/send/abc',
    'https://fcm.googleapis.com./fcm/send/abc',
    'https://user@fcm.googleapis.com/fcm/send/abc',
    'https://fcm.googleapis.com@localhost/',
    'https://fcm.googleapis.com/fcm/send/abc#fragment',
    'https://fcm.googleapis.com\\@localhost/',
    'https://fcm.googleapis.com.example.org/',
    'https://evilfcm.googleapis.com/',
    'https://notify.windows.com/',
    'https://evilnotify.windows.com/',
    'https://localhost/',
    'https://127.0.0.1/',
    'https://[::1]/',
    'https://2130706433/',
    'file:///etc/passwd',
    `https://fcm.googleapis.com/${'a'.repeat(PUSH_ENDPOINT_CHARS_MAX)}`,
  ]) {
    assert.ok(!known(wrong), wrong);
  }
  const base = 'https://fcm.googleapis.com/';
  assert.ok(known(base.padEnd(PUSH_ENDPOINT_CHARS_MAX, 'a')));
  assert.ok(!known(base.padEnd(PUSH_ENDPOINT_CHARS_MAX + 1, 'a')));
});

test('[PR-84a] refuses a literal address even if a route knows it', () => {
  const every: PushRoute = { isKnown: () => true, isAllowed: () => true };
  assert.notEqual(parseEndpoint('https://localhost/', every), null);
  for (const literal of ['https://127.0.0.1/', 'https://[::1]/', 'https://[::ffff:7f00:1]/']) {
    assert.equal(parseEndpoint(literal, every), null, literal);
  }
});

test('[PR-84b] tells public addresses from all others', () => {
  const allowed = (text: string): boolean => {
    const address = parseIpAddress(text);
    assert.ok(address !== null, text);
    return isPublic(address);
  };
  for (const text of ['8.8.8.8', '1.1.1.1', '172.32.0.1', '100.128.0.1', '2a00:1450::1']) {
    assert.ok(allowed(text), text);
  }
  for (const text of [
    ...['0.0.0.0', '10.1.2.3', '100.64.0.1', '127.0.0.1', '127.255.255.255', '169.254.169.254'],
    ...['172.16.0.1', '172.31.255.255', '192.0.0.1', '192.168.1.1', '198.18.0.1', '198.19.255.255'],
    ...['192.0.2.1', '198.51.100.1', '203.0.113.1', '224.0.0.1', '255.255.255.255'],
    ...[
      '::',
      '::1',
      'fe80::1',
      'fc00::1',
      'fd12::1',
      'ff02::1',
      '64:ff9b::7f00:1',
      '2002:7f00:1::',
    ],
    ...['::ffff:127.0.0.1', '::ffff:10.0.0.1', '::127.0.0.1', '2001::1', '2001:db8::1', '3fff::1'],
  ]) {
    assert.ok(!allowed(text), text);
  }
});

async function started(t: TestContext): Promise<PushService> {
  const service = await PushService.start();
  t.after(() => service.stop());
  return service;
}

function senderOver(route: PushRoute, addresses?: readonly string[]): PushSender {
  const keys = new PushKeys(randomBytes(32));
  const parts = { keys, route, contact: () => CONTACT, wallMs: () => 0 };
  if (addresses === undefined) return new PushSender(parts);
  const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const resolve = (_: string, __: object, done: (error: null, found: object) => void): void =>
    done(null, found);
  return new PushSender({ ...parts, lookup: resolve as unknown as typeof lookup });
}

test('[PR-84b] connects to no private address, whatever a name resolves to', async (t) => {
  const service = await started(t);
  const endpoint = service.endpoint('ada');
  const strict = { ...service.route, isAllowed: isPublic };
  for (const address of ['127.0.0.1', '::1', '::ffff:127.0.0.1', '0.0.0.0', '10.0.0.1']) {
    assert.equal(await senderOver(strict, [address]).send(endpoint), 'failed', address);
  }
  assert.equal(await senderOver(strict, ['nonsense']).send(endpoint), 'failed');
  assert.equal(await senderOver(strict, []).send(endpoint), 'failed');
  assert.equal(await senderOver(strict).send(endpoint), 'failed', 'by the system’s resolver');
  assert.deepEqual(service.received, []);
  // The same service answers where its address is allowed.
  const [own] = ['127.0.0.1', '::1'].filter((address) => address === service.address);
  assert.ok(own !== undefined);
  assert.equal(await senderOver(service.route, [own]).send(endpoint), 'sent');
  const isOwn: PushRoute = { ...service.route, isAllowed: ({ text }) => text === own };
  assert.equal(await senderOver(isOwn, ['10.0.0.1', own]).send(endpoint), 'sent');
});

test('[PR-84b] checks a stored address again before a notification', async (t) => {
  const service = await started(t);
  const sender = senderOver({ ...service.route, isKnown: () => false });
  assert.equal(await sender.send(service.endpoint('ada')), 'failed');
  assert.deepEqual(service.received, []);
});

test('[PR-84b] follows no redirect', async (t) => {
  const service = await started(t);
  service.status = 307;
  service.location = service.endpoint('elsewhere');
  assert.equal(await senderOver(service.route).send(service.endpoint('ada')), 'refused');
  assert.deepEqual(
    service.received.map(({ path }) => path),
    ['/push/ada'],
  );
});

test('[PR-84b] refuses a push service whose certificate doesn’t verify', async (t) => {
  const service = await started(t);
  const { ca: _, ...route } = service.route;
  assert.equal(await senderOver(route).send(service.endpoint('ada')), 'failed');
  assert.deepEqual(service.received, []);
});

test('[PR-84c] sends an empty notification, signed for the push service', async (t) => {
  const service = await started(t);
  const keys = new PushKeys(randomBytes(32));
  const wallMs = () => 1_800_000_000_000;
  const sender = new PushSender({ keys, route: service.route, contact: () => CONTACT, wallMs });
  assert.equal(await sender.send(service.endpoint('ada')), 'sent');
  const [push] = service.received;
  assert.ok(push !== undefined);
  const { authorization = '', ttl, topic, urgency } = push.headers;
  assert.deepEqual([push.bytes, ttl, topic, urgency], [0, '300', 'someone', 'normal']);
  const [, head = '', claims = '', signature = '', key] =
    /^vapid t=([^.]+)\.([^.]+)\.([^.]+), k=(.+)$/.exec(authorization) ?? [];
  assert.equal(key, keys.publicKey);
  const point = Buffer.from(key, 'base64url');
  assert.deepEqual([point.length, point[0]], [65, 4]);
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) =>
    part.toString('base64url'),
  );
  const jwk = { kty: 'EC', crv: 'P-256', x: x ?? '', y: y ?? '' };
  const publicKey = createPublicKey({ key: jwk, format: 'jwk' });
  const how = { key: publicKey, dsaEncoding: 'ieee-p1363' } as const;
  const signed = Buffer.from(`${head}.${claims}`);
  assert.ok(verify('sha256', signed, how, Buffer.from(signature, 'base64url')));
  const parse = (part: string): unknown => JSON.parse(Buffer.from(part, 'base64url').toString());
  assert.deepEqual(parse(head), { typ: 'JWT', alg: 'ES256' });
  assert.deepEqual(parse(claims), {
    aud: `https://localhost:${service.port}`,
    exp: 1_800_000_000 + 12 * 3_600,
    sub: CONTACT,
  });
});

test('[PR-84c, ST-15e] derives the same keys from the same permanent key', () => {
  const permanent = randomBytes(32);
  const [one, same, other] = [permanent, permanent, randomBytes(32)].map(
    (key) => new PushKeys(key),
  );
  assert.ok(one !== undefined && same !== undefined && other !== undefined);
  const endpoint = 'https://fcm.googleapis.com/fcm/send/abc';
  assert.equal(one.publicKey, same.publicKey);
  assert.equal(one.idOf(endpoint), same.idOf(endpoint));
  assert.notEqual(one.publicKey, other.publicKey);
  assert.notEqual(one.idOf(endpoint), other.idOf(endpoint));
  const sealed = one.seal(endpoint);
  assert.ok(!Buffer.from(sealed, 'base64url').includes('googleapis'));
  assert.equal(same.open(sealed), endpoint);
  assert.equal(other.open(sealed), null);
  assert.equal(one.open(`${sealed.slice(0, -2)}AA`), null);
  assert.equal(one.open(''), null);
});

interface Place {
  readonly server: TestServer;
  readonly service: PushService;
  readonly clock: SimClock;
}

async function opened(t: TestContext): Promise<Place> {
  const service = await started(t);
  const clock = new SimClock();
  const env = { FARANDOLE_WEB_PUSH: 'on' };
  const server = await startSharedServer(t, { clock, env, pushRoute: service.route });
  return { server, service, clock };
}

async function post(server: TestServer, body: object, from = '127.0.9.1') {
  const { port } = server;
  const headers = { Origin: `http://localhost:${port}`, 'Content-Type': 'application/json' };
  const path = NOTIFICATIONS_PATH;
  return await ask({ method: 'POST', port, path, headers, from, body: JSON.stringify(body) });
}

/** A user who asks for notifications and leaves. */
async function subscribed(t: TestContext, { server, service }: Place, name: string) {
  const page = new TestPage(t, server.port);
  const { receipt } = await page.arrive();
  const endpoint = service.endpoint(name);
  const answer = await post(server, { do: 'start', endpoint, mode: 'text', receipt });
  assert.equal(answer.status, 200, answer.text());
  page.send({ type: 'session.leave' });
  await page.untilClosed();
  return { page, endpoint };
}

/** Lets a user search alone. Resolves with the path of the browser that is notified of it. */
async function pushOfSearch(t: TestContext, { server, service, clock }: Place): Promise<string> {
  const page = new TestPage(t, server.port);
  await page.arrive();
  page.search('lonely-search');
  await page.next('ticket.accepted');
  const { promise, resolve } = Promise.withResolvers<ReceivedPush>();
  service.onReceived = resolve;
  clock.advance(LONELY_MS);
  const { path } = await promise;
  page.send({ type: 'session.leave' });
  await page.untilClosed();
  return path;
}

test('[PR-84, MO-150, GW-29a] notifies a closed browser of a lonely search, once an hour', async (t) => {
  const place = await opened(t);
  const { service, clock } = place;
  await subscribed(t, place, 'ada');
  assert.deepEqual(service.received, []);
  assert.equal(await pushOfSearch(t, place), '/push/ada');
  clock.advance(PUSH_CLAIM_EVERY_MS);
  await subscribed(t, place, 'cleo');
  assert.equal(await pushOfSearch(t, place), '/push/cleo');
  assert.equal(service.received.length, 2, 'Ada gets no second one within the hour');
  clock.advance(HOUR_MS - PUSH_CLAIM_EVERY_MS - LONELY_MS);
  assert.equal(await pushOfSearch(t, place), '/push/ada');
});

test('[PR-134] notifies a browser once when the next hour begins', async (t) => {
  const place = await opened(t);
  const { server, service, clock } = place;
  const store = await storeOf(t, server);
  const by = brandId<MemberId>('member-ana');
  const nowMs = clock.wallMs();
  await store.run('member.add', { id: by, name: 'Ana', roles: ['rules'], by: null, nowMs });
  const start = new Date(nowMs + HOUR_MS).toISOString().slice(0, 16);
  const hour = { id: 'hour-0001', title: 'Films', start, zone: 'UTC', weekly: false };
  const hours = [{ ...hour, minutes: 60, mode: 'text' }];
  const input = { hours, before: 0, door: 'open', modes: ['text'], by, nowMs } as const;
  assert.ok((await store.run('published-hours.put', input)).ok);
  const page = new TestPage(t, server.port);
  const { receipt } = await page.arrive();
  const endpoint = service.endpoint('ada');
  const asked = { do: 'start', endpoint, mode: 'hour', receipt };
  assert.equal((await post(server, asked)).status, 200);
  const subject = await subjectOf(server, page);
  const kept = async () => (await store.run('subject.export', { subject })).notifications.length;
  assert.equal(await kept(), 1);
  assert.equal((await post(server, { ...asked, mode: 'text' })).status, 200);
  assert.equal((await post(server, { do: 'stop', endpoint, mode: 'hour' })).status, 200);
  assert.equal(await kept(), 1, 'the other request stays');
  assert.equal((await post(server, asked)).status, 200);
  assert.equal((await post(server, { do: 'stop', endpoint })).status, 200);
  assert.equal(await kept(), 0);
  assert.equal((await post(server, asked)).status, 200);
  const { promise, resolve } = Promise.withResolvers<ReceivedPush>();
  service.onReceived = resolve;
  clock.advance(HOUR_MS);
  assert.equal((await promise).path, '/push/ada');
  assert.equal(await kept(), 0);
});

const pools = [undefined, 'painters', 'writers'] as const;

/** Returns a plan in which two communities and the open pool have an hour that begins now. */
function planAt(nowMs: number): HourPlan {
  const hour = { title: 'Films', mode: 'text', startMs: nowMs, endMs: nowMs + HOUR_MS };
  const hours = pools.map((community, at) => ({
    ...{ ...hour, id: `hour-000${at}` },
    ...(community !== undefined && { community }),
  }));
  return { door: 'open', hours };
}

test('[PR-134, PR-172] notifies a browser once of its pool’s hour, whatever the nodes', async () => {
  const nowMs = Date.parse('2027-01-04T20:00:00Z');
  const store = memoryStore();
  const plan = planAt(nowMs);
  const keys = new PushKeys(randomBytes(32));
  const sent: string[] = [];
  const sender = {
    send: async (endpoint: string) => {
      sent.push(endpoint);
      return 'sent' as const;
    },
  };
  const parts = { store, keys, sender, log: () => {}, hours: () => plan };
  const lonely = () => ({ modes: [], online: [] });
  const nodes = [1, 2, 3].map(() => new PushNotifier({ ...parts, lonely }));
  const endpoints = Array.from({ length: 12 }, (_, at) => `https://push.example/${at}`);
  for (const [at, endpoint] of endpoints.entries()) {
    await store.run('push.subscribe', {
      id: keys.idOf(endpoint, hourMode(pools[at % 3])),
      subject: brandId<SubjectId>(`subject-${at}`),
      ...{ mode: hourMode(pools[at % 3]), sealed: keys.seal(endpoint), nowMs: nowMs - HOUR_MS },
    });
  }
  // This community has no hour now.
  const other = 'https://push.example/other';
  const subject = brandId<SubjectId>('subject-other');
  const common = { id: keys.idOf(other, 'hour poets'), subject, sealed: keys.seal(other) };
  await store.run('push.subscribe', { ...common, mode: 'hour poets', nowMs: nowMs - HOUR_MS });
  for (const wallMs of [nowMs - 1, nowMs, nowMs + 1_000]) {
    await Promise.all(nodes.map((node) => node.tell({ wallMs, monotonicMs: wallMs })));
    if (wallMs < nowMs) assert.deepEqual(sent, [], 'the hour has not begun');
  }
  for (const node of nodes) await node.close();
  assert.deepEqual(sent.toSorted(), endpoints.toSorted());
});

test('[PR-172] keeps a request for each community and one for the open pool', async (t) => {
  const place = await opened(t);
  const { server, service } = place;
  const store = await storeOf(t, server);
  const page = new TestPage(t, server.port);
  const { receipt } = await page.arrive();
  const endpoint = service.endpoint('ada');
  const ofAll = { do: 'start', mode: 'hour', endpoint, receipt };
  const ofPainters = { ...ofAll, community: 'painters' };
  for (const wrong of [
    { ...ofPainters, mode: 'text' },
    { ...ofPainters, community: 'No Name' },
  ]) {
    assert.equal((await post(server, wrong)).status, 400);
  }
  const subject = await subjectOf(server, page);
  const modes = async () =>
    (await store.run('subject.export', { subject })).notifications.map(({ mode }) => mode);
  for (const asked of [ofAll, ofPainters, { ...ofPainters, community: 'writers' }, ofPainters]) {
    assert.equal((await post(server, asked)).status, 200);
  }
  assert.deepEqual((await modes()).toSorted(), ['hour', 'hour painters', 'hour writers']);
  const stop = { do: 'stop', endpoint, mode: 'hour', community: 'painters' };
  assert.equal((await post(server, stop)).status, 200);
  assert.deepEqual((await modes()).toSorted(), ['hour', 'hour writers']);
});

test('[PR-84, PR-84c] forgets a browser that stopped, or that its push service doesn’t know', async (t) => {
  const place = await opened(t);
  const { server, service } = place;
  const store = await storeOf(t, server);
  const ada = await subscribed(t, place, 'ada');
  const bo = await subscribed(t, place, 'bo');
  const countOf = async (page: TestPage): Promise<number> => {
    const subject = await subjectOf(server, page);
    return (await store.run('subject.export', { subject })).notifications.length;
  };
  assert.deepEqual([await countOf(ada.page), await countOf(bo.page)], [1, 1]);
  assert.equal((await post(server, { do: 'stop', endpoint: bo.endpoint })).status, 200);
  assert.equal(await countOf(bo.page), 0);
  service.status = 410;
  assert.equal(await pushOfSearch(t, place), '/push/ada');
  while ((await countOf(ada.page)) > 0) await new Promise(setImmediate);
  assert.ok(
    server.events.some((event) => event.event === 'notification-sent' && event.outcome === 'gone'),
  );
});

test('[PR-84] refuses a request without a receipt, or for an unknown push service or mode', async (t) => {
  const place = await opened(t);
  const { server, service } = place;
  const page = new TestPage(t, server.port);
  const { receipt } = await page.arrive();
  const right = { do: 'start', endpoint: service.endpoint('ada'), mode: 'text', receipt };
  for (const [wrong, status] of [
    [{ ...right, endpoint: 'https://fcm.googleapis.com/fcm/send/abc' }, 403],
    [{ ...right, endpoint: 'https://localhost/' }, 403],
    [{ ...right, receipt: 'nonsense' }, 403],
    [{ ...right, receipt: undefined }, 400],
    [{ ...right, mode: 'nonsense' }, 400],
    [{ ...right, do: 'nonsense' }, 400],
    [{ ...right, extra: 1 }, 400],
    [{ do: 'stop' }, 400],
  ] as const) {
    assert.equal((await post(server, wrong)).status, status, JSON.stringify(wrong));
  }
  assert.equal((await post(server, right)).status, 200);
  let last = await post(server, right, '127.0.8.1');
  for (let n = 0; n < 100 && last.status === 200; n++)
    last = await post(server, right, '127.0.8.1');
  assert.equal(last.status, 429);
});

test('[PR-84] has no notifications unless the operator turns them on', async (t) => {
  for (const env of [{}, { FARANDOLE_WEB_PUSH: 'on', FARANDOLE_OFFLINE_PAGE: 'off' }]) {
    const server = await startTestServer(t, { env });
    const page = new TestPage(t, server.port);
    const { server: facts } = await page.getTicket();
    assert.equal(facts.pushKey, null);
    assert.equal((await post(server, {})).status, 404);
  }
});
