import { type Packet, UDP } from './packets.ts';
import { ATTRIBUTE, decodeMessage } from './stun-message.ts';

/**
 * DNS, whose packets begin with a random number, and HTTP/3, whose packets look like channel data.
 * The browser uses both for itself.
 */
const OTHER_PORTS: ReadonlySet<number> = new Set([53, 443]);
const CHANNEL_HEADER_BYTES = 4;
const RTP_HEADER_BYTES = 12;

/**
 * Counts the RTP packets that an address sent, by payload type. The header of an RTP packet isn't
 * encrypted (RFC 3711). Also finds packets on their way to a TURN server, in channel data or in a
 * Send indication.
 */
export function sentMedia(
  packets: readonly Packet[],
  address: string,
): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const { ip, ports, payload } of packets) {
    if (ip?.protocol !== UDP || ip.source !== address) continue;
    if (OTHER_PORTS.has(ports?.destination ?? 0)) continue;
    const type = payloadTypeOf(unwrapped(payload));
    if (type !== null) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return counts;
}

/** Returns what a packet to a TURN server (RFC 8656) carries to the peer, or the packet itself. */
function unwrapped(payload: Buffer): Buffer {
  const first = payload[0] ?? 0;
  if (first >= 64 && first <= 79 && payload.length >= CHANNEL_HEADER_BYTES) {
    const length = payload.readUInt16BE(2);
    return payload.subarray(CHANNEL_HEADER_BYTES, CHANNEL_HEADER_BYTES + length);
  }
  const data = decodeMessage(payload)?.attributes.find(({ type }) => type === ATTRIBUTE.data);
  return data?.value ?? payload;
}

/** Returns the payload type of an RTP packet. Null for RTCP and other protocols (RFC 7983, 5761). */
function payloadTypeOf(packet: Buffer): number | null {
  const [first = 0, second = 0] = packet;
  const isRtcp = second >= 192 && second <= 223;
  if (packet.length < RTP_HEADER_BYTES || first < 128 || first > 191 || isRtcp) return null;
  return second & 0x7f;
}
