import { createHmac, randomBytes } from 'node:crypto';

/** The subset of STUN (RFC 8489) and TURN (RFC 8656) that a check of a relay over IPv4 needs. */

export const METHOD = { allocate: 0x003, refresh: 0x004, send: 0x006, permission: 0x008 } as const;
export const DATA_INDICATION = 0x017;
export const CLASS = { request: 0x000, indication: 0x010, success: 0x100, error: 0x110 } as const;

export const ATTRIBUTE = {
  username: 0x0006,
  errorCode: 0x0009,
  lifetime: 0x000d,
  xorPeerAddress: 0x0012,
  data: 0x0013,
  realm: 0x0014,
  nonce: 0x0015,
  xorRelayedAddress: 0x0016,
  requestedTransport: 0x0019,
} as const;
const MESSAGE_INTEGRITY = 0x0008;

const MAGIC_COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
const TRANSACTION_BYTES = 12;
const INTEGRITY_BYTES = 24;

export type Attributes = readonly (readonly [type: number, value: Buffer])[];

export interface StunMessage {
  readonly type: number;
  /** Transaction id in hexadecimal. */
  readonly transaction: string;
  readonly attributes: ReadonlyMap<number, Buffer>;
}

export interface Endpoint {
  /** IPv4 address. */
  readonly address: string;
  readonly port: number;
}

export function newTransaction(): string {
  return randomBytes(TRANSACTION_BYTES).toString('hex');
}

/** @param key signs the message with MESSAGE-INTEGRITY; null for no signature */
export function encodeStun(
  type: number,
  transaction: string,
  attributes: Attributes,
  key: Buffer | null,
): Buffer {
  const body = Buffer.concat(attributes.map(encodeAttribute));
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(type, 0);
  // The signature covers a header whose length includes the signature.
  header.writeUInt16BE(body.length + (key === null ? 0 : INTEGRITY_BYTES), 2);
  header.writeUInt32BE(MAGIC_COOKIE, 4);
  header.write(transaction, 8, 'hex');
  const message = Buffer.concat([header, body]);
  if (key === null) return message;
  const mac = createHmac('sha1', key).update(message).digest();
  return Buffer.concat([message, encodeAttribute([MESSAGE_INTEGRITY, mac])]);
}

function encodeAttribute([type, value]: Attributes[number]): Buffer {
  const bytes = Buffer.alloc(4 + padded(value.length));
  bytes.writeUInt16BE(type, 0);
  bytes.writeUInt16BE(value.length, 2);
  value.copy(bytes, 4);
  return bytes;
}

/** Returns the length of the first message in `bytes`, or null if its header isn't complete. */
export function lengthOfStun(bytes: Buffer): number | null {
  return bytes.length < HEADER_BYTES ? null : HEADER_BYTES + bytes.readUInt16BE(2);
}

/** Decodes a STUN message. Returns null if the bytes aren't one complete message. */
export function decodeStun(bytes: Buffer): StunMessage | null {
  if (lengthOfStun(bytes) !== bytes.length || bytes.readUInt32BE(4) !== MAGIC_COOKIE) return null;
  const attributes = new Map<number, Buffer>();
  for (let at = HEADER_BYTES; at + 4 <= bytes.length; ) {
    const length = bytes.readUInt16BE(at + 2);
    attributes.set(bytes.readUInt16BE(at), bytes.subarray(at + 4, at + 4 + length));
    at += 4 + padded(length);
  }
  const transaction = bytes.toString('hex', 8, HEADER_BYTES);
  return { type: bytes.readUInt16BE(0), transaction, attributes };
}

/** Returns the code of an error response; 0 if the response has none. */
export function errorCodeOf({ attributes }: StunMessage): number {
  const value = attributes.get(ATTRIBUTE.errorCode);
  return value === undefined ? 0 : (value[2] ?? 0) * 100 + (value[3] ?? 0);
}

export function encodeXorAddress({ address, port }: Endpoint): Buffer {
  const value = Buffer.alloc(8);
  value.writeUInt8(1, 1);
  value.writeUInt16BE(port ^ (MAGIC_COOKIE >>> 16), 2);
  for (const [i, part] of address.split('.').entries()) value.writeUInt8(Number(part), 4 + i);
  value.writeUInt32BE((value.readUInt32BE(4) ^ MAGIC_COOKIE) >>> 0, 4);
  return value;
}

/** Returns an address attribute; null if it is missing or contains an IPv6 address. */
export function readXorAddress({ attributes }: StunMessage, type: number): Endpoint | null {
  const value = attributes.get(type);
  if (value?.length !== 8) return null;
  const plain = Buffer.alloc(4);
  plain.writeUInt32BE((value.readUInt32BE(4) ^ MAGIC_COOKIE) >>> 0);
  return { address: [...plain].join('.'), port: value.readUInt16BE(2) ^ (MAGIC_COOKIE >>> 16) };
}

function padded(length: number): number {
  return Math.ceil(length / 4) * 4;
}
