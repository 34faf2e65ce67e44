import type { ConsoleSessionId } from '@farandole/accounts/ids';
import type { Member } from '@farandole/accounts/member';

/** Whoever asks, as far as their session says. */
export interface SignedIn {
  readonly member: Pick<Member, 'id' | 'name' | 'roles'>;
  readonly sessionId: ConsoleSessionId;
}

/** Who a request is from; undefined where nobody is signed in, or their session was ended. */
export type Authenticate = (request: Request) => Promise<SignedIn | undefined>;
