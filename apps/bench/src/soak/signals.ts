/** WebRTC signals that the node's filter accepts. No browser tries to connect with them. */

const DIGEST = Array.from({ length: 32 }, (_, index) => (index + 16).toString(16))
  .join(':')
  .toUpperCase();

export function descriptionOf(type: 'offer' | 'answer'): string {
  const lines = [
    'v=0',
    'o=- 2319420568656204996 2 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    'm=audio 9 UDP/TLS/RTP/SAVPF 111',
    'c=IN IP4 0.0.0.0',
    'a=rtcp-mux',
    'a=ice-ufrag:soak',
    'a=ice-pwd:bP4B2dnXD5jR24LW/WWMDuq8',
    `a=fingerprint:sha-256 ${DIGEST}`,
    `a=setup:${type === 'offer' ? 'actpass' : 'active'}`,
  ];
  return lines.map((line) => `${line}\r\n`).join('');
}

/**
 * Three ICE candidates: one with a local name, one with a public address, and the end of
 * candidates.
 */
export const CANDIDATES = [
  '1 1 udp 2122260223 4f0c1d6e-8a5b-4c3d-9e2f-7a1b6c5d4e3f.local 51724 typ host',
  '2 1 udp 1686052607 192.0.2.7 51725 typ srflx raddr 0.0.0.0 rport 0',
].map((rest) => ({ candidate: `candidate:${rest}`, sdpMid: '0', sdpMLineIndex: 0 }));
