import type { ServerFacts } from '@farandole/protocol/http-api';

/**
 * - `connecting`: the first time;
 * - `reconnecting`: retrying; a call continues;
 * - `offline`: the browser reports no network;
 * - `down`: stopped; `retry` tries again.
 */
export type LinkState = 'connecting' | 'online' | 'reconnecting' | 'offline' | 'down';

export interface LinkView {
  readonly state: LinkState;
  /** The server is about to restart: calls continue until then, searches wait. */
  readonly moving: boolean;
}

export type ServerView = Omit<ServerFacts, 'ageRequired'>;

export function relaysFirst(server: ServerView | null): boolean {
  return server?.relay === 'always' || server?.relay === 'until-consent';
}
