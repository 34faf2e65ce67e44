import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CandidateGate } from '@farandole/gateway/signal-policy/candidate-gate';
import {
  CANDIDATES_PER_GENERATION_MAX,
  ICE_GENERATIONS_PER_MATCH_MAX,
  SRFLX_PER_FAMILY_MAX,
} from '@farandole/gateway/signal-policy/limits';
import { signalPolicyFor } from '@farandole/gateway/signal-policy/policy';

function directGate(): CandidateGate {
  return new CandidateGate(
    signalPolicyFor({
      relayMode: 'direct',
      directConsent: false,
      sender: {
        clientAddress: '198.51.100.9',
        isLoopbackWithoutProxyHeader: false,
        localInterfaceAddresses: [],
      },
      turnRelayAddresses: ['203.0.113.40'],
    }),
  );
}

function pass(gate: CandidateGate, line: string): string {
  const passed = gate.pass(line);
  return passed.ok ? passed.value : passed.reason;
}

const host = (port: number, foundation = 'f'): string =>
  `candidate:${foundation} 1 udp 1 198.51.100.9 ${port} typ host`;
const srflx = (address: string, port = 5000): string =>
  `candidate:s 1 udp 1 ${address} ${port} typ srflx raddr 10.0.0.7 rport 5000`;

test('[SP-4, SP-15] a filtered candidate reveals nothing about its owner’s location', () => {
  const gate = directGate();
  assert.equal(
    pass(
      gate,
      'candidate:4170088246 1 UDP 58466815 203.0.113.40 49825 typ relay raddr 192.168.1.20 rport 34949 generation 0 ufrag fKkB network-id 1 network-cost 50',
    ),
    'candidate:1 1 udp 58466815 203.0.113.40 49825 typ relay raddr 0.0.0.0 rport 0 ufrag fKkB network-cost 50',
  );
  assert.equal(
    pass(gate, 'candidate:C0A80114 1 udp 7 9.9.9.9 05000 typ srflx raddr fd00::7 rport 5000 x y'),
    'candidate:2 1 udp 7 9.9.9.9 5000 typ srflx raddr 0.0.0.0 rport 0',
  );
});

test('[SP-4] renumbers candidate foundations; equal ones stay equal', () => {
  const gate = directGate();
  const foundationOf = (line: string): string | undefined => /^candidate:(\d+) /.exec(line)?.[1];
  assert.equal(foundationOf(pass(gate, host(5000, '77'))), '1');
  assert.equal(pass(gate, host(80, '78')), 'port', 'one that stays behind takes no number');
  assert.equal(foundationOf(pass(gate, host(5001, '79'))), '2');
  assert.equal(foundationOf(pass(gate, host(5002, '77'))), '1');
  assert.equal(foundationOf(pass(gate, host(5003, '__proto__'))), undefined);
});

test('[SP-9] accepts one server-reflexive candidate per address family', () => {
  assert.equal(SRFLX_PER_FAMILY_MAX, 1);
  const gate = directGate();
  assert.match(pass(gate, srflx('9.9.9.9')), / 9\.9\.9\.9 5000 typ srflx /);
  assert.equal(pass(gate, srflx('9.9.9.10')), 'srflx-second');
  assert.equal(pass(gate, srflx('9.9.9.9', 5001)), 'srflx-second');
  assert.equal(pass(gate, srflx('::ffff:9.9.9.11')), 'srflx-second');
  assert.match(pass(gate, srflx('2a00::1')), / 2a00::1 5000 typ srflx /);
  assert.equal(pass(gate, srflx('2a00::2')), 'srflx-second');
});

test('[SP-12] always relays the empty candidate line that ends the candidates', () => {
  const gate = directGate();
  for (let i = 0; i <= CANDIDATES_PER_GENERATION_MAX; i++) assert.equal(pass(gate, ''), '');
  assert.equal(pass(gate, ' '), 'malformed');
});

test('[SP-13] limits the number of candidates between two ICE restarts', () => {
  const gate = directGate();
  for (let i = 0; i < CANDIDATES_PER_GENERATION_MAX; i++) {
    assert.match(pass(gate, host(5000 + i)), /^candidate:/);
  }
  assert.equal(pass(gate, host(6000)), 'too-many');
  assert.equal(pass(gate, srflx('9.9.9.9')), 'too-many');
});

test('[SP-13] relays a repeated candidate without counting it again', () => {
  const gate = directGate();
  const first = pass(gate, srflx('9.9.9.9'));
  for (let i = 0; i < CANDIDATES_PER_GENERATION_MAX + 1; i++) {
    assert.equal(pass(gate, srflx('9.9.9.9')), first);
  }
  assert.match(pass(gate, host(5000)), /^candidate:2 /);
});

test('[SP-13] resets candidate counts only on an ICE restart', () => {
  const gate = directGate();
  gate.startGeneration(['abcd']);
  assert.match(pass(gate, srflx('9.9.9.9')), /^candidate:1 /);
  gate.startGeneration(['abcd']);
  assert.equal(pass(gate, srflx('9.9.9.10')), 'srflx-second');
  gate.startGeneration(['efgh']);
  assert.match(pass(gate, host(5000, 'other')), /^candidate:1 /);
  assert.match(pass(gate, srflx('9.9.9.10')), /^candidate:2 /);
});

test('[SP-13] limits the number of ICE restarts', () => {
  const gate = directGate();
  for (let i = 1; i <= ICE_GENERATIONS_PER_MATCH_MAX; i++) {
    gate.startGeneration([`ufrag${i}`]);
    assert.match(pass(gate, srflx(`9.9.9.${i}`)), /^candidate:/, `start ${i}`);
  }
  gate.startGeneration(['one-more']);
  assert.equal(pass(gate, srflx('9.9.9.200')), 'srflx-second');
  assert.match(
    pass(gate, host(5000)),
    /^candidate:/,
    'what is left of the last start still passes',
  );
});

test('[SP-14] refusal reasons are from a list and contain no candidate data', () => {
  const gate = directGate();
  const reasons = [
    pass(gate, 'x'.repeat(513)),
    pass(gate, 'candidate:198.51.100.77'),
    pass(gate, 'candidate:1 1 tcp 1 198.51.100.77 9 typ host tcptype active'),
    pass(gate, 'candidate:1 2 udp 1 198.51.100.77 5000 typ host'),
    pass(gate, 'candidate:1 1 udp 1 198.51.100.77 80 typ host'),
    pass(gate, 'candidate:1 1 udp 1 198.51.100.77 5000 typ prflx'),
    pass(gate, 'candidate:1 1 udp 1 198.51.100.77 5000 typ host'),
    pass(gate, 'candidate:1 1 udp 1 198.51.100.77 5000 typ srflx'),
    pass(gate, 'candidate:1 1 udp 1 198.51.100.77 5000 typ relay'),
  ];
  assert.deepEqual(reasons, [
    'too-long',
    'malformed',
    'transport',
    'component',
    'port',
    'type',
    'host-address',
    'srflx-not-global',
    'relay-address',
  ]);
});
