import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createSocket, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { IceServer } from '@farandole/protocol/http-api';

/** The part of TURN (RFC 8656) that takes one allocation from a relay by UDP over IPv4. */

const MAGIC_COOKIE = 0x2112a442;
const HEADER_BYTES = 20;
const ALLOCATE = 0x0003;
const ALLOCATED = 0x0103;
const ATTRIBUTE = {
  username: 0x0006,
  messageIntegrity: 0x0008,
  realm: 0x0014,
  nonce: 0x0015,
  requestedTransport: 0x0019,
} as const;
const INTEGRITY_BYTES = 20;
const UDP = Buffer.of(17, 0, 0, 0);
/** How often a request is sent at most, because UDP may lose a datagram. */
const TRIES = 3;
const ANSWER_WITHIN_MS = 2_000;

type Attribute = readonly [type: number, value: Buffer];

/** Credentials for a relay, from the ICE servers that the node gives to a user. */
export interface RelayUser {
  readonly port: number;
  readonly username: string;
  readonly credential: string;
}

/** Returns null if no server in the list is a TURN server with credentials. */
export function relayUserIn(iceServers: readonly IceServer[]): RelayUser | null {
  for (const { urls, username, credential } of iceServers) {
    const [, port] = /^turn:127\.0\.0\.1:(\d+)/.exec(urls[0] ?? '') ?? [];
    if (port === undefined || username === undefined || credential === undefined) continue;
    return { port: Number(port), username, credential };
  }
  return null;
}

/**
 * Takes an allocation, which lasts some minutes. Returns the socket that holds it, or null if the
 * relay refuses.
 */
export async function allocate(user: RelayUser): Promise<Socket | null> {
  const socket = createSocket('udp4');
  socket.connect(user.port, '127.0.0.1');
  await once(socket, 'connect');
  const transport: Attribute = [ATTRIBUTE.requestedTransport, UDP];
  const challenge = await exchange(socket, request([transport]));
  const realm = challenge === null ? null : valueOf(challenge, ATTRIBUTE.realm);
  const nonce = challenge === null ? null : valueOf(challenge, ATTRIBUTE.nonce);
  const answer =
    realm === null || nonce === null
      ? null
      : await exchange(
          socket,
          signed(
            request([
              transport,
              [ATTRIBUTE.username, Buffer.from(user.username)],
              [ATTRIBUTE.realm, realm],
              [ATTRIBUTE.nonce, nonce],
            ]),
            createHash('md5')
              .update(`${user.username}:${realm.toString('utf8')}:${user.credential}`)
              .digest(),
          ),
        );
  if (answer?.readUInt16BE(0) === ALLOCATED) return socket;
  socket.close();
  return null;
}

function request(attributes: readonly Attribute[]): Buffer {
  const body = Buffer.concat(attributes.map(encoded));
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(ALLOCATE, 0);
  header.writeUInt16BE(body.length, 2);
  header.writeUInt32BE(MAGIC_COOKIE, 4);
  randomBytes(12).copy(header, 8);
  return Buffer.concat([header, body]);
}

/** Appends MESSAGE-INTEGRITY, for which the length already includes it (RFC 8489, section 14.5). */
function signed(message: Buffer, key: Buffer): Buffer {
  message.writeUInt16BE(message.length - HEADER_BYTES + 4 + INTEGRITY_BYTES, 2);
  const integrity = createHmac('sha1', key).update(message).digest();
  return Buffer.concat([message, encoded([ATTRIBUTE.messageIntegrity, integrity])]);
}

function encoded([type, value]: Attribute): Buffer {
  const head = Buffer.alloc(4);
  head.writeUInt16BE(type, 0);
  head.writeUInt16BE(value.length, 2);
  return Buffer.concat([head, value, Buffer.alloc(paddingOf(value.length))]);
}

function valueOf(message: Buffer, wanted: number): Buffer | null {
  for (let at = HEADER_BYTES; at + 4 <= message.length; ) {
    const length = message.readUInt16BE(at + 2);
    const value = message.subarray(at + 4, at + 4 + length);
    if (message.readUInt16BE(at) === wanted) return value;
    at += 4 + length + paddingOf(length);
  }
  return null;
}

function paddingOf(length: number): number {
  return (4 - (length % 4)) % 4;
}

/** Sends a request until an answer arrives. Returns null if none arrives in time. */
async function exchange(socket: Socket, message: Buffer): Promise<Buffer | null> {
  for (let tried = 0; tried < TRIES; tried++) {
    const answered = once(socket, 'message', { signal: AbortSignal.timeout(ANSWER_WITHIN_MS) });
    socket.send(message);
    try {
      const [answer] = (await answered) as [Buffer];
      return answer;
    } catch {
      // The datagram was lost, or the relay is too slow.
    }
  }
  return null;
}
