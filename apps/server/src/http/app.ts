import type { Budget } from '@farandole/gateway/budget/budget';
import { openSessionReceipt } from '@farandole/gateway/receipts';
import { isCommunityName } from '@farandole/kernel/id';
import type { PublishedHour } from '@farandole/moderation/settings/hours';
import { CONSOLE_PATH, PICTURE_FRAME_PATH } from '@farandole/protocol/console-api';
import {
  APPEAL_PATH,
  COMMUNITY_PAGE_PREFIX,
  COMMUNITY_PATH,
  HOUR_CALENDAR_PATH,
  ICE_SERVERS_PATH,
  NOTIFICATIONS_PATH,
  OWN_DATA_PATH,
  OWN_WARNING_PATH,
  type OwnWarningReply,
  REPORT_OUTCOME_PATH,
  REPORT_PICTURES_PATH,
  type ReportOutcomeReply,
  SESSION_TICKET_PATH,
  type ServerFacts,
} from '@farandole/protocol/http-api';
import { TOKEN_CHARS_MAX } from '@farandole/protocol/limits';
import { type Context, Hono } from 'hono';
import { type Budgets, requestUs } from '../budgets.ts';
import type { createConsoleApi } from '../console/console-api.ts';
import { pictureFrame } from '../console/picture-frame.ts';
import type { PictureUploads } from '../evidence/picture-uploads.ts';
import { type AddressRange, isLoopback } from '../net/address-range.ts';
import { placeOf, type RemoteAddress } from '../net/remote-address.ts';
import { namesOneHost, type Site } from '../net/site.ts';
import type { IceIssuer } from '../net/turn-credentials.ts';
import { describeError, type Log } from '../observe/log.ts';
import type { SignInApi } from '../sign-in/sign-in-api.ts';
import { CONSOLE_API } from '../sign-in/sign-in-route.ts';
import { languageOf } from './accept-language.ts';
import { AppealPages, type AppealPagesParts } from './appeal/appeal-pages.ts';
import { type NodeProblem, readinessOf } from './cluster-readiness.ts';
import type { CommunityDoor } from './community-door.ts';
import { readCookie } from './cookie.ts';
import { hourCalendar } from './hour-calendar.ts';
import type { HeaderSink, IncomingRequest } from './incoming-request.ts';
import { insecurePage } from './insecure-page.ts';
import { readJsonBody } from './json-body.ts';
import { jsonReply } from './json-reply.ts';
import { langAttributes, serverWords } from './locale-words.ts';
import type { NotificationRequests } from './notifications.ts';
import { type OwnDataParts, OwnDataRequests } from './own-data.ts';
import { bodyProblem, methodNotAllowed, problem, waitProblem } from './problem.ts';
import { CONSOLE_POLICY, securityHeaders } from './security-headers.ts';
import { SERVICE_WORKER_PATH, serviceWorkerRemoval } from './service-worker-removal.ts';
import type { SessionTickets } from './session-tickets.ts';
import type { StaticPages } from './static-pages.ts';

export interface HttpParts extends OwnDataParts {
  /**
   * Returns the site's origins. This is a function, because the origins are known only after the
   * listening port.
   */
  readonly site: () => Site;
  readonly pages: () => StaticPages;
  /** Whether browsers keep the page's service worker. If not, they are told to remove it. */
  readonly hasOfflinePage: boolean;
  readonly facts: () => ServerFacts;
  readonly sessionTickets: Pick<SessionTickets, 'give'>;
  readonly log: Log;
  readonly trustedProxies: readonly AddressRange[];
  readonly budgets: Budgets;
  readonly iceServers: Pick<IceIssuer, 'renew'>;
  /**
   * Returns the network sanction that restricts a user who has no ban of their own; null if there
   * is none.
   */
  readonly networkSanctionOf: AppealPagesParts['networkSanctionOf'];
  /** Accepts pictures of reports; null if the server accepts no pictures. */
  readonly pictures: Pick<PictureUploads, 'take'> | null;
  /** Takes requests for notifications; null if the operator has turned them off. */
  readonly notifications: Pick<NotificationRequests, 'take'> | null;
  readonly communityDoor: Pick<CommunityDoor, 'take'>;
  readonly publishedHour: (id: string) => PublishedHour | null;
  readonly signIn: SignInApi;
  readonly console: ReturnType<typeof createConsoleApi>;
  readonly isDraining: () => boolean;
  readonly isStoreFailing: () => boolean;
  /** Returns why this node takes no part in the cluster, or null. */
  readonly nodeProblem: () => NodeProblem | null;
  /** Returns the number of child-safety cases that no member may open. */
  readonly unopenableCases: () => number;
  /**
   * Called at each request that reveals an unlisted proxy or origin. The caller logs only the first
   * request of each kind.
   */
  readonly onUnlisted: (what: 'proxy' | 'origin') => void;
}

