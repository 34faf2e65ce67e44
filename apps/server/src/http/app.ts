import type { IncomingMessage, ServerResponse } from 'node:http';
import { openSessionReceipt } from '@farandole/gateway/receipts';
import { mintSessionTicket } from '@farandole/gateway/session-ticket';
import { brandId, type SessionId, type SubjectId } from '@farandole/kernel/id';
import { CONSOLE_PATH, PICTURE_FRAME_PATH } from '@farandole/protocol/console-api';
import {
  APPEAL_PATH,
  ICE_SERVERS_PATH,
  type IceServersReply,
  OWN_DATA_PATH,
  OWN_WARNING_PATH,
  type OwnWarningReply,
  REPORT_OUTCOME_PATH,
  REPORT_PICTURES_PATH,
  type ReportOutcomeReply,
  SESSION_TICKET_PATH,
  type ServerFacts,
  type SessionTicketReply,
} from '@farandole/protocol/http-api';
import { SESSION_TICKET_LIFETIME_MS, TOKEN_CHARS_MAX } from '@farandole/protocol/limits';
import { type Context, Hono } from 'hono';
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import type { createConsoleApi } from '../console/console-api.ts';
import { pictureFrame } from '../console/picture-frame.ts';
import type { PictureUploads } from '../evidence/picture-uploads.ts';
import {
  API_REQUESTS_PER_CONNECTION,
  API_WINDOW_MS,
  PICTURE_UPLOADS_PER_MINUTE,
} from '../limits.ts';
import { type AddressRange, isLoopback, networkOf } from '../net/address-range.ts';
import { placeOf, type RemoteAddress } from '../net/remote-address.ts';
import { namesOneHost, type Site } from '../net/site.ts';
import { type IceSettings, iceServersFor } from '../net/turn-credentials.ts';
import { describeError, type Log } from '../observe/log.ts';
import type { SignInApi } from '../sign-in/sign-in-api.ts';
import { CONSOLE_API } from '../sign-in/sign-in-route.ts';
import { languageOf } from './accept-language.ts';
import { AppealPages, type AppealPagesParts } from './appeal/appeal-pages.ts';
import { createCookie, readCookie, setCookieHeader } from './cookie.ts';
import { insecurePage } from './insecure-page.ts';
import { readJsonBody } from './json-body.ts';
import { jsonReply } from './json-reply.ts';
import { langAttributes, serverWords } from './locale-words.ts';
import { type OwnDataParts, OwnDataRequests } from './own-data.ts';
import { bodyProblem, methodNotAllowed, problem, waitProblem } from './problem.ts';
import { CONSOLE_POLICY, securityHeaders } from './security-headers.ts';
import type { StaticPages } from './static-pages.ts';

export interface HttpParts extends OwnDataParts {
  /** Read at each request, since the port is known late. */
  readonly site: () => Site;
  readonly pages: () => StaticPages;
  /** A user requested a session ticket and is about to connect. */
  readonly onTicket: (subject: SubjectId) => void;
  /** The TURN server goes by the machine's date. */
  readonly machineMs: () => number;
  readonly log: Log;
  readonly trustedProxies: readonly AddressRange[];
  readonly connectionsPerNetworkMax: number;
  readonly facts: () => ServerFacts;
  readonly ice: IceSettings;
  /** The network sanction that blocks a user without a direct decision. */
  readonly networkSanctionOf: AppealPagesParts['networkSanctionOf'];
  /** Null: the server takes no pictures. */
  readonly pictures: Pick<PictureUploads, 'take'> | null;
  readonly signIn: SignInApi;
  readonly console: ReturnType<typeof createConsoleApi>;
  readonly isDraining: () => boolean;
  readonly isStoreFailing: () => boolean;
  /** Called when a request reveals a configuration error. The caller logs it once. */
  readonly onUnlisted: (what: 'proxy' | 'origin') => void;
}

interface Env {
  Bindings: { readonly incoming: IncomingMessage; readonly outgoing: ServerResponse };
  Variables: { readonly place: RemoteAddress };
}

