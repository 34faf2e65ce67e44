import { addressOf } from './address-bytes.ts';

/** The subset of STUN (RFC 8489) and TURN (RFC 8656) that the relay audit needs. */

const MAGIC_COOKIE = 0x2112a442;
const HEADER_BYTES = 20;

const METHOD = {
  binding: 0x001,
  allocate: 0x003,
  refresh: 0x004,
  send: 0x006,
  data: 0x007,
  createPermission: 0x008,
  channelBind: 0x009,
  connect: 0x00a,
} as const;

type Method = keyof typeof METHOD;

const CLASS = { request: 0x000, indication: 0x010, success: 0x100, error: 0x110 } as const;

type MessageClass = keyof typeof CLASS;

export const ATTRIBUTE = {
  xorPeerAddress: 0x0012,
  data: 0x0013,
  xorRelayedAddress: 0x0016,
  xorMappedAddress: 0x0020,
  software: 0x8022,
  otherAddress: 0x802c,
} as const;

interface Attribute {
  readonly type: number;
  readonly value: Buffer;
}

export interface StunMessage {
  readonly method: Method;
  readonly messageClass: MessageClass;
  /** Transaction id of twelve bytes, in hexadecimal. */
  readonly transaction: string;
  readonly attributes: readonly Attribute[];
}

interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** Decodes a STUN message. Returns null if the bytes aren't a STUN message of a known method. */
export function decodeMessage(bytes: Buffer): StunMessage | null {
  if (!isStun(bytes)) return null;
  const type = bytes.readUInt16BE(0);
  const methods = Object.keys(METHOD) as readonly Method[];
  const classes = Object.keys(CLASS) as readonly MessageClass[];
  const messageClass = classes.find((name) => CLASS[name] === (type & 0x110));
  const method = methods.find(
    (name) => messageClass !== undefined && typeOf(name, messageClass) === type,
  );
  if (method === undefined || messageClass === undefined) return null;
  const attributes: Attribute[] = [];
  for (let at = HEADER_BYTES; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt16BE(at + 2);
    const value = bytes.subarray(at + 4, at + 4 + length);
    attributes.push({ type: bytes.readUInt16BE(at), value });
    at += 4 + paddedLength(length);
  }
  return { method, messageClass, transaction: bytes.toString('hex', 8, 20), attributes };
}

/** Returns whether a datagram is STUN and not other traffic on the same port (RFC 7983). */
export function isStun(bytes: Buffer): boolean {
  if (bytes.length < HEADER_BYTES || (bytes[0] ?? 0xff) > 3) return false;
  return bytes.readUInt32BE(4) === MAGIC_COOKIE;
}

export function valueOf({ attributes }: StunMessage, type: number): Buffer | null {
  return attributes.find((attribute) => attribute.type === type)?.value ?? null;
}

/**
 * Reads the address in an attribute such as XOR-RELAYED-ADDRESS. Returns null if the attribute is
 * absent.
 */
export function readXorAddress(message: StunMessage, type: number): Endpoint | null {
  const value = valueOf(message, type);
  if (value === null) return null;
  const address = addressOf(xored(value.subarray(4), message.transaction));
  return { address, port: value.readUInt16BE(2) ^ (MAGIC_COOKIE >>> 16) };
}

/** An IPv6 address is also XORed with the transaction id (RFC 8489, section 14.2). */
function xored(plain: Buffer, transaction: string): Buffer {
  const mask = Buffer.alloc(16);
  mask.writeUInt32BE(MAGIC_COOKIE, 0);
  mask.write(transaction, 4, 'hex');
  return Buffer.from(plain.map((byte, i) => byte ^ (mask[i] ?? 0)));
}

function typeOf(method: Method, messageClass: MessageClass): number {
  // All methods used here fit into the four lowest bits of the message type, below the class.
  return METHOD[method] | CLASS[messageClass];
}

function paddedLength(length: number): number {
  return Math.ceil(length / 4) * 4;
}
