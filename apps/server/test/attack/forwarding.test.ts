import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ask } from '@farandole/e2e/http';
import { SESSION_TICKET_PATH } from '@farandole/protocol/http-api';
import { budgetRows, requestUs } from '../../src/budgets.ts';
import { FORWARDING_HEADERS } from '../../src/net/remote-address.ts';
import { madeUpTicket } from '../support/handshake.ts';
import { besiege } from './support/siege.ts';
import { attackByTcp, upgradeRequest } from './support/tcp.ts';

const PROXY = '127.50.0.1';
const INNER_PROXY = '127.50.1.1';
const NO_PROXY = '127.51.0.1';
const LISTED = { FARANDOLE_TRUSTED_PROXIES: `${PROXY},${INNER_PROXY}` };

const FAR = '198.51.100.7';

type Lines = readonly string[];

/**
 * Location that the server assumes for the client: `here` is this machine, `far` another machine
 * over plain HTTP, and `tls` another machine over TLS.
 */
type ClientKind = 'here' | 'far' | 'tls';

const claim = (address: string): string => `X-Forwarded-For: ${address}`;
const overTls = 'X-Forwarded-Proto: https';

const ROWS: readonly (readonly [from: string, lines: Lines, place: ClientKind])[] = [
  // The server ignores forwarding headers of a peer that isn't a listed proxy.
  ...FORWARDING_HEADERS.map((name) => [NO_PROXY, [`${name}: ${FAR}`], 'here'] as const),
  [NO_PROXY, [overTls], 'here'],
  [NO_PROXY, [claim(FAR), overTls], 'here'],
  [NO_PROXY, [claim(`${FAR}, ${PROXY}`), overTls], 'here'],
  [NO_PROXY, [`Forwarded: for=${FAR};proto=https;by=${PROXY}`], 'here'],
  // The server reads only `X-Forwarded-For` and `X-Forwarded-Proto` of a listed proxy.
  [PROXY, [], 'here'],
  [PROXY, [claim(FAR)], 'far'],
  [PROXY, [claim(FAR), overTls], 'tls'],
  [PROXY, [`Forwarded: for=${FAR};proto=https`], 'here'],
  [PROXY, [`X-Real-IP: ${FAR}`], 'here'],
  [PROXY, [`CF-Connecting-IP: ${FAR}`, `True-Client-IP: ${FAR}`], 'here'],
  [PROXY, ['X-Forwarded-Host: evil.example', claim(FAR), overTls], 'tls'],
  // The client's address is the rightmost one in the header that isn't a listed proxy's.
  [PROXY, [claim(`${PROXY}, ${FAR}, ${INNER_PROXY}`)], 'far'],
  [PROXY, [claim('127.0.0.1'), claim(FAR)], 'far'],
  [PROXY, [claim(`127.0.0.1,`.repeat(500) + FAR)], 'far'],
  // If the header lists several protocols, the last proxy's applies.
  [PROXY, [claim(FAR), 'X-Forwarded-Proto: http, https'], 'tls'],
  [PROXY, [claim(FAR), 'X-Forwarded-Proto: https://'], 'far'],
  [PROXY, [claim(FAR), 'X-Forwarded-Proto:'], 'far'],
  // The valid spellings of an IPv6 address are accepted, and the invalid ones aren't.
  [PROXY, [claim('2001:db8::7')], 'far'],
  [PROXY, [claim('[2001:db8::7]:443')], 'far'],
  [PROXY, [claim('[2001:db8::7]')], 'far'],
  [PROXY, [claim('[2001:db8::7]:x')], 'here'],
  [PROXY, [claim('2001:db8::7:443')], 'far'],
  [PROXY, [claim('[127.0.0.1]:80')], 'here'],
  [PROXY, [claim('fe80::1%eth0')], 'here'],
  [PROXY, [claim('::ffff:127.0.0.1')], 'here'],
  // Only a client can send an invalid address, because a proxy writes valid ones.
  [PROXY, [claim('unknown')], 'here'],
  [PROXY, [claim('_hidden')], 'here'],
  [PROXY, [claim(`${FAR}:80`)], 'far'],
  [PROXY, [claim(`${FAR}:`)], 'here'],
  [PROXY, [claim(`${FAR}:123456`)], 'here'],
  [PROXY, [claim(`"${FAR}:80"`)], 'far'],
  [PROXY, [claim(`"${FAR}`)], 'here'],
  [PROXY, [claim('0xc6.51.100.7')], 'here'],
  [PROXY, [claim('198.51.100.007')], 'here'],
  [PROXY, [claim('3325256711')], 'here'],
];

