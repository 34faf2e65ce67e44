import { createHash, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { HEADERS_TIMEOUT_MS, REQUEST_TIMEOUT_MS } from '../limits.ts';
import { isLoopbackHost } from '../net/site.ts';
import type { Metrics } from '../observe/metrics.ts';
import { securityHeaders } from './security-headers.ts';

/**
 * Creates the HTTP server of `/metrics`, which has a port of its own. The server doesn't listen
 * yet.
 *
 * Without a token, the server accepts loopback host names only. Otherwise a page whose host name
 * points at 127.0.0.1 would share this port's origin and could read the metrics. Such a page doesn't
 * know the token.
 *
 * @param token that a request must have in `Authorization: Bearer`; null for none
 */
export function createMetricsServer(metrics: Metrics, token: string | null = null): Server {
  return createServer(
    { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    (request, response) => {
      for (const [name, value] of securityHeaders(false)) response.setHeader(name, value);
      response.setHeader('Cache-Control', 'no-store');
      if (token !== null && !hasToken(request, token)) {
        response.setHeader('WWW-Authenticate', 'Bearer');
        say(response, 401, 'Send FARANDOLE_METRICS_TOKEN as a bearer token.\n');
      } else if (token === null && !isLoopbackHost(request.headers.host)) {
        say(response, 421, 'Only localhost, 127.0.0.1 and [::1] are served.\n');
      } else if (request.url !== '/metrics') {
        say(response, 404, 'Only /metrics is served.\n');
      } else if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.setHeader('Allow', 'GET, HEAD');
        say(response, 405, 'Only GET and HEAD can be used here.\n');
      } else {
        metrics.expose().then(
          ({ contentType, text }) =>
            response.writeHead(200, { 'Content-Type': contentType }).end(text),
          () => say(response, 500, 'The metrics could not be read.\n'),
        );
      }
    },
  );
}

/** Compares digests, so that the time of the comparison says nothing about the token. */
function hasToken({ headers }: IncomingMessage, token: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(headers.authorization ?? ''), digest(`Bearer ${token}`));
}

function say(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'Content-Type': 'text/plain; charset=utf-8' }).end(text);
}