const TEXT = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' } as const;

/**
 * Serves pages, health, session tickets, ICE servers and appeals. Every response carries the
 * security headers.
 */
export function createApp(parts: HttpParts): Hono<Env> {
  const app = new Hono<Env>();

  app.use(async (c, next) => {
    const { incoming, outgoing } = c.env;
    const place = placeOf(incoming, parts.trustedProxies);
    if (place === null) return problem('bad-request', 'The connection is gone.');
    if (place.hasUnlistedHeader) parts.onUnlisted('proxy');
    c.set('place', place);
    // Set on Node's response, because reading a `Headers` object back costs more than most
    // responses. A response's own headers, such as the insecure page's, override them.
    for (const [name, value] of securityHeaders(place.isTls)) outgoing.setHeader(name, value);
    if (namesOneHost(incoming)) await next();
    else c.res = problem('bad-request', 'This request names more than one host.');
    if (c.res.status >= 400) parts.log({ event: 'request-refused', status: c.res.status });
    return undefined;
  });

  // Health checks may use any host name.
  app.get('/livez', (c) => c.body('ok\n', 200, TEXT));
  // Matching works without a store, and reports wait for it. The node stays ready.
  app.get('/readyz', (c) => {
    if (parts.isDraining()) return c.body('draining\n', 503, TEXT);
    return c.body(parts.isStoreFailing() ? 'ok, but the store fails\n' : 'ok\n', 200, TEXT);
  });
  app.all('/livez', () => methodNotAllowed('GET, HEAD'));
  app.all('/readyz', () => methodNotAllowed('GET, HEAD'));

  app.use(async (c, next) => guardAddress(c, parts.site()) ?? (await next()));

  const limiter = new RateLimiterMemory({
    points: parts.connectionsPerNetworkMax * API_REQUESTS_PER_CONNECTION,
    duration: API_WINDOW_MS / 1_000,
  });
  app.use('/api/*', async (c, next) => {
    if (c.req.method !== 'POST') return await next();
    const { origin } = c.env.incoming.headers;
    return (
      guardOrigin(origin, c.get('place'), parts) ??
      (await guardRate(c.get('place'), limiter)) ??
      (await next())
    );
  });
  app.post(SESSION_TICKET_PATH, (c) => giveSessionTicket(c, parts));
  app.post(ICE_SERVERS_PATH, (c) => giveIceServers(c, parts));
  app.post(REPORT_OUTCOME_PATH, (c) => tellOutcome(c, parts));
  app.post(OWN_WARNING_PATH, (c) => tellOwnWarning(c, parts));
  const ownData = new OwnDataRequests(parts);
  app.post(OWN_DATA_PATH, async (c) => {
    const { cookie } = c.env.incoming.headers;
    return await ownData.take(c.req.raw, cookie, networkOf(c.get('place').address));
  });
  app.all(OWN_DATA_PATH, () => methodNotAllowed('POST'));
  const { pictures } = parts;
  if (pictures !== null) {
    const uploads = new RateLimiterMemory({ points: PICTURE_UPLOADS_PER_MINUTE, duration: 60 });
    app.post(REPORT_PICTURES_PATH, async (c) => {
      const place = c.get('place');
      const slow = await guardRate(place, uploads);
      return slow ?? (await pictures.take(c.req.raw, networkOf(place.address)));
    });
    app.all(REPORT_PICTURES_PATH, () => methodNotAllowed('POST'));
  }
  app.all(REPORT_OUTCOME_PATH, () => methodNotAllowed('POST'));
  app.all(OWN_WARNING_PATH, () => methodNotAllowed('POST'));
  app.all(SESSION_TICKET_PATH, () => methodNotAllowed('POST'));
  app.all(ICE_SERVERS_PATH, () => methodNotAllowed('POST'));

  const appeals = new AppealPages(parts);
  app.get(APPEAL_PATH, async (c) => {
    const slow = await guardRate(c.get('place'), limiter);
    const { headers } = c.env.incoming;
    return slow ?? (await appeals.show(c.req.raw, headers, c.get('place').address));
  });
  app.post(APPEAL_PATH, async (c) => {
    const slow = await guardRate(c.get('place'), limiter);
    const { headers } = c.env.incoming;
    return slow ?? (await appeals.take(c.req.raw, headers, c.get('place').address));
  });
  app.all(APPEAL_PATH, () => methodNotAllowed('GET, HEAD, POST'));

  app.use(`${CONSOLE_API}/*`, async (c, next) => {
    const { signIn } = parts;
    const [request, place] = [c.req.raw, c.get('place')] as const;
    return signIn.guard(request, place) ?? (await signIn.respond(request, place)) ?? (await next());
  });
  app.route(CONSOLE_API, parts.console);

  app.get(PICTURE_FRAME_PATH, () => pictureFrame());
  app.all(PICTURE_FRAME_PATH, () => methodNotAllowed('GET, HEAD'));

  app.all('*', (c) => {
    const path = new URL(c.req.url).pathname;
    if (!parts.pages().has(path)) return nothingHere(c);
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') return methodNotAllowed('GET, HEAD');
    const page = parts.pages().respond(path, c.req.raw);
    if (path === CONSOLE_PATH) page?.headers.set('Content-Security-Policy', CONSOLE_POLICY);
    return page ?? nothingHere(c);
  });

  app.onError((error, c) => {
    // The client went away. Not `destroyed`: Node sets it once a body was read to its end.
    const { incoming } = c.env;
    if (!incoming.complete || incoming.socket.destroyed) {
      return problem('bad-request', 'The request ended early.');
    }
    parts.log({ event: 'request-failed', ...describeError(error) });
    return problem('server-error', 'Something went wrong on this server. Please try again.');
  });
  return app;
}

