import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseCandidate } from '@farandole/gateway/signal-policy/candidate';
import { CANDIDATE_PORT_MIN } from '@farandole/gateway/signal-policy/limits';
import type { SenderAddresses, SignalPolicy } from '@farandole/gateway/signal-policy/policy';
import {
  isDirectAllowed,
  judgeCandidate,
  signalPolicyFor,
} from '@farandole/gateway/signal-policy/policy';
import type { RelayMode } from '@farandole/protocol/http-api';

const REMOTE: SenderAddresses = {
  clientAddress: '::ffff:198.51.100.9',
  isLoopbackWithoutProxyHeader: false,
  localInterfaceAddresses: ['127.0.0.1', '192.168.7.2', '::1'],
};
const RELAY_ADDRESS = '203.0.113.40';
const MDNS = '5b266e35-1796-414f-ab13-f3c5485f10cb.local';

function policy(change: {
  relayMode?: RelayMode;
  directConsent?: boolean;
  sender?: Partial<SenderAddresses>;
}): SignalPolicy {
  return signalPolicyFor({
    relayMode: change.relayMode ?? 'direct',
    directConsent: change.directConsent ?? false,
    sender: { ...REMOTE, ...change.sender },
    turnRelayAddresses: [RELAY_ADDRESS, '2001:DB8:0::40', 'not an address'],
  });
}

interface Shape {
  readonly transport?: string;
  readonly component?: number;
  readonly port?: number;
}

/** Returns the address as the peer receives it, or 'refused: ' and the reason. */
function judge(by: SignalPolicy, type: string, address: string, shape: Shape = {}): string {
  const { transport = 'udp', component = 1, port = 50_000 } = shape;
  const parsed = parseCandidate(
    `candidate:1 ${component} ${transport} 1 ${address} ${port} typ ${type}`,
  );
  assert.ok(parsed.ok);
  const judged = judgeCandidate(by, parsed.value);
  if (!judged.ok) return `refused: ${judged.reason}`;
  assert.equal(judged.value.type, type);
  assert.equal(judged.value.port, port);
  return judged.value.address;
}

test('[SP-5] accepts only UDP candidates of component 1 with unprivileged ports', () => {
  const direct = policy({});
  const of = (shape: Shape): string => judge(direct, 'host', '198.51.100.9', shape);
  assert.equal(of({ transport: 'UDP' }), '198.51.100.9');
  for (const transport of ['tcp', 'TCP', 'udp6', 'tls']) {
    assert.equal(of({ transport }), 'refused: transport');
  }
  assert.equal(of({ component: 2 }), 'refused: component');
  assert.equal(of({ port: CANDIDATE_PORT_MIN }), '198.51.100.9');
  assert.equal(of({ port: CANDIDATE_PORT_MIN - 1 }), 'refused: port');
  for (const port of [0, 9, 53, 443]) assert.equal(of({ port }), 'refused: port');
  for (const type of ['srflx', 'relay']) {
    const address = type === 'relay' ? RELAY_ADDRESS : '9.9.9.9';
    assert.equal(judge(direct, type, address, { transport: 'tcp' }), 'refused: transport');
    assert.equal(judge(direct, type, address, { component: 2 }), 'refused: component');
    assert.equal(judge(direct, type, address, { port: 1023 }), 'refused: port');
  }
});

test('[SP-5] accepts only candidates of type host, srflx and relay', () => {
  for (const type of ['prflx', 'HOST', 'local', 'relayed', '__proto__', 'constructor']) {
    assert.equal(judge(policy({}), type, '198.51.100.9'), 'refused: type');
  }
});

test('[SP-6] allows direct connections depending on relay mode and consent', () => {
  const table: readonly (readonly [RelayMode, without: boolean, with_: boolean])[] = [
    ['direct', true, true],
    ['fallback', true, true],
    ['until-consent', false, true],
    ['always', false, false],
  ];
  for (const [mode, without, withConsent] of table) {
    assert.equal(isDirectAllowed(mode, false), without, mode);
    assert.equal(isDirectAllowed(mode, true), withConsent, mode);
  }
});

test('[SP-7] accepts the client’s own address in a host candidate in any notation', () => {
  const direct = policy({});
  assert.equal(judge(direct, 'host', '198.51.100.9'), '198.51.100.9');
  assert.equal(judge(direct, 'host', '::ffff:198.51.100.9'), '198.51.100.9');
  assert.equal(judge(direct, 'host', '::ffff:c633:6409'), '198.51.100.9');
  const overIpv6 = policy({ sender: { clientAddress: '2001:DB8:0:0::7' } });
  assert.equal(judge(overIpv6, 'host', '2001:db8::7'), '2001:db8::7');
  assert.equal(judge(overIpv6, 'host', '2001:0db8:0::0007'), '2001:db8::7');
  assert.equal(judge(overIpv6, 'host', '198.51.100.9'), 'refused: host-address');
  for (const address of ['198.51.100.8', '192.168.7.2', '127.0.0.1', '::1', '9.9.9.9', '127.1']) {
    assert.equal(judge(direct, 'host', address), 'refused: host-address', address);
  }
});