interface Env {
  Bindings: { readonly incoming: IncomingRequest; readonly outgoing: HeaderSink };
  Variables: { readonly place: RemoteAddress };
}

const TEXT = { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'no-store' } as const;

function sealedLine(cases: number): string {
  if (cases === 0) return '';
  return cases === 1
    ? '1 sealed case, nobody here may open it\n'
    : `${cases} sealed cases, nobody here may open them\n`;
}

/**
 * Creates the HTTP app, which serves pages, health checks, session tickets, ICE servers and
 * appeals. Every response carries the security headers.
 */
export function createApp(parts: HttpParts): Hono<Env> {
  const app = new Hono<Env>();

  app.use(async (c, next) => {
    const { incoming, outgoing } = c.env;
    const place = placeOf(incoming, parts.trustedProxies);
    if (place === null) return problem('bad-request', 'The connection is gone.');
    if (place.hasUnlistedHeader) parts.onUnlisted('proxy');
    c.set('place', place);
    // The headers are set on Node's response, because reading them back from a `Headers` object
    // costs more than most responses take. Headers that a response sets itself, such as those of
    // the insecure page, override them.
    for (const [name, value] of securityHeaders(place.isTls)) outgoing.setHeader(name, value);
    if (namesOneHost(incoming)) await next();
    else c.res = problem('bad-request', 'This request names more than one host.');
    if (c.res.status >= 400) parts.log({ event: 'request-refused', status: c.res.status });
    return undefined;
  });

  // This health check is answered under any host name, because a health checker may use any.
  app.get('/livez', (c) => c.body('ok\n', 200, TEXT));
  // The node is ready even if the store fails, because matching doesn't need the store, and reports
  // wait on disk.
  app.get('/readyz', (c) => {
    if (parts.isDraining()) return c.body('draining\n', 503, TEXT);
    const cluster = readinessOf(parts.nodeProblem());
    if (cluster?.isOwnFault === true) return c.body(cluster.line, 503, TEXT);
    const status = parts.isStoreFailing() ? 'ok, but the store fails\n' : 'ok\n';
    const lines = `${cluster?.line ?? ''}${sealedLine(parts.unopenableCases())}`;
    return c.body(`${status}${lines}`, 200, TEXT);
  });
  app.all('/livez', () => methodNotAllowed('GET, HEAD'));
  app.all('/readyz', () => methodNotAllowed('GET, HEAD'));

  app.use(async (c, next) => guardAddress(c, parts.site()) ?? (await next()));

  const { requests, uploads } = parts.budgets;
  app.use('/api/*', async (c, next) => {
    if (c.req.method !== 'POST') return await next();
    const { origin } = c.env.incoming.headers;
    return (
      guardOrigin(origin, c.get('place'), parts) ??
      guardRate(c.get('place'), requests, requestUs(c.req.path)) ??
      (await next())
    );
  });
  app.post(SESSION_TICKET_PATH, async (c) => {
    const { cookie } = c.env.incoming.headers;
    return await parts.sessionTickets.give(c.req.raw, cookie, c.get('place'));
  });
  app.post(ICE_SERVERS_PATH, (c) => giveIceServers(c, parts));
  app.post(REPORT_OUTCOME_PATH, (c) => tellOutcome(c, parts));
  app.post(OWN_WARNING_PATH, (c) => tellOwnWarning(c, parts));
  const ownData = new OwnDataRequests(parts);
  app.post(OWN_DATA_PATH, async (c) => {
    const { cookie } = c.env.incoming.headers;
    return await ownData.take(c.req.raw, cookie, c.get('place').address.text);
  });
  app.all(OWN_DATA_PATH, () => methodNotAllowed('POST'));
  app.post(COMMUNITY_PATH, async (c) => {
    return await parts.communityDoor.take(c.req.raw, c.get('place').address.text);
  });
  app.all(COMMUNITY_PATH, () => methodNotAllowed('POST'));
  const { pictures, notifications } = parts;
  if (notifications !== null) {
    app.post(NOTIFICATIONS_PATH, async (c) => {
      const slow = guardRate(c.get('place'), parts.budgets.notifications);
      return slow ?? (await notifications.take(c.req.raw));
    });
    app.all(NOTIFICATIONS_PATH, () => methodNotAllowed('POST'));
  }
  if (pictures !== null) {
    app.post(REPORT_PICTURES_PATH, async (c) => {
      const place = c.get('place');
      return guardRate(place, uploads) ?? (await pictures.take(c.req.raw, place.address.text));
    });
    app.all(REPORT_PICTURES_PATH, () => methodNotAllowed('POST'));
  }
  app.all(REPORT_OUTCOME_PATH, () => methodNotAllowed('POST'));
  app.all(OWN_WARNING_PATH, () => methodNotAllowed('POST'));
  app.all(SESSION_TICKET_PATH, () => methodNotAllowed('POST'));
  app.all(ICE_SERVERS_PATH, () => methodNotAllowed('POST'));

  app.get(`${HOUR_CALENDAR_PATH}/:file`, (c) => giveCalendar(c, parts));
  const appeals = new AppealPages(parts);
  app.get(APPEAL_PATH, async (c) => {
    const slow = guardRate(c.get('place'), requests, requestUs(APPEAL_PATH));
    const { headers } = c.env.incoming;
    return slow ?? (await appeals.show(c.req.raw, headers, c.get('place').address));
  });
  app.post(APPEAL_PATH, async (c) => {
    const slow = guardRate(c.get('place'), requests, requestUs(APPEAL_PATH));
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

  if (!parts.hasOfflinePage) app.get(SERVICE_WORKER_PATH, () => serviceWorkerRemoval());

  app.all('*', async (c) => {
    const path = pageOf(new URL(c.req.url).pathname);
    if (!parts.pages().has(path)) return nothingHere(c);
    if (c.req.method !== 'GET' && c.req.method !== 'HEAD') return methodNotAllowed('GET, HEAD');
    const origin = parts.site().originOf(c.env.incoming.headers.host);
    const page = await parts.pages().respond(path, c.req.raw, origin);
    if (path === CONSOLE_PATH) page?.headers.set('Content-Security-Policy', CONSOLE_POLICY);
    return page ?? nothingHere(c);
  });

  app.onError((error, c) => {
    // The client disconnected. The request's `destroyed` can't show this, because Node also sets it
    // when a body was read to its end.
    const { incoming } = c.env;
    if (!incoming.complete || incoming.socket.destroyed) {
      return problem('bad-request', 'The request ended early.');
    }
    parts.log({ event: 'request-failed', ...describeError(error) });
    return problem('server-error', 'Something went wrong on this server. Please try again.');
  });
  return app;
}

/** Returns the path of the file of a page. The first page is also the page of each community. */
function pageOf(path: string): string {
  const name = path.startsWith(COMMUNITY_PAGE_PREFIX) && path.slice(COMMUNITY_PAGE_PREFIX.length);
  return name !== false && isCommunityName(name) ? '/' : path;
}

/**
 * Redirects or refuses a request that wasn't sent to the site's own host, or that came from another
 * machine without TLS. Returns null for any other request.
 */
function guardAddress(c: Context<Env>, site: Site): Response | null {
  const { isTls, address } = c.get('place');
  const { headers } = c.env.incoming;
  const isRead = c.req.method === 'GET' || c.req.method === 'HEAD';
  if (!isTls && !isLoopback(address)) {
    const secure = site.secureOriginOf(headers.host);
    if (secure !== null && isRead) return redirect(secure, c);
    return isRead
      ? insecurePage(headers['accept-language'] ?? null)
      : problem('needs-https', 'Use HTTPS, or a browser on the server’s own machine.');
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
        'This server does not serve this host name. Its operator lists its addresses in FARANDOLE_ORIGINS.',
      );
  }
}

function redirect(origin: string, c: Context<Env>): Response {
  const { pathname, search } = new URL(c.req.url);
  // The redirect's address begins with the origin, so a path that begins with // can't lead to
  // another host.
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
    'This page does not belong to this server. Its operator lists the page’s address in FARANDOLE_ORIGINS.',
    // A direct connection from a page of another site is closed, so that the page can't send
    // another request on it. The server also closes such a connection when it refuses a WebSocket.
    isProxied ? {} : { Connection: 'close' },
  );
}

