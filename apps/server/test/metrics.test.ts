import assert from 'node:assert/strict';
import { test } from 'node:test';
import { TICK_EVERY_MS } from '@farandole/cluster/limits';
import { ask } from '@farandole/e2e/http';
import { securityHeaders } from '../src/http/security-headers.ts';
import { Metrics } from '../src/observe/metrics.ts';
import { inCall, TestPage } from './support/test-page.ts';
import { startTestServer } from './support/test-server.ts';

/** Returns NaN if the metrics have no such line. */
function valueOf(text: string, line: string): number {
  const found = text.split('\n').find((candidate) => candidate.startsWith(`${line} `));
  return Number(found?.slice(line.length + 1) ?? Number.NaN);
}

test("serves the operator's metrics", async (t) => {
  const server = await startTestServer(t, { env: { FARANDOLE_METRICS_PORT: '0' } });
  const { metricsPort } = server;
  assert.ok(metricsPort !== null && metricsPort !== server.port);
  const scrape = async (): Promise<string> => {
    const answer = await ask({ port: metricsPort, path: '/metrics' });
    assert.equal(answer.status, 200);
    assert.match(String(answer.headers['content-type']), /^text\/plain; version=0\.0\.4/);
    return answer.text();
  };
  const ana = new TestPage(t, server.port);
  const ben = new TestPage(t, server.port);
  const cleo = new TestPage(t, server.port);
  for (const page of [ana, ben, cleo]) await page.arrive();
  ana.search('search-of-ana');
  await ana.next('ticket.accepted');
  // The store returns what it knows about a user at one of the next ticks.
  let text = await scrape();
  while (valueOf(text, 'farandole_people_unread') > 0) text = await scrape();
  assert.equal(valueOf(text, 'farandole_people_unread'), 0);
  assert.equal(valueOf(text, 'farandole_people_online'), 3);
  assert.equal(valueOf(text, 'farandole_sockets'), 3);
  assert.equal(valueOf(text, 'farandole_waiting{pool="text"}'), 1);
  assert.equal(valueOf(text, 'farandole_waiting{pool="video"}'), 0);
  assert.equal(valueOf(text, 'farandole_calls'), 0);

  ben.search('search-of-ben');
  const found = await ana.next('match.found');
  ana.say('chat.send', { ...inCall(found), id: 'line-of-ana', text: 'hello' });
  await ben.next('chat.line');
  ana.say('call.first-frame', { ...inCall(found), elapsedMs: 250, way: 'direct' });
  cleo.socket.close(1000);
  await cleo.untilClosed();
  text = await scrape();
  assert.equal(valueOf(text, 'farandole_waiting{pool="text"}'), 0);
  assert.equal(valueOf(text, 'farandole_calls'), 1);
  assert.equal(valueOf(text, 'farandole_time_to_match_seconds_count{mode="text"}'), 1);
  assert.equal(valueOf(text, 'farandole_relayed_messages_total{kind="chat"}'), 1);
  assert.equal(valueOf(text, 'farandole_sessions_total{event="session-opened"}'), 3);
  assert.equal(valueOf(text, 'farandole_closes_total{reason="left"}'), 1);

  ben.sendText('nonsense');
  await ben.untilClosed();
  await ana.next('call.ended');
  text = await scrape();
  assert.equal(valueOf(text, 'farandole_closes_total{reason="malformed"}'), 1);
  assert.equal(valueOf(text, 'farandole_calls'), 0);
  assert.match(text, /farandole_call_seconds_count\{mode="text",reason="[a-z-]+"\} 1\n/);
  assert.equal(valueOf(text, 'farandole_first_frame_seconds_sum{way="direct"}'), 0.25);
  assert.ok(valueOf(text, 'process_resident_memory_bytes') > 0);
});

test('serves metrics only if enabled, and only on their own port', async (t) => {
  const without = await startTestServer(t);
  assert.equal(without.metricsPort, null);
  assert.equal((await ask({ port: without.port, path: '/metrics' })).status, 404);
  const server = await startTestServer(t, { env: { FARANDOLE_METRICS_PORT: '0' } });
  const port = server.metricsPort ?? 0;
  assert.equal((await ask({ port: server.port, path: '/metrics' })).status, 404);
  assert.equal((await ask({ port, path: '/' })).status, 404);
  assert.equal((await ask({ port, path: '/metrics', method: 'POST' })).status, 405);
  // The metrics port listens on only one loopback address.
  await assert.rejects(ask({ port, host: '::1', path: '/metrics' }), /ECONNREFUSED|EADDRNOTAVAIL/);
  await assert.rejects(ask({ port, host: '127.0.0.2', path: '/metrics' }), /ECONNREFUSED/);
});

