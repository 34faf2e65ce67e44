import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
  STATUS_CODES,
} from 'node:http';
import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Budget } from '@farandole/gateway/budget/budget';
import { type HttpProblem, REPORT_PICTURES_PATH } from '@farandole/protocol/http-api';
import { getRequestListener, RequestError } from '@hono/node-server';
import {
  CONNECTIONS_CHECK_EVERY_MS,
  HEADER_BYTES_MAX,
  HEADERS_TIMEOUT_MS,
  HTTP_SOCKETS_MAX,
  KEEP_ALIVE_MS,
  REQUESTS_PER_SOCKET_MAX,
  REQUESTS_UNDER_WAY_MAX,
  STALLED_MS,
  UPLOAD_TIMEOUT_MS,
} from '../limits.ts';
import type { AddressRange } from '../net/address-range.ts';
import { describeError, type Log } from '../observe/log.ts';
import { codeOf } from '../start-error.ts';
import type { createApp } from './app.ts';
import { capSockets } from './network-cap.ts';
import { capPipelines } from './pipeline-cap.ts';
import { type ProblemKind, problem, statusOf } from './problem.ts';
import { securityHeaders } from './security-headers.ts';
import { type ComingBody, SlowBodies } from './slow-bodies.ts';
import { WaitingSockets } from './waiting-sockets.ts';