function guardRate({ address }: RemoteAddress, budget: Budget, cost = 1): Response | null {
  const waitMs = budget.take(address.text, cost);
  return waitMs > 0 ? waitProblem(waitMs) : null;
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
    return problem('bad-receipt', 'This receipt is not from this server, or is too old.');
  }
  const renewed = parts.iceServers.renew(opened.session, c.get('place').address.text);
  return 'waitMs' in renewed ? waitProblem(renewed.waitMs) : jsonReply(renewed);
}

/** Responds with the calendar file of a published hour. */
function giveCalendar(c: Context<Env>, parts: HttpParts): Response {
  const slow = guardRate(c.get('place'), parts.budgets.requests, requestUs(HOUR_CALENDAR_PATH));
  if (slow !== null) return slow;
  const [, id = ''] = /^(.+)\.ics$/u.exec(c.req.param('file') ?? '') ?? [];
  const hour = parts.publishedHour(id);
  const origin = parts.site().originOf(c.env.incoming.headers.host);
  const nowMs = parts.clock.wallMs();
  const file = hour === null ? null : hourCalendar({ hour, origin, nowMs });
  if (file === null) return nothingHere(c);
  return c.body(file, 200, {
    'Content-Type': 'text/calendar; charset=utf-8',
    'Content-Disposition': 'attachment; filename="farandole.ics"',
    'Cache-Control': 'no-store',
  });
}

