import assert from 'node:assert/strict';
import type { SignalPolicy, SignalPolicyInput } from '@farandole/gateway/signal-policy/policy';
import { signalPolicyFor } from '@farandole/gateway/signal-policy/policy';
import type { Expectation } from './oracle.ts';

const RELAYS = ['203.0.113.40'];

/** A policy, and what the oracle says may be seen under it. */
export interface Situation {
  readonly policy: SignalPolicy;
  readonly expected: Omit<Expectation, 'candidates'>;
}

const input = (change: Partial<SignalPolicyInput>): SignalPolicyInput => ({
  relayMode: 'direct',
  directConsent: false,
  sender: {
    clientAddress: '::ffff:198.51.100.9',
    isLoopbackWithoutProxyHeader: false,
    localInterfaceAddresses: ['127.0.0.1', '192.0.2.2', 'fd00::2'],
  },
  turnRelayAddresses: RELAYS,
  ...change,
});

const onThisMachine = {
  clientAddress: '127.0.0.1',
  isLoopbackWithoutProxyHeader: true,
  localInterfaceAddresses: ['127.0.0.1', '::1', '192.0.2.2', 'fd00::2'],
};
const relayed = { hosts: null, srflx: false, relays: RELAYS };

const SITUATIONS: readonly Situation[] = [
  {
    policy: signalPolicyFor(input({})),
    expected: { hosts: ['198.51.100.9'], srflx: true, relays: RELAYS },
  },
  {
    policy: signalPolicyFor(input({ sender: onThisMachine, turnRelayAddresses: [] })),
    expected: { hosts: onThisMachine.localInterfaceAddresses, srflx: true, relays: [] },
  },
  {
    policy: signalPolicyFor(input({ relayMode: 'until-consent', sender: onThisMachine })),
    expected: relayed,
  },
  {
    policy: signalPolicyFor(input({ relayMode: 'always', directConsent: true })),
    expected: relayed,
  },
];

/** One of the situations, each as often as another. */
export function situationOf(seed: number): Situation {
  const found = SITUATIONS[seed % SITUATIONS.length];
  assert.ok(found !== undefined);
  return found;
}
