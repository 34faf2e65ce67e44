import { readFile } from 'node:fs/promises';
import { addressOf } from './address-bytes.ts';

export interface Packet {
  /** IP header of the packet; null for a packet of another protocol. */
  readonly ip: {
    readonly source: string;
    readonly destination: string;
    readonly protocol: number;
  } | null;
  /** Source and destination port; null for a protocol without ports. */
  readonly ports: { readonly source: number; readonly destination: number } | null;
  /** Payload of UDP or TCP. For other packets, everything after the link header. */
  readonly payload: Buffer;
  readonly frame: Buffer;
}

export const TCP = 6;
export const UDP = 17;

const FILE_HEADER_BYTES = 24;
const RECORD_HEADER_BYTES = 16;
const MAGIC = 0xa1b2c3d4;

/** Offsets of the EtherType and of the packet, by link type (tcpdump.org, link-layer types). */
const LINKS: ReadonlyMap<number, { readonly typeAt: number; readonly headerBytes: number }> =
  new Map([
    [1, { typeAt: 12, headerBytes: 14 }],
    [276, { typeAt: 0, headerBytes: 20 }],
  ]);

const IPV4 = 0x0800;
const IPV6 = 0x86dd;

/**
 * Reads a little-endian capture that `tcpdump -w` wrote or is still writing. Skips an incomplete
 * last packet.
 * @throws Error when the file has another format
 */
export async function readCapture(path: string): Promise<readonly Packet[]> {
  const file = await readFile(path);
  if (file.length < FILE_HEADER_BYTES) return [];
  if (file.readUInt32LE(0) !== MAGIC) throw new Error(`${path} is no capture`);
  const link = LINKS.get(file.readUInt32LE(20));
  if (link === undefined) throw new Error(`${path} is of an unknown link`);
  const packets: Packet[] = [];
  for (let at = FILE_HEADER_BYTES; at + RECORD_HEADER_BYTES <= file.length; ) {
    const length = file.readUInt32LE(at + 8);
    if (at + RECORD_HEADER_BYTES + length > file.length) break;
    const frame = file.subarray(at + RECORD_HEADER_BYTES, at + RECORD_HEADER_BYTES + length);
    packets.push(readPacket(frame, frame.readUInt16BE(link.typeAt), link.headerBytes));
    at += RECORD_HEADER_BYTES + length;
  }
  return packets;
}

function readPacket(frame: Buffer, type: number, headerBytes: number): Packet {
  const packet = frame.subarray(headerBytes);
  if (type !== IPV4 && type !== IPV6) return { ip: null, ports: null, payload: packet, frame };
  const isFour = type === IPV4;
  const ipBytes = isFour ? ((packet[0] ?? 0) & 0x0f) * 4 : 40;
  const protocol = packet[isFour ? 9 : 6] ?? 0;
  const [from, to, end] = isFour ? [12, 16, 20] : [8, 24, 40];
  const ip = {
    source: addressOf(packet.subarray(from, to)),
    destination: addressOf(packet.subarray(to, end)),
    protocol,
  };
  const inner = packet.subarray(ipBytes);
  if (protocol !== TCP && protocol !== UDP) return { ip, ports: null, payload: inner, frame };
  const ports = { source: inner.readUInt16BE(0), destination: inner.readUInt16BE(2) };
  const headBytes = protocol === UDP ? 8 : ((inner[12] ?? 0) >> 4) * 4;
  return { ip, ports, payload: inner.subarray(headBytes), frame };
}
