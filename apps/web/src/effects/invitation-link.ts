import { invitedBy } from '../call/invitation.ts';
import { invited } from '../ui/invited.ts';

/** Reads invitations from the address, and removes them from it and from the history. */
export function followInvitations(): void {
  const read = (): void => {
    const found = invitedBy(location.hash);
    if (found === null) return;
    invited.value = found;
    history.replaceState(history.state, '', location.pathname + location.search);
  };
  addEventListener('hashchange', read);
  read();
}
