import { createHmac, hkdfSync } from 'node:crypto';
import { KEY_BYTES } from '../keys/keys.ts';

const HASH_BYTES = 8;

/**
 * Returns a function that hashes the name of a user, a device or a network with a key that all
 * nodes share. Among a million users, the probability that any two names have the same hash of 64
 * bits is below one in a million. Such a pair would keep two users apart without need.
 */
export function nameHash(secret: Uint8Array): (name: string) => string {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'farandole ticket facts 1', KEY_BYTES));
  return (name) =>
    createHmac('sha256', key).update(name).digest().subarray(0, HASH_BYTES).toString('base64url');
}
