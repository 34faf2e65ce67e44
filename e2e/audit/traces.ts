import { bytesOf } from './address-bytes.ts';
import { type Packet, UDP } from './packets.ts';
import {
  ATTRIBUTE,
  decodeMessage,
  isStun,
  readXorAddress,
  type StunMessage,
  valueOf,
} from './stun-message.ts';

/** Numbers of packets that contain an address, by how they contain it. */
export interface Traces {
  /** Number of packets that have the address as source or destination. */
  readonly endpoint: number;
  /**
   * Number of packets that contain the address as bytes, in unencrypted data or in a STUN
   * attribute.
   */
  readonly binary: number;
  /** Number of packets that contain the address as text, anywhere. */
  readonly text: number;
}

export const NO_TRACES: Traces = { endpoint: 0, binary: 0, text: 0 };

/**
 * Counts the packets that contain an address. Ciphertext is searched only for text, because any
 * four bytes match random data once in about 2^32 positions.
 */
export function findTraces(packets: readonly Packet[], address: string): Traces {
  const bytes = bytesOf(address);
  const count = (isFound: (packet: Packet) => boolean): number => packets.filter(isFound).length;
  return {
    endpoint: count(({ ip }) => ip?.source === address || ip?.destination === address),
    binary: count((packet) => {
      const { plain, addresses } = readableIn(packet);
      return addresses.includes(address) || plain.some((part) => part.includes(bytes));
    }),
    text: count(({ frame }) => frame.includes(address)),
  };
}

export function endpointsOf(packets: readonly Packet[]): ReadonlySet<string> {
  return new Set(packets.flatMap(({ ip }) => (ip === null ? [] : [ip.source, ip.destination])));
}

interface Readable {
  readonly plain: Buffer[];
  /** Addresses in XOR attributes, which a search for bytes would miss. */
  readonly addresses: string[];
}

function readableIn({ ip, ports, payload }: Packet): Readable {
  if (ip?.protocol === UDP) return readableInDatagram(payload);
  const isOfTls = ports !== null && (ports.source === 443 || ports.destination === 443);
  // A TLS handshake is recognized only at the start of a TCP segment.
  return { plain: isOfTls && payload[0] !== HANDSHAKE ? [] : [payload], addresses: [] };
}

const HANDSHAKE = 22;
const RTP_HEADER_BYTES = 12;

/** Distinguishes the protocols of WebRTC traffic by the first byte (RFC 7983, section 7). */
function readableInDatagram(payload: Buffer): Readable {
  const [first = 0] = payload;
  if (isStun(payload)) return readableInStun(payload);
  if (first >= 64 && first < 80) return readableInDatagram(payload.subarray(4));
  if (first >= 20 && first < 64) {
    // A DTLS record starts with its type, version and epoch. Records of epoch 0 are unencrypted.
    const isPlain = first === HANDSHAKE && payload.length > 4 && payload.readUInt16BE(3) === 0;
    return { plain: isPlain ? [payload] : [], addresses: [] };
  }
  if (first >= 128 && first < 192) {
    return { plain: [payload.subarray(0, rtpHeaderBytes(payload))], addresses: [] };
  }
  return { plain: [payload], addresses: [] };
}

/**
 * Returns the length of the RTP header with its extension, which SRTP doesn't encrypt. Assumes
 * that the header lists no CSRC.
 */
function rtpHeaderBytes(payload: Buffer): number {
  const hasExtension = ((payload[0] ?? 0) & 0x10) !== 0 && payload.length >= RTP_HEADER_BYTES + 4;
  const words = hasExtension ? 1 + payload.readUInt16BE(RTP_HEADER_BYTES + 2) : 0;
  return RTP_HEADER_BYTES + 4 * words;
}

const XOR_ATTRIBUTES = [
  ATTRIBUTE.xorPeerAddress,
  ATTRIBUTE.xorRelayedAddress,
  ATTRIBUTE.xorMappedAddress,
];

function readableInStun(payload: Buffer): Readable {
  const message = decodeMessage(payload);
  if (message === null) return { plain: [payload], addresses: [] };
  const data = valueOf(message, ATTRIBUTE.data);
  const inner = data === null ? { plain: [], addresses: [] } : readableInDatagram(data);
  const own = message.attributes.filter(({ type }) => type !== ATTRIBUTE.data);
  return {
    plain: [...own.map(({ value }) => value), ...inner.plain],
    addresses: [...addressesIn(message), ...inner.addresses],
  };
}

function addressesIn(message: StunMessage): string[] {
  return XOR_ATTRIBUTES.flatMap((type) => readXorAddress(message, type)?.address ?? []);
}
