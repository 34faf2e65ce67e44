import { TOKEN_CHARS_MAX } from '@farandole/protocol/limits';

const SHAPE = new RegExp(`^[A-Za-z0-9_.-]{16,${TOKEN_CHARS_MAX}}$`);

/**
 * Only every ninth byte is changed over the wire, because `signer.test.ts` flips every bit. Nine
 * and eight have no common factor, so every bit position occurs in 64 bytes.
 */
const FLIP_EVERY_BYTES = 9;

/**
 * Returns copies of a sealed token with one change each: a flipped bit in one of every nine
 * bytes, or another letter in the key id.
 */
export function flipsOf(token: string): readonly string[] {
  const [id = '', body = ''] = token.split('.');
  const ofBody = flipsOfBytes(Buffer.from(body, 'base64url')).map((text) => `${id}.${text}`);
  const ofId = Array.from(id, (letter, index) => {
    const other = letter === 'a' ? 'b' : 'a';
    return `${id.slice(0, index)}${other}${id.slice(index + 1)}.${body}`;
  });
  return [...ofBody, ...ofId];
}

/** Returns a copy for every ninth byte, in which one bit of that byte is flipped. */
export function flipsOfBytes(bytes: Buffer): readonly string[] {
  return Array.from({ length: Math.ceil(bytes.length / FLIP_EVERY_BYTES) }, (_, at) =>
    flipped(bytes, at * FLIP_EVERY_BYTES),
  );
}

function flipped(bytes: Buffer, index: number): string {
  const copy = Buffer.from(bytes);
  copy[index] = (copy[index] ?? 0) ^ (1 << (index % 8));
  return copy.toString('base64url');
}

export function hasShapeOfToken(text: string): boolean {
  return SHAPE.test(text);
}

export function misshapen(token: string, other: string): readonly string[] {
  const [id = '', body = ''] = token.split('.');
  const [otherId = '', otherBody = ''] = other.split('.');
  const half = Math.floor(body.length / 2);
  return [
    token.slice(0, -1),
    token.slice(1),
    `${id}.${body.slice(0, half)}`,
    `${id}.`,
    `.${body}`,
    body,
    `${token}A`,
    `${token}=`,
    `${token}.`,
    `${token}.${body}`,
    `${token}${body}`,
    ` ${token}`,
    `${id}.${body.slice(0, half)}${otherBody.slice(half)}`,
    `${id}.${otherBody.slice(0, half)}${body.slice(half)}`,
    `${otherId}x.${body}`,
    `${id}.${'A'.repeat(body.length)}`,
    `${id}.${Buffer.from(body, 'base64url').toString('base64')}=`,
  ].filter((one) => one !== token && one !== other);
}