test('serves metrics to loopback host names only, with security headers', async (t) => {
  const server = await startTestServer(t, { env: { FARANDOLE_METRICS_PORT: '0' } });
  const port = server.metricsPort ?? 0;
  const scrape = (host: string) => ask({ port, path: '/metrics', headers: { Host: host } });
  for (const host of ['localhost', `localhost:${port}`, `127.0.0.1:${port}`, `[::1]:${port}`]) {
    assert.equal((await scrape(host)).status, 200, host);
  }
  // Without this check, a foreign page whose host name resolves to this machine could read the
  // metrics.
  for (const host of ['evil.example', `localhost.evil.example:${port}`, '0.0.0.0', 'localhost.']) {
    const refused = await scrape(host);
    assert.equal(refused.status, 421, host);
    assert.doesNotMatch(refused.text(), /farandole_/);
  }
  const { headers } = await scrape('localhost');
  for (const [name, value] of securityHeaders(false)) {
    assert.equal(headers[name.toLowerCase()], value);
  }
  assert.equal(headers['cache-control'], 'no-store');
});

test('separates the metrics of two servers in one process', async (t) => {
  const env = { FARANDOLE_METRICS_PORT: '0' };
  const first = await startTestServer(t, { env });
  const second = await startTestServer(t, { env });
  await new TestPage(t, first.port).start();
  const online = async (port: number | null): Promise<number> =>
    valueOf((await ask({ port: port ?? 0, path: '/metrics' })).text(), 'farandole_people_online');
  assert.equal(await online(first.metricsPort), 1);
  assert.equal(await online(second.metricsPort), 0);
});

test('shows how late the ticks since the last scrape ran', async () => {
  const metrics = new Metrics();
  const scrape = async (): Promise<readonly number[]> => {
    const { text } = await metrics.expose();
    const parts = ['min', 'max', 'mean', 'stddev', 'p50', 'p90', 'p99'];
    return parts.map((part) => valueOf(text, `nodejs_eventloop_lag_${part}_seconds`));
  };
  assert.deepEqual(await scrape(), [0, 0, 0, 0, 0, 0, 0]);
  let atMs = 1_000;
  metrics.ticked(atMs);
  for (const lateMs of [...Array<number>(97).fill(2), 40, 200]) {
    atMs += TICK_EVERY_MS + lateMs;
    metrics.ticked(atMs);
  }
  const [min, max, mean, stddev, p50, p90, p99] = (await scrape()).map((s) => s * 1_000);
  // The histogram rounds to two digits.
  const isNear = (ms = Number.NaN, expectedMs: number): boolean =>
    Math.abs(ms - expectedMs) <= expectedMs / 64;
  assert.equal(min, 0.001);
  assert.ok(isNear(max, 200) && isNear(p99, 40) && isNear(p50, 2) && isNear(p90, 2));
  assert.ok(isNear(mean, (97 * 2 + 240) / 100) && (stddev ?? 0) > 15);
  // A tick that comes early isn't late, and one that is hours late counts as the longest delay.
  metrics.ticked(atMs + 10);
  assert.equal((await scrape())[1], 1e-6);
  metrics.ticked(atMs + 5 * 3_600_000);
  assert.ok(isNear(((await scrape())[1] ?? 0) * 1_000, 3_600_000));
});

test('[CL-71] shows the bridges and moves of a node that works with others', async () => {
  const metrics = new Metrics();
  const cluster = { members: () => ({ size: 3 }), problem: null, broker: { gaps: 7 } };
  const sizes = { edges: 4, homes: 5, inDoubt: 6, given: 8, returned: 2 };
  metrics.addClusterGauges(cluster, { sizes }, () => 9);
  const { text } = await metrics.expose();
  const expected = {
    farandole_nodes: 3,
    farandole_node_fenced: 0,
    farandole_pool_epoch: 9,
    farandole_node_gaps_total: 7,
    'farandole_bridges{side="edge"}': 4,
    'farandole_bridges{side="home"}': 5,
    farandole_moves_in_doubt: 6,
    'farandole_moves_total{outcome="given"}': 8,
    'farandole_moves_total{outcome="returned"}': 2,
  };
  const seen = Object.keys(expected).map((line) => [line, valueOf(text, line)]);
  assert.deepEqual(Object.fromEntries(seen), expected);
});

test('asks for the token where one is set, at any host name', async (t) => {
  const token = 'a-token-of-this-test-alone';
  const env = {
    FARANDOLE_METRICS_PORT: '0',
    FARANDOLE_METRICS_ADDRESS: '127.0.0.1',
    FARANDOLE_METRICS_TOKEN: token,
  };
  const { metricsPort } = await startTestServer(t, { env });
  const port = metricsPort ?? 0;
  const statusWith = async (headers: Readonly<Record<string, string>>): Promise<number> =>
    (await ask({ port, path: '/metrics', headers: { Host: 'metrics.example.org', ...headers } }))
      .status;
  assert.equal(await statusWith({ Authorization: `Bearer ${token}` }), 200);
  assert.equal(await statusWith({}), 401);
  for (const wrong of [`Bearer ${token}x`, `Bearer ${token.slice(1)}`, token, `Basic ${token}`]) {
    assert.equal(await statusWith({ Authorization: wrong }), 401, wrong);
  }
});
