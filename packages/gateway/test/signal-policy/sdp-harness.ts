import assert from 'node:assert/strict';
import { CandidateGate } from '@farandole/gateway/signal-policy/candidate-gate';
import { signalPolicyFor } from '@farandole/gateway/signal-policy/policy';
import type { FilteredSdp, SdpFilterOptions } from '@farandole/gateway/signal-policy/sdp';
import { filterSdp } from '@farandole/gateway/signal-policy/sdp';

/**
 * The signalling policy for a user on the node's machine, which is also the machine of the
 * fixtures.
 */
export const localPolicy = signalPolicyFor({
  relayMode: 'direct',
  directConsent: false,
  sender: {
    clientAddress: '127.0.0.1',
    isLoopbackWithoutProxyHeader: true,
    localInterfaceAddresses: ['192.0.2.2', 'fd00::2'],
  },
  turnRelayAddresses: [],
});

function options(change: Partial<SdpFilterOptions> = {}): SdpFilterOptions {
  const gate = new CandidateGate(localPolicy);
  return { type: 'offer', gate, candidates: 'strip', kinds: ['audio', 'video'], ...change };
}

export function filtered(text: string, change: Partial<SdpFilterOptions> = {}): FilteredSdp {
  const result = filterSdp(text, options(change));
  assert.ok(result.ok, result.ok ? '' : result.reason);
  return result.value;
}

export function refusal(text: string, change: Partial<SdpFilterOptions> = {}): string | null {
  const result = filterSdp(text, options(change));
  return result.ok ? null : result.reason;
}

export const DIGEST = Array.from({ length: 32 }, (_, i) =>
  (i + 160).toString(16).toUpperCase(),
).join(':');
const PASSWORD = 'bP4B2dnXD5jR24LW/WWMDuq8';

export const SESSION = ['v=0', 'o=- 2319420568656204996 2 IN IP4 0.0.0.0', 's=-', 't=0 0'];
export const TRANSPORT = [
  'a=ice-ufrag:YXOW',
  `a=ice-pwd:${PASSWORD}`,
  `a=fingerprint:sha-256 ${DIGEST}`,
  'a=setup:actpass',
];
/** `rtcp-mux` is the last line, so that the transport's other lines keep their positions. */
export const AUDIO = [
  'm=audio 9 UDP/TLS/RTP/SAVPF 111',
  'c=IN IP4 0.0.0.0',
  ...TRANSPORT,
  'a=rtcp-mux',
];
export const DATA = ['m=application 9 UDP/DTLS/SCTP webrtc-datachannel', 'c=IN IP4 0.0.0.0'];
export const VIDEO = [
  'm=video 9 UDP/TLS/RTP/SAVPF 96',
  'c=IN IP4 0.0.0.0',
  'a=rtcp-mux',
  ...TRANSPORT,
];

export const text = (...lines: readonly string[]): string =>
  lines.map((line) => `${line}\r\n`).join('');
export const minimal = text(...SESSION, ...AUDIO);
