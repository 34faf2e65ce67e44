import { assertNever } from '@farandole/kernel/assert';
import type { Result } from '@farandole/kernel/result';
import { ok, refused } from '@farandole/kernel/result';
import type { RelayMode } from '@farandole/protocol/http-api';
import { canonicalAddresses, parseIpAddress } from './address.ts';
import { classifyAddress } from './address-kind.ts';
import type { AllowedCandidate, IceCandidate } from './candidate.ts';
import { CANDIDATE_PORT_MIN } from './limits.ts';

/** The server's own knowledge of a session's location. */
export interface SenderAddresses {
  /** The socket's address, or that of a listed proxy's header. */
  readonly clientAddress: string;
  /** The socket is loopback and the request had no forwarding header. */
  readonly isLoopbackWithoutProxyHeader: boolean;
  /** All addresses of this machine, read at this match, since interfaces change. */
  readonly localInterfaceAddresses: readonly string[];
}

export interface SignalPolicyInput {
  readonly relayMode: RelayMode;
  /** Both users agreed to connect directly, knowing what it reveals. */
  readonly directConsent: boolean;
  readonly sender: SenderAddresses;
  readonly turnRelayAddresses: readonly string[];
}

export interface SignalPolicy {
  /** Allowed for host candidates besides mDNS names; null forbids host candidates. */
  readonly hostAddresses: ReadonlySet<string> | null;
  readonly allowsSrflx: boolean;
  /** Canonical addresses allowed for relay candidates. */
  readonly relayAddresses: ReadonlySet<string>;
}

/** Refusal reasons: a closed set without addresses, so that metrics can use it. */
export type CandidateRefusal =
  | 'too-long'
  | 'malformed'
  | 'transport'
  | 'component'
  | 'port'
  | 'type'
  | 'host-not-direct'
  | 'host-address'
  | 'srflx-not-direct'
  | 'srflx-not-global'
  | 'srflx-second'
  | 'relay-address'
  | 'too-many';

export type JudgedCandidate = Pick<AllowedCandidate, 'type' | 'address' | 'port'> & {
  /** Null for an mDNS name. */
  readonly family: 4 | 6 | null;
};

/** A random (version 4) UUID and `.local`: draft-ietf-mmusic-mdns-ice-candidates, section 3.1.1. */
const MDNS_NAME = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.local$/i;

const LOOPBACK_CLIENTS: ReadonlySet<string> = new Set(['127.0.0.1', '::1']);

/** `direct` and `fallback` always, `until-consent` after both agreed, `always` (relay) never. */
export function isDirectAllowed(relayMode: RelayMode, directConsent: boolean): boolean {
  switch (relayMode) {
    case 'direct':
    case 'fallback':
      return true;
    case 'until-consent':
      return directConsent;
    case 'always':
      return false;
    default:
      return assertNever(relayMode);
  }
}

/** The policy for what `sender` reveals. Each side of a pair has its own. */
export function signalPolicyFor(input: SignalPolicyInput): SignalPolicy {
  const isDirect = isDirectAllowed(input.relayMode, input.directConsent);
  return {
    hostAddresses: isDirect ? hostAddressesOf(input.sender) : null,
    allowsSrflx: isDirect,
    relayAddresses: canonicalAddresses(input.turnRelayAddresses),
  };
}

/**
 * The server only accepts interface addresses that it can verify: the user's client address. For a
 * user on this machine, whose client address is loopback, it accepts any local address. Behind an
 * unlisted proxy, loopback is the proxy's address, and to the peer's browser it means its own
 * machine.
 */
function hostAddressesOf(sender: SenderAddresses): ReadonlySet<string> {
  const own = canonicalAddresses([sender.clientAddress]);
  const isOnThisMachine =
    sender.isLoopbackWithoutProxyHeader && [...own].some((text) => LOOPBACK_CLIENTS.has(text));
  if (isOnThisMachine) {
    return canonicalAddresses([sender.clientAddress, ...sender.localInterfaceAddresses]);
  }
  const address = parseIpAddress(sender.clientAddress);
  return address !== null && classifyAddress(address) === 'loopback' ? new Set() : own;
}

/** Judges one candidate; the gate counts. A mapped address becomes IPv4, a name lower case. */
export function judgeCandidate(
  policy: SignalPolicy,
  candidate: IceCandidate,
): Result<JudgedCandidate, CandidateRefusal> {
  const { port } = candidate;
  // A TCP candidate makes the peer's browser open connections to any target.
  if (candidate.transport !== 'udp') return refused('transport');
  if (candidate.component !== 1) return refused('component');
  if (port < CANDIDATE_PORT_MIN) return refused('port');
  const address = parseIpAddress(candidate.address);
  switch (candidate.type) {
    case 'host':
      if (policy.hostAddresses === null) return refused('host-not-direct');
      if (address !== null && policy.hostAddresses.has(address.text)) {
        return ok({ type: 'host', address: address.text, family: address.family, port });
      }
      return MDNS_NAME.test(candidate.address)
        ? ok({ type: 'host', address: candidate.address.toLowerCase(), family: null, port })
        : refused('host-address');
    case 'srflx':
      if (!policy.allowsSrflx) return refused('srflx-not-direct');
      if (address === null || classifyAddress(address) !== 'global') {
        return refused('srflx-not-global');
      }
      return ok({ type: 'srflx', address: address.text, family: address.family, port });
    case 'relay':
      // Any other address would aim a relay and its media at a victim.
      if (address === null || !policy.relayAddresses.has(address.text)) {
        return refused('relay-address');
      }
      return ok({ type: 'relay', address: address.text, family: address.family, port });
    default:
      // Peer-reflexive candidates are discovered by checks, never signalled.
      return refused('type');
  }
}
