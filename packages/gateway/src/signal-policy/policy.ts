import { assertNever } from '@farandole/kernel/assert';
import type { Result } from '@farandole/kernel/result';
import { ok, refused } from '@farandole/kernel/result';
import type { RelayMode } from '@farandole/protocol/http-api';
import { canonicalAddresses, parseIpAddress } from './address.ts';
import { classifyAddress } from './address-kind.ts';
import type { AllowedCandidate, IceCandidate } from './candidate.ts';
import { CANDIDATE_PORT_MIN } from './limits.ts';

/** What the server itself knows of the place that a session's request came from. */
export interface SenderPlace {
  /** The socket's address, or the one that a listed proxy's header gave. */
  readonly clientAddress: string;
  /** The socket is a loopback one and its request carried no forwarding header. */
  readonly isLoopbackWithoutProxyHeader: boolean;
  /** Every address of this machine, read at this match: interfaces come and go. */
  readonly localInterfaceAddresses: readonly string[];
}

export interface SignalPolicyInput {
  readonly relayMode: RelayMode;
  /** Both people chose to connect directly, told what that shows. */
  readonly directConsent: boolean;
  readonly sender: SenderPlace;
  /** The addresses that the operator's TURN servers hand out as relayed ones. */
  readonly turnRelayAddresses: readonly string[];
}

/** What one side of a pair may tell the other about where it can be reached. */
export interface SignalPolicy {
  /** Canonical addresses that a host candidate may have beside mDNS names; null: no host at all. */
  readonly hostAddresses: ReadonlySet<string> | null;
  readonly allowsSrflx: boolean;
  /** Canonical addresses that a relay candidate may have. */
  readonly relayAddresses: ReadonlySet<string>;
}

/** Why a candidate went no further. A closed set without any address in it, fit for a metric. */
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

/** Where a candidate that passed points, normalised. */
export type JudgedCandidate = Pick<AllowedCandidate, 'type' | 'address' | 'port'> & {
  /** null for the mDNS name of a host candidate. */
  readonly family: 4 | 6 | null;
};

/** A random (version 4) UUID and `.local`: draft-ietf-mmusic-mdns-ice-candidates, section 3.1.1. */
const MDNS_NAME = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}\.local$/i;

const LOOPBACK_CLIENTS: ReadonlySet<string> = new Set(['127.0.0.1', '::1']);

/**
 * Whether the media of this pair may go from browser to browser: `direct` (a server without a
 * relay) and `fallback` (directly first) always, `until-consent` once both chose it, `always`
 * (over the relay) never.
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

/** The policy for what `sender` tells its partner. Each side of a pair has its own. */
export function signalPolicyFor(input: SignalPolicyInput): SignalPolicy {
  const isDirect = isDirectAllowed(input.relayMode, input.directConsent);
  return {
    hostAddresses: isDirect ? hostAddressesOf(input.sender) : null,
    allowsSrflx: isDirect,
    relayAddresses: canonicalAddresses(input.turnRelayAddresses),
  };
}

/**
 * A browser's interface addresses are believed only as far as the server can see them itself: the
 * address the person came from. Someone on this very machine came from loopback, which is none of
 * the addresses that their browser gathers, so for them it is any address of this machine. Where
 * a proxy that is not listed stands between, loopback is the proxy's and says nothing of anybody:
 * to the other browser it is its own machine.
 */
function hostAddressesOf(sender: SenderPlace): ReadonlySet<string> {
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
 * Whether a policy lets a candidate through, judged by itself; how many of them is the gate's
 * question. What comes back is normalised: a mapped address is IPv4, a name lower case.
 */
export function judgeCandidate(
  policy: SignalPolicy,
  candidate: IceCandidate,
): Result<JudgedCandidate, CandidateRefusal> {
  const { port } = candidate;
  // A TCP candidate makes the other browser open connections wherever it points.
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
      // Any other address would aim a relay, and the media with it, at a victim.
      if (address === null || !policy.relayAddresses.has(address.text)) {
        return refused('relay-address');
      }
      return ok({ type: 'relay', address: address.text, family: address.family, port });
    default:
      // A peer-reflexive candidate is discovered by the checks themselves, never signalled.
      return refused('type');
  }
}
