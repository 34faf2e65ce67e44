import type { ConsoleMembers, ConsoleSecurity } from '@farandole/protocol/console-sign-in';
import { DAY_MS, HOUR_MS, ME, MINUTE_MS, NOW_MS } from './sample-desk.ts';

const member = (
  id: string,
  name: string,
  change: Partial<ConsoleMembers['members'][number]>,
): ConsoleMembers['members'][number] => ({
  id,
  name,
  roles: [],
  atMs: NOW_MS - 40 * DAY_MS,
  leftAtMs: null,
  canSignIn: true,
  proposed: null,
  ...change,
});

export const MEMBERS: ConsoleMembers = {
  members: [
    member(ME, 'Inès', { roles: ['admin'] }),
    member('member-colleague', 'Marek', {
      roles: ['moderator'],
      proposed: ['moderator', 'senior'],
    }),
    member('member-senior', 'Oluwaseun', { roles: ['senior', 'child-safety'] }),
    member('member-new', 'Somchai', { canSignIn: false }),
    member('member-gone', 'Katalin', { leftAtMs: NOW_MS - 3 * DAY_MS }),
  ],
};

export const SECURITY: ConsoleSecurity = {
  passkeys: [
    { id: 'passkey-one', label: 'Laptop', atMs: NOW_MS - 30 * DAY_MS, usedAtMs: NOW_MS - HOUR_MS },
    { id: 'passkey-two', label: 'Key in the drawer', atMs: NOW_MS - 30 * DAY_MS, usedAtMs: null },
  ],
  sessions: [
    {
      id: 'session-here',
      way: 'passkey',
      atMs: NOW_MS - 4 * MINUTE_MS,
      seenAtMs: NOW_MS,
      isThis: true,
    },
    {
      id: 'session-there',
      way: 'recovery-code',
      atMs: NOW_MS - 3 * HOUR_MS,
      seenAtMs: NOW_MS - 20 * MINUTE_MS,
      isThis: false,
    },
  ],
  recoveryCodesLeft: 9,
  freshUntilMs: NOW_MS + 6 * MINUTE_MS,
};

export const STALE_SECURITY: ConsoleSecurity = { ...SECURITY, freshUntilMs: NOW_MS };

export const BARE_SECURITY: ConsoleSecurity = {
  ...SECURITY,
  passkeys: SECURITY.passkeys.slice(0, 1),
  sessions: SECURITY.sessions.slice(0, 1),
  recoveryCodesLeft: null,
};
