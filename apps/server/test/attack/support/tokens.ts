import { TOKEN_CHARS_MAX } from '@farandole/protocol/limits';

/** What the decoder lets through as a token, for the signer to judge. */
const SHAPE = new RegExp(`^[A-Za-z0-9_.-]{16,${TOKEN_CHARS_MAX}}$`);

/** One bit of each byte of a sealed token changed in turn, and each letter of its key's name. */
export function flipsOf(token: string): readonly string[] {
  const [id = '', body = ''] = token.split('.');
  const bytes = Buffer.from(body, 'base64url');
  const ofBody = Array.from(bytes, (_, index) => `${id}.${flipped(bytes, index)}`);
  const ofId = Array.from(id, (letter, index) => {
    const other = letter === 'a' ? 'b' : 'a';
    return `${id.slice(0, index)}${other}${id.slice(index + 1)}.${body}`;
  });
  return [...ofBody, ...ofId];
}

/** The base64url of bytes, one bit of one of them changed. */
export function flipped(bytes: Buffer, index: number): string {
  const copy = Buffer.from(bytes);
  copy[index] = (copy[index] ?? 0) ^ (1 << (index % 8));
  return copy.toString('base64url');
}

/** Whether a text gets as far as the signer. */
export function hasShapeOfToken(text: string): boolean {
  return SHAPE.test(text);
}

/** Texts that are nearly a token: cut, longer, or put together from two. */
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
