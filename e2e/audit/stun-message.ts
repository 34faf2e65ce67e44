import { createHash, createHmac, randomBytes } from 'node:crypto';
import { addressOf, bytesOf } from './address-bytes.ts';

/** The parts of STUN (RFC 8489) and TURN (RFC 8656) that an audit of a relay speaks. */

const MAGIC_COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
const INTEGRITY_BYTES = 24;

export const METHOD = {
  binding: 0x001,
  allocate: 0x003,
  refresh: 0x004,
  send: 0x006,
  data: 0x007,
  createPermission: 0x008,
  channelBind: 0x009,
  connect: 0x00a,
} as const;

export type Method = keyof typeof METHOD;

const CLASS = { request: 0x000, indication: 0x010, success: 0x100, error: 0x110 } as const;

export type MessageClass = keyof typeof CLASS;

export const ATTRIBUTE = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  errorCode: 0x0009,
  channelNumber: 0x000c,
  lifetime: 0x000d,
  xorPeerAddress: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  xorRelayedAddress: 0x0016,
  requestedAddressFamily: 0x0017,
  requestedTransport: 0x0019,
  xorMappedAddress: 0x0020,
  software: 0x8022,
  otherAddress: 0x802c,
} as const;

export interface Attribute {
  readonly type: number;
  readonly value: Buffer;
}

export interface StunMessage {
  readonly method: Method;
  readonly messageClass: MessageClass;
  /** Twelve bytes, in hex. */
  readonly transaction: string;
  readonly attributes: readonly Attribute[];
}

export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** What a message is signed with; the realm and the nonce are the server's own words. */
export interface LongTermCredentials {
  readonly username: string;
  readonly password: string;
  readonly realm: string;
  readonly nonce: string;
}

export function newTransaction(): string {
  return randomBytes(12).toString('hex');
}

/** The message as it goes out, signed where there are credentials (RFC 8489, section 9.2). */
export function encodeMessage(
  { method, messageClass, transaction, attributes }: StunMessage,
  credentials: LongTermCredentials | null = null,
): Buffer {
  const all = [...attributes];
  if (credentials !== null) {
    const { username, realm, nonce } = credentials;
    all.push(
      { type: ATTRIBUTE.username, value: Buffer.from(username) },
      { type: ATTRIBUTE.realm, value: Buffer.from(realm) },
      { type: ATTRIBUTE.nonce, value: Buffer.from(nonce) },
    );
  }
  const body = Buffer.concat(all.map(encodeAttribute));
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(typeOf(method, messageClass), 0);
  header.writeUInt16BE(body.length + (credentials === null ? 0 : INTEGRITY_BYTES), 2);
  header.writeUInt32BE(MAGIC_COOKIE, 4);
  header.write(transaction, 8, 'hex');
  const unsigned = Buffer.concat([header, body]);
  if (credentials === null) return unsigned;
  const { username, realm, password } = credentials;
  const key = createHash('md5').update(`${username}:${realm}:${password}`).digest();
  const value = createHmac('sha1', key).update(unsigned).digest();
  return Buffer.concat([unsigned, encodeAttribute({ type: ATTRIBUTE.messageIntegrity, value })]);
}

/** Null for what is no STUN message of a method that we know. */
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

/** Whether a datagram is STUN, as RFC 7983 tells it from what shares its port. */
export function isStun(bytes: Buffer): boolean {
  if (bytes.length < HEADER_BYTES || (bytes[0] ?? 0xff) > 3) return false;
  return bytes.readUInt32BE(4) === MAGIC_COOKIE;
}

/** The first value of an attribute, or null where the message has none. */
export function valueOf({ attributes }: StunMessage, type: number): Buffer | null {
  return attributes.find((attribute) => attribute.type === type)?.value ?? null;
}

/** The number of an error response, such as 403; null for any other message. */
export function errorCodeOf(message: StunMessage): number | null {
  const value = valueOf(message, ATTRIBUTE.errorCode);
  return value === null ? null : (value[2] ?? 0) * 100 + (value[3] ?? 0);
}

/** An attribute such as XOR-PEER-ADDRESS; the family is that of the address as it is written. */
export function xorAddress(
  type: number,
  { address, port }: Endpoint,
  transaction: string,
): Attribute {
  const plain = bytesOf(address);
  const head = Buffer.of(0, plain.length === 4 ? 1 : 2, 0, 0);
  head.writeUInt16BE(port ^ (MAGIC_COOKIE >>> 16), 2);
  return { type, value: Buffer.concat([head, xored(plain, transaction)]) };
}

/** The endpoint in an attribute such as XOR-RELAYED-ADDRESS; null where there is none. */
export function readXorAddress(message: StunMessage, type: number): Endpoint | null {
  const value = valueOf(message, type);
  if (value === null) return null;
  const address = addressOf(xored(value.subarray(4), message.transaction));
  return { address, port: value.readUInt16BE(2) ^ (MAGIC_COOKIE >>> 16) };
}

/** An address as XOR attributes write it: IPv6 also takes the transaction (section 14.2). */
export function xored(plain: Buffer, transaction: string): Buffer {
  const mask = Buffer.alloc(16);
  mask.writeUInt32BE(MAGIC_COOKIE, 0);
  mask.write(transaction, 4, 'hex');
  return Buffer.from(plain.map((byte, i) => byte ^ (mask[i] ?? 0)));
}

function typeOf(method: Method, messageClass: MessageClass): number {
  // All methods of STUN and TURN fit the four bits below the class.
  return METHOD[method] | CLASS[messageClass];
}

function encodeAttribute({ type, value }: Attribute): Buffer {
  const bytes = Buffer.alloc(4 + paddedLength(value.length));
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(value.length, 2);
  value.copy(bytes, 4);
  return bytes;
}

function paddedLength(length: number): number {
  return Math.ceil(length / 4) * 4;
}
