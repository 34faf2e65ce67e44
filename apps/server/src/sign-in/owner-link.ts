import type { SignInLinkId } from '@farandole/accounts/ids';
import { brandId } from '@farandole/kernel/id';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { digestOf, freshToken } from './secrets.ts';

/** The sign-in token is in the address's fragment, which browsers never send to a server. */
export function signInAddress(origin: string, token: string): string {
  return `${origin}/console#link=${token}`;
}

/**
 * Creates the sign-in link of the first member and revokes an earlier link. Returns null if there
 * are members already.
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