/** Redirects a wrong address to the right one, or refuses it. */
function guardAddress(c: Context<Env>, site: Site): Response | null {
  const { isTls, address } = c.get('place');
  const { headers } = c.env.incoming;
  const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
  if (!isTls && !isLoopback(address)) {
    const secure = site.secureOriginOf(headers.host);
    if (secure !== null && isRead) return redirect(secure, c);
    return isRead
      ? insecurePage(headers['accept-language'] ?? null)
      : problem('needs-https', 'Farandole is reached over HTTPS, or from its own machine.');
  }
  const decision = site.decideHost(headers.host);
  switch (decision.action) {
    case 'serve':
      return null;
    case 'redirect':
      return isRead
        ? redirect(decision.origin, c)
        : problem('wrong-host', `This server is at ${decision.origin}.`);
    case 'refuse':
      return problem(
        'wrong-host',
        'This server does not know the name that it was asked by. Whoever runs it lists its addresses in FARANDOLE_ORIGINS.',
      );
  }
}

function redirect(origin: string, c: Context<Env>): Response {
  const { pathname, search } = new URL(c.req.url);
  // The origin is fixed and the path is appended, so a path that begins with // can't leave it.
  return c.redirect(`${origin}${pathname}${search}`, 307);
}

function guardOrigin(
  origin: string | undefined,
  { isProxied }: RemoteAddress,
  parts: HttpParts,
): Response | null {
  if (parts.site().allowsOrigin(origin)) return null;
  parts.onUnlisted('origin');
  return problem(
    'origin-refused',
    'This page is not one of this server’s. Whoever runs it lists the page’s address in FARANDOLE_ORIGINS.',
    // As for a WebSocket from such a page: serve no further request on this connection.
    isProxied ? {} : { Connection: 'close' },
  );
}

async function guardRate(
  place: RemoteAddress,
  limiter: RateLimiterMemory,
): Promise<Response | null> {
  try {
    await limiter.consume(networkOf(place.address));
    return null;
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal;
    return waitProblem(refusal.msBeforeNext);
  }
}

