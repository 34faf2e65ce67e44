import type { Budget } from '@farandole/gateway/budget/budget';
import type { Clock } from '@farandole/kernel/clock';
import { readJsonBody } from '../http/json-body.ts';
import { bodyProblem, methodNotAllowed, problem, waitProblem } from '../http/problem.ts';
import type { RemoteAddress } from '../net/remote-address.ts';
import type { Site } from '../net/site.ts';
import type { Authenticate } from './authenticate.ts';
import { requirePermission } from './authenticate.ts';
import { CONSOLE_API, type SignInRequest, type SignInRoute } from './sign-in-route.ts';

export interface SignInApiParts {
  readonly site: () => Site;
  readonly clock: Clock;
  readonly machineMs: () => number;
  readonly authenticate: Authenticate;
  readonly routes: readonly SignInRoute[];
  /** Limits the requests of the console. */
  readonly budgets: { readonly console: Budget };
}

/**
 * Routes requests about sign-in and members by one table. Every request is checked for a foreign
 * origin first, then for a missing session, then for a missing permission, so that no route can
 * omit a check.
 */
export class SignInApi {
  readonly #parts: SignInApiParts;
  readonly #routes = new Map<string, SignInRoute>();

  constructor(parts: SignInApiParts) {
    this.#parts = parts;
    for (const route of parts.routes) this.#routes.set(CONSOLE_API + route.path, route);
  }

  /**
   * Refuses a request that doesn't come from a page of this server, or that exceeds its network's
   * rate limit. Returns null for any other request.
   */
  guard(request: Request, place: RemoteAddress): Response | null {
    if (this.#originOf(request) === null) {
      return problem('origin-refused', 'Requests must come from the console’s own page.');
    }
    const waitMs = this.#parts.budgets.console.take(place.address.text);
    return waitMs > 0 ? waitProblem(waitMs) : null;
  }

  /**
   * Answers a request that `guard` allowed. Returns null for an unknown address. Rejects if the
   * store fails.
   */
  async respond(request: Request, place: RemoteAddress): Promise<Response | null> {
    const route = this.#routes.get(new URL(request.url).pathname);
    if (route === undefined) return null;
    if (request.method !== route.method) return methodNotAllowed(route.method);
    const signedIn = route.for === 'members' ? await this.#parts.authenticate(request) : undefined;
    if (route.for === 'members') {
      const refusal = requirePermission(signedIn, route.needs);
      if (refusal !== null) return refusal;
    }
    const read = route.method === 'GET' ? null : await readJsonBody(request);
    if (read !== null && !read.ok) return bodyProblem(read.reason);
    const origin = this.#originOf(request) ?? '';
    const times = { nowMs: this.#parts.clock.wallMs(), machineMs: this.#parts.machineMs() };
    const asked: SignInRequest = { request, place, origin, body: read?.value ?? {}, ...times };
    if (route.for === 'anybody') return await route.answer(asked);
    return signedIn === undefined
      ? problem('signed-out', 'Sign in first.')
      : await route.answer({ ...asked, signedIn });
  }

  /**
   * Returns the origin of the requesting page. The result is empty for a GET, which changes
   * nothing, and null if the origin is unknown or not the site's.
   */
  #originOf({ method, headers }: Request): string | null {
    const from = headers.get('sec-fetch-site');
    const isRead = method === 'GET' || method === 'HEAD';
    if (from !== null && from !== 'same-origin' && !(isRead && from === 'none')) return null;
    if (isRead) return '';
    const origin = headers.get('origin') ?? undefined;
    return origin !== undefined && this.#parts.site().allowsOrigin(origin) ? origin : null;
  }
}
