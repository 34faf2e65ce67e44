import type { ConsoleSessionId } from '@farandole/accounts/ids';
import { SESSION_MS_MAX } from '@farandole/accounts/limits';
import type { SignInMethod } from '@farandole/accounts/sign-in';
import type { Budget } from '@farandole/gateway/budget/budget';
import { brandId } from '@farandole/kernel/id';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { memberCookieHeader } from '../http/cookie.ts';
import { problem, waitProblem } from '../http/problem.ts';
import type { NodeSigner } from '../keys/signer.ts';
import { PASSKEY_CHECK_US, PASSWORD_CHECK_MS } from '../limits.ts';
import type { Log } from '../observe/log.ts';
import { CONSOLE_COOKIE, sessionIn } from './authenticate.ts';
import { Ceremonies } from './ceremony.ts';
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
  /** Limits the work of wrong sign-in attempts: ms for passwords and links, µs for passkeys. */
  readonly budgets: { readonly 'sign-in': Budget; readonly passkeys: Budget };
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
  readonly #budgets: SignInPartsGiven['budgets'];

  constructor({ store, signer, log, siteName, hasher, budgets }: SignInPartsGiven) {
    this.store = store;
    this.signer = signer;
    this.siteName = siteName;
    this.ceremonies = new Ceremonies(signer);
    this.hasher = hasher;
    this.#log = log;
    this.#budgets = budgets;
  }

  /**
   * Runs a sign-in attempt. Its cost counts before the attempt, so that parallel attempts gain
   * nothing. An attempt that succeeds or isn't checked costs nothing. Passkeys can't be guessed, so
   * an attempt with a passkey costs only the work of a check, from another budget. Users who share
   * the network or address of a member therefore don't delay the member.
   *
   * @param attempt returns null if the attempt is wrong, and `wait` for a name with too many wrong
   * attempts
   */
  async attempt(
    { place }: SignInRequest,
    way: SignInMethod,
    attempt: () => Promise<Response | 'wait' | null>,
  ): Promise<Response> {
    const { text: from } = place.address;
    const isPasskey = way === 'passkey';
    const budget = isPasskey ? this.#budgets.passkeys : this.#budgets['sign-in'];
    const cost = isPasskey ? PASSKEY_CHECK_US : PASSWORD_CHECK_MS;
    const waitMs = budget.take(from, cost);
    if (waitMs > 0) {
      this.#log({ event: 'sign-in-refused', reason: 'too-many', way });
      return waitProblem(waitMs);
    }
    const answer = await attempt();
    if (answer === 'wait') {
      budget.release(from, cost);
      this.#log({ event: 'sign-in-refused', reason: 'too-many', way });
      return problem('too-many', 'Too many failed attempts. Wait up to 15 minutes.');
    }
    if (answer === null) {
      this.#log({ event: 'sign-in-refused', reason: 'wrong', way });
      return problem('sign-in-failed', 'Sign-in failed.');
    }
    budget.release(from, cost);
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
