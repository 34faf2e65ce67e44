import type { AppModel } from '../../state/app-model.ts';

/**
 * Whether calls can go through a relay. False if the server has none, or gave this user no
 * credentials for it because the user's network used up its budget.
 */
export function hasRelay({ link, iceServers }: AppModel): boolean {
  const server = link.server.value;
  if (server === null) return true;
  return server.hasTurn && iceServers.current.some(({ credential }) => credential !== undefined);
}
