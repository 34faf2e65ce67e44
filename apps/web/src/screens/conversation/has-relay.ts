import type { AppModel } from '../../state/app-model.ts';

/**
 * Whether calls can go through a relay (TURN server). False if the site has no relay, or if this
 * user got no credentials because the user's network used up its budget.
 */
export function hasRelay({ link, iceServers }: AppModel): boolean {
  const server = link.server.value;
  if (server === null) return true;
  return server.hasTurn && iceServers.current.some(({ credential }) => credential !== undefined);
}