async function giveSessionTicket(c: Context<Env>, parts: HttpParts): Promise<Response> {
  const body = await readJsonBody(c.req.raw);
  if (!body.ok) return bodyProblem(body.reason);
  if (Object.keys(body.value).length > 0) return bodyProblem('bad-request');
  const { signer, clock, facts, machineMs } = parts;
  const known = readCookie(c.env.incoming.headers.cookie);
  const cookie = known ?? createCookie();
  const session = brandId<SessionId>(signer.randomId());
  const nowWallMs = clock.wallMs();
  const subject = signer.subjectOf(cookie);
  parts.onTicket(subject);
  const reply: SessionTicketReply = {
    ticket: mintSessionTicket(signer, subject, session, nowWallMs),
    ticketExpiresInMs: SESSION_TICKET_LIFETIME_MS,
    server: facts(),
    ...iceServersFor(parts.ice, session, machineMs()),
  };
  return jsonReply(reply, {
    headers: known === null ? { 'Set-Cookie': setCookieHeader(cookie) } : {},
  });
}

async function giveIceServers(c: Context<Env>, parts: HttpParts): Promise<Response> {
  const body = await readJsonBody(c.req.raw);
  if (!body.ok) return bodyProblem(body.reason);
  const { receipt, ...others } = body.value;
  if (typeof receipt !== 'string' || Object.keys(others).length > 0) {
    return bodyProblem('bad-request');
  }
  const nowWallMs = parts.clock.wallMs();
  const opened =
    receipt.length > TOKEN_CHARS_MAX ? null : openSessionReceipt(parts.signer, receipt, nowWallMs);
  if (opened === null) {
    return problem('bad-receipt', 'This receipt is not one of this server’s, or is too old.');
  }
  const reply: IceServersReply = iceServersFor(parts.ice, opened.session, parts.machineMs());
  return jsonReply(reply);
}

/** The outcome of one report. The token proves authorship and doesn't identify the reporter. */
async function tellOutcome(c: Context<Env>, parts: HttpParts): Promise<Response> {
  const body = await readJsonBody(c.req.raw);
  if (!body.ok) return bodyProblem(body.reason);
  const { outcome, ...others } = body.value;
  if (typeof outcome !== 'string' || Object.keys(others).length > 0) {
    return bodyProblem('bad-request');
  }
  const code = outcome.length > TOKEN_CHARS_MAX ? null : parts.signer.openOutcomeToken(outcome);
  if (code === null) return problem('bad-receipt', 'This is not of a report to this server.');
  let state = await parts.store.run('report.outcome', { code });
  if (state === 'gone') {
    // A report may be acknowledged just before it is in the store.
    await parts.whenTaken();
    state = await parts.store.run('report.outcome', { code });
  }
  const reply: ReportOutcomeReply = { state };
  return jsonReply(reply);
}

/** The warning for the user with this cookie. Without a cookie there is none. */
async function tellOwnWarning(c: Context<Env>, parts: HttpParts): Promise<Response> {
  const body = await readJsonBody(c.req.raw);
  if (!body.ok) return bodyProblem(body.reason);
  if (Object.keys(body.value).length > 0) return bodyProblem('bad-request');
  const { store, signer, clock } = parts;
  const cookie = readCookie(c.env.incoming.headers.cookie);
  const subject = cookie === null ? null : signer.subjectOf(cookie);
  const warning =
    subject === null ? null : await store.run('warning.own', { subject, nowMs: clock.wallMs() });
  const reply: OwnWarningReply = { warning };
  return jsonReply(reply);
}

function nothingHere(c: Context<Env>): Response {
  if (!(c.req.header('accept') ?? '').includes('text/html')) {
    return problem('not-found', 'There is nothing at this address.');
  }
  const language = languageOf(c.req.header('accept-language') ?? null);
  const { title, text, link } = serverWords(language).nothing;
  return c.html(
    `<!doctype html><html ${langAttributes(language)}><meta charset="utf-8"><title>${title}</title><p>${text} <a href="/">${link}</a></p></html>`,
    404,
    { 'Cache-Control': 'no-store', Vary: 'Accept-Language' },
  );
}
