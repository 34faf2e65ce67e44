import type { ConsoleSessionId } from '@farandole/accounts/ids';
import { SESSION_MS_MAX } from '@farandole/accounts/limits';
import type { SignInMethod } from '@farandole/accounts/sign-in';
import { brandId } from '@farandole/kernel/id';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { memberCookieHeader } from '../http/cookie.ts';
import { problem, waitProblem } from '../http/problem.ts';
import type { NodeSigner } from '../keys/signer.ts';
import { networkOf } from '../net/address-range.ts';
import type { Log } from '../observe/log.ts';
import { CONSOLE_COOKIE, sessionIn } from './authenticate.ts';
import { Ceremonies } from './ceremony.ts';
import { NetworkAttempts } from './network-attempts.ts';
import type { PasswordHasher } from './password-hash.ts';
import { digestOf, freshToken } from './secrets.ts';
import { reply, type SignInRequest } from './sign-in-route.ts';

export interface SignInPartsGiven {
  readonly store: Pick<ModerationStore, 'run'>;
  readonly signer: NodeSigner;
  readonly log: Log;
  /** Name of the site, which passkeys and authenticator apps show. */
  readonly siteName: string;
  readonly hasher: PasswordHasher;
}

/** A member's session that is about to begin, with a new token. */
export interface Beginning {
  readonly session: ConsoleSessionId;
  /** The same browser's earlier session, which the new session ends; null if there is none. */
  readonly replaces: ConsoleSessionId | null;
  readonly token: string;
}

export class SignInParts {
  readonly store: SignInPartsGiven['store'];
  readonly signer: NodeSigner;
  readonly siteName: string;
  readonly ceremonies: Ceremonies;
  readonly hasher: PasswordHasher;
  readonly #log: Log;
  readonly #attempts = new NetworkAttempts();

  constructor({ store, signer, log, siteName, hasher }: SignInPartsGiven) {
    this.store = store;
    this.signer = signer;
    this.siteName = siteName;
    this.ceremonies = new Ceremonies(signer);
    this.hasher = hasher;
    this.#log = log;
  }

  /**
   * Runs a sign-in attempt, and counts it against its network unless it succeeds. Passkeys can't be
   * guessed, so passkey attempts are counted separately and per address. A neighbour's attempts
   * therefore delay no member.
   *
   * @param attempt returns null if the attempt is wrong, and `wait` for a name with too many wrong
   * attempts
   */
  async attempt(
    { place, nowMs }: SignInRequest,
    way: SignInMethod,
    attempt: () => Promise<Response | 'wait' | null>,
  ): Promise<Response> {
    const { address } = place;
    const from = way === 'passkey' ? `passkey ${address.text}` : networkOf(address);
    const waitMs = this.#attempts.begin(from, nowMs);
    if (waitMs > 0) {
      this.#log({ event: 'sign-in-refused', reason: 'too-many', way });
      return waitProblem(waitMs);
    }
    const answer = await attempt();
    if (answer === 'wait') {
      this.#log({ event: 'sign-in-refused', reason: 'too-many', way });
      return problem('too-many', 'Too many failed attempts. Wait up to 15 minutes.');
    }
    if (answer === null) {
      this.#log({ event: 'sign-in-refused', reason: 'wrong', way });
      return problem('sign-in-failed', 'Sign-in failed.');
    }
    this.#attempts.takeBack(from);
    return answer;
  }

  beginning({ request }: SignInRequest): Beginning {
    const token = freshToken();
    const session = brandId<ConsoleSessionId>(digestOf(token));
    return { session, replaces: sessionIn(request), token };
  }

  signedIn({ token }: Beginning, way: SignInMethod, body: object = {}): Response {
    this.#log({ event: 'member-signed-in', way });
    const cookie = memberCookieHeader(CONSOLE_COOKIE, token, SESSION_MS_MAX);
    return reply(body, [cookie, this.ceremonies.end()]);
  }
}
