import { createServer, type Server } from 'node:http';
import { HEADERS_TIMEOUT_MS, REQUEST_TIMEOUT_MS } from '../limits.ts';
import type { Metrics } from '../metrics.ts';

const TEXT = { 'Content-Type': 'text/plain; charset=utf-8' } as const;

/** `/metrics` on a port of its own, for whoever watches this machine. It does not listen yet. */
export function createMetricsServer(metrics: Metrics): Server {
  return createServer(
    { headersTimeout: HEADERS_TIMEOUT_MS, requestTimeout: REQUEST_TIMEOUT_MS },
    (request, response) => {
      if (request.url !== '/metrics') {
        response.writeHead(404, TEXT).end('Only /metrics is here.\n');
      } else if (request.method !== 'GET' && request.method !== 'HEAD') {
        response.writeHead(405, { ...TEXT, Allow: 'GET, HEAD' }).end();
      } else {
        metrics.expose().then(
          ({ contentType, text }) =>
            response.writeHead(200, { 'Content-Type': contentType }).end(text),
          () => response.writeHead(500, TEXT).end(),
        );
      }
    },
  );
}
