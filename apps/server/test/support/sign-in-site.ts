import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { MemberId, SignInLinkId } from '@farandole/accounts/ids';
import type { Role } from '@farandole/accounts/roles';
import { parseIpAddress } from '@farandole/gateway/signal-policy/address';
import { assertDefined } from '@farandole/kernel/assert';
import { brandId } from '@farandole/kernel/id';
import { SimClock } from '@farandole/kernel/testing/sim-clock';
import { memoryStore } from '@farandole/storage/test/memory-store';
import { problem } from '../../src/http/problem.ts';
import { NodeSigner } from '../../src/keys/signer.ts';
import { Site } from '../../src/net/site.ts';
import type { LogEvent } from '../../src/observe/log.ts';
import type { Authenticate, SignedIn } from '../../src/sign-in/authenticate.ts';
import { authenticatorOf } from '../../src/sign-in/authenticate.ts';
import { type HashCosts, PasswordHasher } from '../../src/sign-in/password-hash.ts';
import { digestOf, freshToken } from '../../src/sign-in/secrets.ts';
import { SignInApi } from '../../src/sign-in/sign-in-api.ts';
import { SignInParts } from '../../src/sign-in/sign-in-parts.ts';
import { CONSOLE_API, type SignInRoute } from '../../src/sign-in/sign-in-route.ts';
import { signInRoutes } from '../../src/sign-in/sign-in-routes.ts';
import { testBudgets } from './budgets.ts';
import { SoftPasskey } from './soft-passkey.ts';

export const ORIGIN = 'https://meet.example.org';
const SITE_NAME = 'A site';

/** The sign-in API over an in-memory store, with a simulated clock. */
export class SignInSite {
  readonly clock = new SimClock();
  readonly store = memoryStore();
  readonly events: LogEvent[] = [];
  readonly routes: readonly SignInRoute[];
  readonly api: SignInApi;
  readonly authenticate: Authenticate;

  /** @param costs costs of password hashing, by default the lowest possible ones */
  constructor(costs: HashCosts = { by: 'argon2id', costs: [8, 1, 1] }) {
    const keys = { id: 'key', fromWallMs: 0, seal: randomBytes(32), tag: randomBytes(32) };
    const ring = { subject: randomBytes(32), generations: [keys] };
    const { store, clock } = this;
    const budgets = testBudgets(clock);
    const hasher = new PasswordHasher(costs);
    const site = new Site([ORIGIN]);
    const signer = new NodeSigner(() => ring);
    const log = (event: LogEvent): void => void this.events.push(event);
    this.routes = signInRoutes(
      new SignInParts({ store, signer, log, siteName: SITE_NAME, hasher, budgets }),
    );
    this.authenticate = authenticatorOf(store, clock);
    const { authenticate, routes } = this;
    this.api = new SignInApi({
      site: () => site,
      budgets,
      clock,
      machineMs: () => clock.wallMs(),
      authenticate,
      routes,
    });
  }

  /** Adds a member as the command line does. */
  async hire(name: string, ...roles: Role[]): Promise<MemberId> {
    const id = brandId<MemberId>(`member-${name}`);
    const nowMs = this.clock.wallMs();
    const added = await this.store.run('member.add', { id, name, roles, by: null, nowMs });
    assert.ok(added.ok, added.ok ? '' : added.reason);
    return id;
  }

  async linkFor(of: 'owner' | MemberId): Promise<string> {
    const token = freshToken();
    const link = brandId<SignInLinkId>(digestOf(token));
    const nowMs = this.clock.wallMs();
    const given = await this.store.run('link.give', { link, of, by: null, nowMs });
    assert.ok(given.ok, given.ok ? '' : given.reason);
    return token;
  }

  async signedIn(name: string, ...roles: Role[]): Promise<MemberBrowser> {
    const browser = new MemberBrowser(this);
    const token = await this.linkFor(await this.hire(name, ...roles));
    assert.equal((await browser.comeIn(token)).status, 200);
    return browser;
  }
}

export interface Answered {
  readonly status: number;
  readonly error: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A browser at the console, with cookies and one authenticator. */
export class MemberBrowser {
  readonly cookies = new Map<string, string>();
  readonly #site: SignInSite;
  readonly #address: string;
  #passkey: SoftPasskey | null = null;

  constructor(site: SignInSite, address = '192.0.2.7') {
    this.#site = site;
    this.#address = address;
  }

  /**
   * The authenticator is created at its first use, because creating a key takes longer than most
   * requests.
   */
  get passkey(): SoftPasskey {
    this.#passkey ??= new SoftPasskey(ORIGIN);
    return this.#passkey;
  }

  async get(path: string, headers: Readonly<Record<string, string>> = {}): Promise<Answered> {
    return await this.#ask(path, { headers });
  }

  async post(
    path: string,
    body: unknown = {},
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answered> {
    return await this.#ask(path, {
      method: 'POST',
      body: JSON.stringify(body),
      headers: { Origin: ORIGIN, 'Content-Type': 'application/json', ...headers },
    });
  }

  async comeIn(token: string, name = ''): Promise<Answered> {
    const asked = await this.post('/link/passkey-options', { token, name });
    const credential = this.passkey.create(asked.body);
    return await this.post('/link/passkey', { token, name, label: 'A key', credential });
  }

  async signIn(): Promise<Answered> {
    const { body } = await this.post('/sign-in/passkey-options');
    return await this.post('/sign-in/passkey', { credential: this.passkey.get(body) });
  }

  async whose(): Promise<SignedIn['member'] | undefined> {
    const headers = { Cookie: this.#cookie() };
    const request = new Request(`${ORIGIN}${CONSOLE_API}/`, { headers });
    return (await this.#site.authenticate(request))?.member;
  }

  #cookie(): string {
    return [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  }

  async #ask(path: string, init: RequestInit & { headers: Record<string, string> }) {
    const cookie = this.#cookie();
    const request = new Request(`${ORIGIN}${CONSOLE_API}${path}`, init);
    if (cookie !== '') request.headers.set('Cookie', cookie);
    const address = assertDefined(parseIpAddress(this.#address), 'an address of a test');
    const place = {
      address,
      isLocal: false,
      isTls: true,
      isProxied: true,
      hasUnlistedHeader: false,
    };
    const { api } = this.#site;
    const response =
      api.guard(request, place) ??
      (await api.respond(request, place)) ??
      problem('not-found', 'Not found.');
    for (const line of response.headers.getSetCookie()) this.#take(line);
    const body = (await response.json()) as Readonly<Record<string, unknown>>;
    const error = response.status < 400 ? '' : String(body['error']);
    return { status: response.status, error, body };
  }

  #take(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    for (const must of ['Path=/', 'HttpOnly', 'Secure', 'SameSite=Strict']) {
      assert.ok(attributes.includes(must), `${must} in ${line}`);
    }
    const at = pair.indexOf('=');
    const name = pair.slice(0, at);
    assert.match(name, /^__Host-/);
    if (attributes.includes('Max-Age=0')) this.cookies.delete(name);
    else this.cookies.set(name, pair.slice(at + 1));
  }
}
