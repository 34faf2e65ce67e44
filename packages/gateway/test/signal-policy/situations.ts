import assert from 'node:assert/strict';
import type { SignalPolicy, SignalPolicyInput } from '@farandole/gateway/signal-policy/policy';
import { signalPolicyFor } from '@farandole/gateway/signal-policy/policy';
import type { MediaKind } from '@farandole/gateway/signal-policy/sdp';
import type { Expectation } from './oracle.ts';

/**
 * Names for two more cases besides the candidate types: a host candidate with an mDNS name, and
 * a whole description.
 */
export const MDNS = 'name';
export const DESCRIPTION = 'description';

const RELAYS = ['203.0.113.40'];

/** A signalling policy, and what the oracle allows a filter with this policy to pass. */
export interface Situation {
  readonly name: string;
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
const behindProxy = { ...onThisMachine, isLoopbackWithoutProxyHeader: false };
const from = (clientAddress: string): SignalPolicyInput['sender'] => ({
  ...behindProxy,
  clientAddress,
});
const relayed = { hosts: null, srflx: false, relays: RELAYS };
const direct = { srflx: true, relays: RELAYS };

const SITUATIONS: readonly Situation[] = [
  {
    name: 'directly, from an IPv4 address',
    policy: signalPolicyFor(input({})),
    expected: { ...direct, hosts: ['198.51.100.9'] },
  },
  {
    name: 'directly, on this machine, without a relay',
    policy: signalPolicyFor(input({ sender: onThisMachine, turnRelayAddresses: [] })),
    expected: { ...direct, hosts: onThisMachine.localInterfaceAddresses, relays: [] },
  },
  {
    name: 'over the relay until both agree, who have not',
    policy: signalPolicyFor(input({ relayMode: 'until-consent', sender: onThisMachine })),
    expected: relayed,
  },
  {
    name: 'over the relay always, though both agree',
    policy: signalPolicyFor(input({ relayMode: 'always', directConsent: true })),
    expected: relayed,
  },
  {
    name: 'directly first',
    policy: signalPolicyFor(input({ relayMode: 'fallback' })),
    expected: { ...direct, hosts: ['198.51.100.9'] },
  },
  {
    name: 'over the relay until both agree, who have',
    policy: signalPolicyFor(input({ relayMode: 'until-consent', directConsent: true })),
    expected: { ...direct, hosts: ['198.51.100.9'] },
  },
  {
    name: 'directly, from an IPv6 address in another spelling',
    policy: signalPolicyFor(input({ sender: from('2A00:0::1') })),
    expected: { ...direct, hosts: ['2a00::1'] },
  },
  {
    name: 'directly first, from an IPv6 address of the same network',
    policy: signalPolicyFor(input({ relayMode: 'fallback', sender: from('fd00::2') })),
    expected: { ...direct, hosts: ['fd00::2'] },
  },
  {
    name: 'directly, behind a proxy that is not listed',
    policy: signalPolicyFor(input({ sender: behindProxy })),
    expected: { ...direct, hosts: [] },
  },
  {
    name: 'after both agreed, behind such a proxy on IPv6',
    policy: signalPolicyFor(
      input({ relayMode: 'until-consent', directConsent: true, sender: from('::1') }),
    ),
    expected: { ...direct, hosts: [] },
  },
];

/**
 * Each combination of policy and candidate type that may pass. The tests require that each
 * passes at least once, because a filter that passes nothing can't leak.
 */
export const WAYS: readonly string[] = SITUATIONS.flatMap(({ name, expected }) => {
  const { hosts, srflx, relays } = expected;
  const ways: string[] = [DESCRIPTION];
  if (hosts !== null) ways.push(MDNS);
  if (hosts !== null && hosts.length > 0) ways.push('host');
  if (srflx) ways.push('srflx');
  if (relays.length > 0) ways.push('relay');
  return ways.map((what) => wayOf(name, what));
});

/**
 * Names a policy together with what may pass it.
 * @param what a candidate type, `MDNS` or `DESCRIPTION`
 */
export function wayOf(situation: string, what: string): string {
  return `${situation}: ${what}`;
}

export function situationOf(seed: number): Situation {
  const found = SITUATIONS[seed % SITUATIONS.length];
  assert.ok(found !== undefined);
  return found;
}

/** Returns the media lines that the call's mode allows: only sound in every third call. */
export function kindsOf(seed: number): readonly MediaKind[] {
  return seed % 3 === 0 ? ['audio'] : ['audio', 'video'];
}