export interface HardenedServerOptions {
  readonly app: Pick<ReturnType<typeof createApp>, 'fetch'>;
  readonly onUpgrade: (request: IncomingMessage, socket: Duplex, head: Buffer) => void;
  readonly connectionsMax: number;
  /** Limits the sockets of each network, including WebSockets. */
  readonly socketBudget: Budget;
  readonly trustedProxies: readonly AddressRange[];
  readonly log: Log;
  /**
   * Time in ms after which a socket without input and output is closed. Defaults to `STALLED_MS`.
   */
  readonly stalledMs?: number;
  /** Time limit in ms for the headers of a request. Defaults to `HEADERS_TIMEOUT_MS`. */
  readonly headersTimeoutMs?: number;
  /** Time in ms after which an idle connection is closed. Defaults to `KEEP_ALIVE_MS`. */
  readonly keepAliveMs?: number;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

/**
 * Creates an HTTP server with limits on slow, malformed and hostile clients. The server doesn't
 * listen yet. Its timeouts don't apply to upgraded sockets.
 */
export function createHardenedServer(options: HardenedServerOptions): Server {
  const {
    app,
    onUpgrade,
    connectionsMax,
    socketBudget,
    trustedProxies,
    log,
    stalledMs = STALLED_MS,
    headersTimeoutMs = HEADERS_TIMEOUT_MS,
    keepAliveMs = KEEP_ALIVE_MS,
  } = options;
  const refused = (status: number): void => log({ event: 'request-refused', status });
  const listener = getRequestListener(app.fetch, {
    errorHandler: (error) => {
      if (!(error instanceof RequestError)) {
        log({ event: 'request-failed', ...describeError(error) });
      }
      const response =
        error instanceof RequestError
          ? problem('bad-request', 'The request’s address is malformed.')
          : problem('server-error', 'Something went wrong on this server.');
      refused(response.status);
      for (const [name, value] of securityHeaders(false)) response.headers.set(name, value);
      return response;
    },
  });
  const slowBodies = new SlowBodies<ComingBody & Exchange>();
  const mayBeAnswered = capPipelines(REQUESTS_UNDER_WAY_MAX);
  const server = createServer(
    {
      headersTimeout: headersTimeoutMs,
      // Node's timeout is that of an upload, which is the slowest kind of body. `SlowBodies`
      // applies the timeout of each kind.
      requestTimeout: UPLOAD_TIMEOUT_MS,
      connectionsCheckingInterval: CONNECTIONS_CHECK_EVERY_MS,
      keepAliveTimeout: keepAliveMs,
      maxHeaderSize: HEADER_BYTES_MAX,
      noDelay: true,
      // Node accepts a request without a host, because Node's own error wouldn't have our headers.
      // The listener refuses such a request.
      requireHostHeader: false,
      // A request to upgrade to another protocol, such as h2c, is served as a plain request.
      shouldUpgradeCallback: ({ headers }) => headers.upgrade?.toLowerCase() === 'websocket',
    },
    (request, response) => {
      // Node's timeouts end once a request is read, so a client that doesn't read the response
      // could stay connected. The socket's timeout is set at each request, because a timeout set on
      // the server would stay on upgraded sockets.
      request.socket.setTimeout(stalledMs);
      const isUpload = request.method === 'POST' && request.url === REPORT_PICTURES_PATH;
      waiting.begin(request, response);
      slowBodies.begin({ request, response, isUpload }, performance.now());
      if (!mayBeAnswered(request, response)) return;
      // The promise isn't awaited, because the listener handles its own errors, and any other error
      // means that the client disconnected.
      void listener(request, response);
    },
  );
  const waiting = new WaitingSockets(server, trustedProxies);
  const looking = setInterval(() => {
    for (const { request, response } of slowBodies.take(performance.now())) {
      if (response.headersSent) request.socket.destroy();
      else {
        refused(statusOf('request-timeout'));
        refuseRaw(request.socket, 'request-timeout');
      }
    }
  }, CONNECTIONS_CHECK_EVERY_MS);
  looking.unref();
  server.on('close', () => clearInterval(looking));
  server.maxRequestsPerSocket = REQUESTS_PER_SOCKET_MAX;
  server.maxConnections = connectionsMax + HTTP_SOCKETS_MAX;
  capSockets(server, socketBudget, trustedProxies);
  server.on('timeout', (socket: Socket) => {
    waiting.idle(socket, () => {
      // The socket is reset, because after a plain close the system would keep the bytes queued for
      // a client that doesn't read.
      if (socket.writableLength > 0) socket.resetAndDestroy();
      else socket.destroy();
    });
  });
  server.on('upgrade', (request, socket, head) => {
    waiting.begin(request);
    onUpgrade(request, socket, head);
  });
  // An `Expect` header is refused here, because Node's own error wouldn't have our headers.
  server.on('checkExpectation', ({ socket }: IncomingMessage) => {
    refused(statusOf('expectation-failed'));
    refuseRaw(socket, 'expectation-failed');
  });
  server.on('clientError', (error, socket) => {
    const kind = kindOf(error);
    const refuse = (): void => {
      refused(statusOf(kind));
      refuseRaw(socket, kind);
    };
    if (kind === 'request-timeout' && socket instanceof Socket) waiting.late(socket, refuse);
    else refuse();
  });
  return server;
}

const DETAILS: Partial<Record<ProblemKind, string>> = {
  'bad-request': 'Malformed HTTP.',
  'request-timeout': 'The request timed out.',
  'expectation-failed': 'The only supported expectation is 100-continue.',
  'headers-too-large': 'The headers are too large.',
};

function kindOf(error: Error): ProblemKind {
  switch (codeOf(error)) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return 'request-timeout';
    case 'HPE_HEADER_OVERFLOW':
      return 'headers-too-large';
    case null:
    default:
      return 'bad-request';
  }
}

export type RawHeaders = readonly (readonly [string, string])[];

export interface RawRefusal {
  /** Sentence shown to the user. Defaults to the text of the problem's kind. */
  readonly detail?: string;
  /** Headers to send in addition to those of every refusal. */
  readonly headers?: RawHeaders;
  readonly isTls?: boolean;
}

/** Sends an HTTP refusal on a socket that has no response object, and ends the socket. */
export function refuseRaw(socket: Duplex, kind: ProblemKind, refusal: RawRefusal = {}): void {
  const { detail = DETAILS[kind] ?? '', headers = [], isTls = false } = refusal;
  // If the client disconnected, the socket may emit an error. The socket is then destroyed.
  socket.on('error', () => socket.destroy());
  if (!socket.writable) {
    socket.destroy();
    return;
  }
  const status = statusOf(kind);
  const body: HttpProblem = { error: kind, detail };
  const text = JSON.stringify(body);
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`,
    'Connection: close',
    'Content-Type: application/problem+json',
    'Cache-Control: no-store',
    `Content-Length: ${Buffer.byteLength(text)}`,
    ...[...securityHeaders(isTls), ...headers].map(([name, value]) => `${name}: ${value}`),
  ];
  socket.end(`${lines.join('\r\n')}\r\n\r\n${text}`, () => socket.destroy());
}
