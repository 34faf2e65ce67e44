import { relaysFirst, type ServerView } from '../signal/link-view.ts';
import type { Preferences } from './preferences-model.ts';

/**
 * What a peer can learn about the user's network address. With `relay` the address stays hidden
 * unless the user allows a direct connection during the call.
 */
export type Exposure = 'relay' | 'direct';

/** Returns what the next call exposes, or null until the server's facts are known. */
export function exposureOf(
  server: ServerView | null,
  { relayOnly }: Pick<Preferences, 'relayOnly'>,
): Exposure | null {
  if (relayOnly || relaysFirst(server)) return 'relay';
  return server === null ? null : 'direct';
}

/** Whether the user has read the line about this exposure. The line for `direct` covers both. */
export function hasRead(read: Preferences['exposureRead'], exposure: Exposure | null): boolean {
  return exposure === null || read === 'direct' || read === exposure;
}

/** Returns what the user has read after this line, too. */
export function readAlso(
  read: Preferences['exposureRead'],
  exposure: Exposure | null,
): Preferences['exposureRead'] {
  return exposure === null || read === 'direct' ? read : exposure;
}
