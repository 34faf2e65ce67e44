import { isIPv4 } from 'node:net';

/** Returns an address as four or sixteen bytes. An IPv4-mapped IPv6 address has sixteen. */
export function bytesOf(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  // The URL parser normalizes an IPv6 address to hexadecimal groups.
  const groups = new URL(`http://[${address}]`).hostname.slice(1, -1);
  const [head = '', tail] = groups.split('::');
  const before = wordsOf(head);
  const after = tail === undefined ? [] : wordsOf(tail);
  const zeros = Array.from({ length: 8 - before.length - after.length }, () => 0);
  const bytes = Buffer.alloc(16);
  for (const [i, word] of [...before, ...zeros, ...after].entries())
    bytes.writeUInt16BE(word, 2 * i);
  return bytes;
}

/** Returns an IPv6 address in the short form of RFC 5952. */
export function addressOf(bytes: Buffer): string {
  if (bytes.length === 4) return [...bytes].join('.');
  const words = Array.from({ length: 8 }, (_, i) => bytes.readUInt16BE(2 * i).toString(16));
  return new URL(`http://[${words.join(':')}]`).hostname.slice(1, -1);
}

function wordsOf(groups: string): number[] {
  return groups === '' ? [] : groups.split(':').map((group) => Number.parseInt(group, 16));
}