/**
 * Responds with the outcome of one report. The token in the request proves who wrote the report,
 * but doesn't identify the reporter.
 */
async function tellOutcome(c: Context<Env>, parts: HttpParts): Promise<Response> {
  const body = await readJsonBody(c.req.raw);
  if (!body.ok) return bodyProblem(body.reason);
  const { outcome, ...others } = body.value;
  if (typeof outcome !== 'string' || Object.keys(others).length > 0) {
    return bodyProblem('bad-request');
  }
  const code = outcome.length > TOKEN_CHARS_MAX ? null : parts.signer.openOutcomeToken(outcome);
  if (code === null)
    return problem('bad-receipt', 'This proof is not from a report to this server.');
  const state = await parts.store.run('report.outcome', { code });
  const reply: ReportOutcomeReply = { state };
  return jsonReply(reply);
}

/**
 * Responds with the warning for the user whom the request's cookie identifies; without a cookie
 * there is no warning.
 */
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
    return problem('not-found', 'Not found.');
  }
  const language = languageOf(c.req.header('accept-language') ?? null);
  const { title, text, link } = serverWords(language).nothing;
  return c.html(
    `<!doctype html><html ${langAttributes(language)}><meta charset="utf-8"><title>${title}</title><p>${text} <a href="/">${link}</a></p></html>`,
    404,
    { 'Cache-Control': 'no-store', Vary: 'Accept-Language' },
  );
}
