import type { ServerFacts } from '@farandole/protocol/http-api';

/**
 * - `connecting`: the first time;
 * - `online`;
 * - `reconnecting`: lost, another try under way or soon; a call goes on meanwhile;
 * - `offline`: the browser says that there is no network; the page waits for it;
 * - `down`: stopped trying; `retry` tries again.
 */
export type LinkState = 'connecting' | 'online' | 'reconnecting' | 'offline' | 'down';

export interface LinkView {
  readonly state: LinkState;
  /** The server is about to restart: calls go on until then, searches wait. */
  readonly moving: boolean;
}

/** What the server says of itself, as it stands now. */
export type ServerView = Omit<ServerFacts, 'ageRequired'>;

/** Whether a call of this server begins over its relay. */
export function relaysFirst(server: ServerView | null): boolean {
  return server?.relay === 'always' || server?.relay === 'until-consent';
}