function clientKindIn(answer: string): ClientKind {
  if (answer.startsWith('HTTP/1.1 426 ')) return 'far';
  return /^strict-transport-security:/im.test(answer) ? 'tls' : 'here';
}

test("ignores every forwarding header of a sender that isn't a listed proxy", async (t) => {
  const siege = await besiege(t, { env: LISTED });
  const { port } = siege.server;
  const found: [string, Lines, ClientKind][] = [];
  await siege.withstand(async () => {
    for (const [from, lines] of ROWS) {
      const attacker = await attackByTcp(t, port, from);
      attacker.socket.once('data', () => attacker.socket.end());
      const head = ['GET / HTTP/1.1', `Host: localhost:${port}`, ...lines];
      attacker.socket.write(`${head.join('\r\n')}\r\n\r\n`, 'latin1');
      const answer = await attacker.ended;
      assert.match(answer, /^HTTP\/1\.1 (?:200|426) /, lines.join());
      found.push([from, lines, clientKindIn(answer)]);
      // WebSocket upgrades follow the same rule as HTTP requests.
      const upgrading = await attackByTcp(t, port, from);
      upgrading.socket.once('data', () => upgrading.socket.end());
      upgrading.socket.write(upgradeRequest(port, await madeUpTicket(port), lines), 'latin1');
      const isFar = clientKindIn(answer) === 'far';
      assert.match(await upgrading.ended, isFar ? /^HTTP\/1\.1 426 / : /^HTTP\/1\.1 101 /);
    }
  }, ['proxy-not-listed']);
  assert.deepEqual(found, ROWS);
  const said = siege.server.log().filter(({ event }) => event === 'proxy-not-listed');
  assert.equal(said.length, 1, 'an operator is told once');
  assert.ok(!siege.server.output().includes(FAR));
  await siege.canary.stop();
});

test("counts requests with forged addresses against the sender's own network", async (t) => {
  const siege = await besiege(t, {
    env: { ...LISTED, FARANDOLE_CONNECTIONS_PER_NETWORK_MAX: '4' },
  });
  const { port } = siege.server;
  const { requests } = budgetRows({ connectionsMax: 20_000, connectionsPerNetworkMax: 4 });
  const allowed = requests.networkMax / requestUs(SESSION_TICKET_PATH);
  const statusOf = async (from: string, headers: Readonly<Record<string, string>>) => {
    const own = { Origin: `http://localhost:${port}`, 'Content-Type': 'application/json' };
    const all = { ...own, ...headers };
    const body = '{}';
    return (
      await ask({ method: 'POST', port, path: SESSION_TICKET_PATH, from, headers: all, body })
    ).status;
  };
  await siege.withstand(async () => {
    for (let i = 0; i < allowed; i++) {
      assert.equal(await statusOf(NO_PROXY, { 'X-Forwarded-For': `203.0.${i}.1` }), 200);
    }
    for (const name of FORWARDING_HEADERS) {
      // The budget may refill a little while a slow server handles the requests.
      while ((await statusOf(NO_PROXY, {})) === 200);
      assert.equal(await statusOf(NO_PROXY, { [name]: '203.0.113.200' }), 429, name);
    }
    // Behind a listed proxy each network has its own limit, whatever addresses a client prepends
    // to the header.
    const behind = (hops: string) =>
      statusOf(PROXY, { 'X-Forwarded-For': hops, 'X-Forwarded-Proto': 'https' });
    for (let i = 0; i < allowed; i++) {
      assert.equal(await behind(`10.0.0.${i}, 203.0.113.${i}`), 200);
    }
    assert.equal(await behind('192.0.2.1, 203.0.113.99'), 429);
    assert.equal(await behind('203.0.114.1'), 200);
  }, ['proxy-not-listed']);
  await siege.canary.stop();
});
