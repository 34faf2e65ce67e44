import type { ServerFacts } from '@farandole/protocol/http-api';

/**
 * State of the link to the server:
 * - `connecting`: the page connects for the first time;
 * - `reconnecting`: the page retries, and a call continues;
 * - `offline`: the browser reports no network;
 * - `down`: the page has stopped trying, and `retry` starts again.
 */
export type LinkState = 'connecting' | 'online' | 'reconnecting' | 'offline' | 'down';

export interface LinkView {
  readonly state: LinkState;
  /**
   * True if the server is about to restart. Calls continue until the restart, and searches wait.
   */
  readonly moving: boolean;
}

export type ServerView = Omit<ServerFacts, 'ageRequired'>;

export function relaysFirst(server: ServerView | null): boolean {
  return server?.relay === 'always' || server?.relay === 'until-consent';
}