test('[SP-7] accepts only version 4 UUIDs under .local as host names', () => {
  const direct = policy({});
  assert.equal(judge(direct, 'host', MDNS), MDNS);
  assert.equal(judge(direct, 'host', MDNS.toUpperCase()), MDNS);
  const others = [
    'printer.local',
    'localhost',
    'example.org',
    '.local',
    MDNS.replace('local', 'org'),
  ];
  others.push(MDNS.replace('-414f', '-114f'), MDNS.replace('-ab13', '-cb13'));
  others.push(`x${MDNS}`, `${MDNS}.`, `${MDNS}x`, MDNS.replaceAll('-', ''), `${MDNS}%eth0`);
  for (const address of others) {
    assert.equal(judge(direct, 'host', address), 'refused: host-address', address);
  }
  for (const type of ['srflx', 'relay']) assert.match(judge(direct, type, MDNS), /^refused: /);
});

test('[SP-7] accepts only mDNS host candidates if the client’s address is invalid', () => {
  for (const clientAddress of ['', 'unknown', 'fe80::1%eth0']) {
    const direct = policy({ sender: { clientAddress } });
    assert.equal(judge(direct, 'host', MDNS), MDNS);
    assert.equal(judge(direct, 'host', 'fe80::1'), 'refused: host-address');
    assert.equal(judge(direct, 'host', 'fe80::1%eth0'), 'refused: host-address');
  }
});

test('[SP-8] accepts all local addresses for a user on the node’s machine', () => {
  for (const clientAddress of ['127.0.0.1', '::1', '::ffff:127.0.0.1']) {
    const direct = policy({ sender: { clientAddress, isLoopbackWithoutProxyHeader: true } });
    for (const address of ['127.0.0.1', '::1', '192.168.7.2']) {
      assert.equal(judge(direct, 'host', address), address);
    }
    for (const address of ['192.168.7.3', '127.0.0.2', '198.51.100.9']) {
      assert.equal(judge(direct, 'host', address), 'refused: host-address', address);
    }
  }
});

test('[SP-8] accepts no local address from remote or proxied users', () => {
  const proxied = { clientAddress: '127.0.0.1', isLoopbackWithoutProxyHeader: false };
  const claimed = { clientAddress: '198.51.100.9', isLoopbackWithoutProxyHeader: true };
  for (const sender of [proxied, claimed, { ...claimed, clientAddress: '127.0.0.2' }]) {
    const direct = policy({ sender });
    assert.equal(judge(direct, 'host', '192.168.7.2'), 'refused: host-address');
    assert.equal(judge(direct, 'host', '::1'), 'refused: host-address');
    assert.equal(judge(direct, 'host', '127.0.0.1'), 'refused: host-address');
    assert.equal(judge(direct, 'host', '127.0.0.2'), 'refused: host-address');
    assert.equal(judge(direct, 'host', MDNS), MDNS);
  }
});

test('[SP-9] requires a global address for a server-reflexive candidate', () => {
  const direct = policy({});
  assert.equal(judge(direct, 'srflx', '9.9.9.9'), '9.9.9.9');
  assert.equal(judge(direct, 'srflx', '::ffff:9.9.9.9'), '9.9.9.9');
  assert.equal(judge(direct, 'srflx', '2A00:0:0::1'), '2a00::1');
  const others = ['10.0.0.1', '127.0.0.1', '169.254.169.254', '100.64.0.1', '224.0.0.1'];
  others.push('::ffff:169.254.169.254', '64:ff9b::7f00:1', '2002:7f00:1::', '::1', 'fd00::1');
  others.push('fe80::1', 'fe80::1%eth0', 'example.org', '0x09090909', '0.0.0.0', '::');
  for (const address of others) {
    assert.equal(judge(direct, 'srflx', address), 'refused: srflx-not-global', address);
  }
  const local = policy({
    sender: { clientAddress: '127.0.0.1', isLoopbackWithoutProxyHeader: true },
  });
  assert.equal(judge(local, 'srflx', '192.168.7.2'), 'refused: srflx-not-global');
});

test('[SP-10] requires a configured address for a relay candidate', () => {
  for (const relayMode of ['direct', 'until-consent', 'always', 'fallback'] as const) {
    const by = policy({ relayMode });
    assert.equal(judge(by, 'relay', RELAY_ADDRESS), RELAY_ADDRESS);
    assert.equal(judge(by, 'relay', `::ffff:${RELAY_ADDRESS}`), RELAY_ADDRESS);
    assert.equal(judge(by, 'relay', '2001:db8:0:0::40'), '2001:db8::40');
    for (const address of ['203.0.113.41', '198.51.100.9', '9.9.9.9', 'example.org', '127.0.0.1']) {
      assert.equal(judge(by, 'relay', address), 'refused: relay-address', address);
    }
  }
});

test('[SP-11] accepts only relay candidates if direct connections are forbidden', () => {
  const sender = { clientAddress: '127.0.0.1', isLoopbackWithoutProxyHeader: true };
  const relayed = [
    policy({ relayMode: 'always', directConsent: true, sender }),
    policy({ relayMode: 'until-consent', sender }),
  ];
  for (const by of relayed) {
    for (const address of ['127.0.0.1', '198.51.100.9', MDNS, RELAY_ADDRESS]) {
      assert.equal(judge(by, 'host', address), 'refused: host-not-direct');
    }
    assert.equal(judge(by, 'srflx', '9.9.9.9'), 'refused: srflx-not-direct');
    assert.equal(judge(by, 'relay', RELAY_ADDRESS), RELAY_ADDRESS);
  }
  const agreed = policy({ relayMode: 'until-consent', directConsent: true });
  assert.equal(judge(agreed, 'host', '198.51.100.9'), '198.51.100.9');
  assert.equal(judge(agreed, 'srflx', '9.9.9.9'), '9.9.9.9');
});
