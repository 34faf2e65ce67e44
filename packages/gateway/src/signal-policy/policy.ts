import { assertNever } from '@farandole/kernel/assert';
import type { Result } from '@farandole/kernel/result';
import { ok, refused } from '@farandole/kernel/result';
import type { RelayMode } from '@farandole/protocol/http-api';
import { canonicalAddresses, parseIpAddress } from './address.ts';
import { classifyAddress } from './address-kind.ts';
import type { AllowedCandidate, IceCandidate } from './candidate.ts';
import { CANDIDATE_PORT_MIN } from './limits.ts';

/** The addresses of a candidate's sender that the server itself knows. */
export interface SenderAddresses {
  /** The client's IP address, read from the header of a trusted proxy or else from the socket. */
  readonly clientAddress: string;
  /** True if the socket's address is loopback and the request has no forwarding header. */
  readonly isLoopbackWithoutProxyHeader: boolean;
  /**
   * All addresses of the node's machine. Read for each match, because network interfaces change.
   */
  readonly localInterfaceAddresses: readonly string[];
}

export interface SignalPolicyInput {
  readonly relayMode: RelayMode;
  /**
   * True if both users agreed to connect directly and know that a direct connection reveals
   * their addresses.
   */
  readonly directConsent: boolean;
  readonly sender: SenderAddresses;
  readonly turnRelayAddresses: readonly string[];
}

export interface SignalPolicy {
  /**
   * IP addresses accepted in host candidates, in addition to mDNS names. Null if all host
   * candidates are forbidden.
   */
  readonly hostAddresses: ReadonlySet<string> | null;
  readonly allowsSrflx: boolean;
  /** Canonical IP addresses accepted in relay candidates. */
  readonly relayAddresses: ReadonlySet<string>;
}

/**
 * Why the filter refuses a candidate. The set of reasons is closed and contains no address, so
 * that metrics can use it.
 */
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
  /** IP version of the candidate's address. Null for an mDNS name. */
  readonly family: 4 | 6 | null;
};

/**
 * A random (version 4) UUID and `.local`, as in draft-ietf-mmusic-mdns-ice-candidates, section
 * 3.1.1.
 */
const MDNS_NAME = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.local$/i;

const LOOPBACK_CLIENTS: ReadonlySet<string> = new Set(['127.0.0.1', '::1']);

/**
 * Whether users may connect directly. Depends on the relay mode: `direct` and `fallback` always
 * allow it, `until-consent` allows it after both users agreed, and `always` (always relay) never
 * does.
 */
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

/**
 * Returns the policy for what `sender` may reveal to the peer. Each user of a pair has a
 * separate policy.
 */
export function signalPolicyFor(input: SignalPolicyInput): SignalPolicy {
  const isDirect = isDirectAllowed(input.relayMode, input.directConsent);
  return {
    hostAddresses: isDirect ? hostAddressesOf(input.sender) : null,
    allowsSrflx: isDirect,
    relayAddresses: canonicalAddresses(input.turnRelayAddresses),
  };
}

/**
 * Returns the interface addresses that the server accepts in host candidates. It accepts only
 * addresses it can verify, so normally only the user's client address. For a user on the node's
 * machine, whose client address is loopback, it accepts all addresses of the machine. If the
 * proxy isn't trusted, it accepts no loopback address, because that is the proxy's address and
 * would point the peer's browser at the peer's own machine.
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

/**
 * Checks one candidate against the policy, without counting. An IPv4-mapped address becomes
 * IPv4, and an mDNS name becomes lower case.
 */
export function judgeCandidate(
  policy: SignalPolicy,
  candidate: IceCandidate,
): Result<JudgedCandidate, CandidateRefusal> {
  const { port } = candidate;
  // Refuses TCP, because a TCP candidate makes the peer's browser open connections to any target.
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
      // Refuses relay addresses that aren't configured, because a sender could direct the peer's
      // media to a victim's address.
      if (address === null || !policy.relayAddresses.has(address.text)) {
        return refused('relay-address');
      }
      return ok({ type: 'relay', address: address.text, family: address.family, port });
    default:
      // Refuses peer-reflexive candidates, because browsers discover them by connectivity checks
      // and never signal them.
      return refused('type');
  }
}
