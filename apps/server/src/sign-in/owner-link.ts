import type { SignInLinkId } from '@farandole/accounts/ids';
import { brandId } from '@farandole/kernel/id';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { digestOf, freshToken } from './secrets.ts';

/** The token is in the fragment, which browsers never send to a server. */
export function signInAddress(origin: string, token: string): string {
  return `${origin}/console#link=${token}`;
}

/**
 * Creates the link of the first member and revokes an earlier one. Returns null if there are
 * members.
 *
 * @throws StoreError
 */
export async function ownerLink(
  store: Pick<ModerationStore, 'run'>,
  origin: string,
  nowMs: number,
): Promise<string | null> {
  const token = freshToken();
  const link = brandId<SignInLinkId>(digestOf(token));
  const given = await store.run('link.give', { link, of: 'owner', by: null, nowMs });
  return given.ok ? signInAddress(origin, token) : null;
}
