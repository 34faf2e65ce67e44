import type { IncomingHttpHeaders } from 'node:http';
import { parseIpAddress } from '@farandole/gateway/signal-policy/address';
import { assert } from '@farandole/kernel/assert';
import { REPORT_PICTURES_PATH, SUBPROTOCOL } from '@farandole/protocol/http-api';
import { CLIENT_FRAME_BYTES_MAX } from '@farandole/protocol/limits';
import type { HeaderSink, IncomingRequest } from '../http/incoming-request.ts';
import { type ProblemKind, problem, statusOf } from '../http/problem.ts';
import { securityHeaders } from '../http/security-headers.ts';
import {
  BUN_PROXY_IDLE_S,
  KEEP_ALIVE_MS,
  SEND_BUFFER_BYTES_MAX,
  STALLED_MS,
  UPLOAD_BYTES_MAX,
  UPLOAD_TIMEOUT_MS,
} from '../limits.ts';
import { isInRange } from '../net/address-range.ts';
import type { Bind } from '../net/listening.ts';
import { describeError } from '../observe/log.ts';
import { type UpgradeAdmission, type UpgradeRefusal, usedTicket } from './admission.ts';
import type { BunServeOptions, BunServer } from './bun-api.ts';
import { BunSocket } from './bun-socket.ts';
import type { TransportParts } from './transport.ts';
import type { Opened } from './upgrade-parts.ts';

/** What Bun keeps with a WebSocket. */
interface Data extends Pick<UpgradeAdmission, 'network' | 'facts'> {
  /** Null until Bun has answered the handshake. */
  socket: BunSocket | null;
}

/**
 * The transport on Bun. Bun parses requests and frames itself, so its own limits replace those of
 * `createHardenedServer`; decision 0034 compares them.
 */
export function bindBun(parts: TransportParts): Bind {
  const { Bun: bun } = globalThis;
  assert(bun !== undefined, 'this process runs on Bun');
  const options = optionsOf(parts);
  return async (hostname, port) => {
    const server = bun.serve({ ...options, hostname, port });
    return { port: server.port, close: () => server.stop(true) };
  };
}

function optionsOf(parts: TransportParts): Omit<BunServeOptions<Data>, 'hostname' | 'port'> {
  const { upgrades, log } = parts;
  return {
    idleTimeout: KEEP_ALIVE_MS / 1_000,
    maxRequestBodySize: UPLOAD_BYTES_MAX,
    fetch: async (request, server) => {
      const incoming = new BunRequest(request, server);
      return isHandshake(incoming)
        ? await upgrade(parts, request, server, incoming)
        : await respond(parts, request, server, incoming);
    },
    error: (error) => {
      log({ event: 'request-failed', ...describeError(error) });
      return secured(problem('server-error', 'Something went wrong on this server.'), false);
    },
    websocket: {
      maxPayloadLength: CLIENT_FRAME_BYTES_MAX,
      // The node closes a slow client at `SEND_BUFFER_BYTES_MAX`, after a flush that is far shorter.
      backpressureLimit: 2 * SEND_BUFFER_BYTES_MAX,
      closeOnBackpressureLimit: true,
      // `Sockets` pings, and drops silent sockets.
      idleTimeout: 0,
      sendPings: false,
      perMessageDeflate: false,
      open: (ws) => {
        const socket = new BunSocket(ws);
        ws.data.socket = socket;
        upgrades.sockets.open(socket, ws.data.network, ws.data.facts);
      },
      message: ({ data }, message) => data.socket?.message(message),
      ping: ({ data }, payload) => data.socket?.pinged(payload.byteLength),
      pong: ({ data }, payload) => data.socket?.ponged(payload.byteLength),
      close: ({ data }, code, reason) => data.socket?.closed(code, reason),
    },
  };
}

/** A request of Bun in Node's form. Bun joins the values of repeated headers, also of `Host`. */
class BunRequest implements IncomingRequest {
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: string[] = [];
  readonly method: string;
  /** Path and query. Bun takes the host of an absolute target from `Host`. */
  readonly url: string;
  readonly complete = true;
  readonly socket: IncomingRequest['socket'];

  constructor(request: Request, server: BunServer<Data>) {
    this.headers = Object.fromEntries(request.headers);
    this.method = request.method;
    this.url = request.url.slice(request.url.indexOf('/', 'https://'.length));
    const { signal } = request;
    this.socket = {
      remoteAddress: server.requestIP(request)?.address,
      get destroyed() {
        return signal.aborted;
      },
    };
  }
}

function isHandshake({ headers }: IncomingRequest): boolean {
  return headers.upgrade?.toLowerCase() === 'websocket';
}

async function respond(
  { app, trustedProxies, log }: TransportParts,
  request: Request,
  server: BunServer<Data>,
  incoming: IncomingRequest,
): Promise<Response> {
  const refuse = (kind: ProblemKind, detail: string): Response => {
    log({ event: 'request-refused', status: statusOf(kind) });
    return secured(problem(kind, detail, { Connection: 'close' }), false);
  };
  // Without a host, or with a malformed one, Bun gives no absolute address.
  if (!URL.canParse(request.url) || !request.url.startsWith('http')) {
    return refuse('bad-request', 'The request’s address is malformed.');
  }
  const { expect, 'content-length': length = '' } = incoming.headers;
  if (length.includes(',')) return refuse('bad-request', 'Malformed HTTP.');
  if (expect !== undefined && expect.toLowerCase() !== '100-continue') {
    return refuse('expectation-failed', 'The only supported expectation is 100-continue.');
  }
  const isUpload = request.method === 'POST' && incoming.url === REPORT_PICTURES_PATH;
  // Bun's timeout counts from here to the end of the body, however slowly the body comes.
  server.timeout(request, (isUpload ? UPLOAD_TIMEOUT_MS : STALLED_MS) / 1_000);
  const headers = new Map<string, string>();
  const outgoing: HeaderSink = {
    setHeader(name, value) {
      headers.set(name, value);
      return this;
    },
  };
  const response = await app.fetch(request, { incoming, outgoing });
  for (const [name, value] of headers) {
    if (!response.headers.has(name)) response.headers.set(name, value);
  }
  if (!isStream(response)) server.timeout(request, idleSeconds(incoming, trustedProxies));
  return response;
}

/** An event stream keeps the timeout of a stalled connection. Its events come more often. */
function isStream(response: Response): boolean {
  return response.headers.get('content-type')?.startsWith('text/event-stream') ?? false;
}

/**
 * Returns how long the connection may stay idle. A proxy closes idle connections itself, and takes
 * a close that meets its next request for an error.
 */
function idleSeconds(
  { socket }: IncomingRequest,
  proxies: TransportParts['trustedProxies'],
): number {
  const peer = proxies.length === 0 ? null : parseIpAddress(socket.remoteAddress ?? '');
  const isProxy = peer !== null && proxies.some((range) => isInRange(peer, range));
  return isProxy ? BUN_PROXY_IDLE_S : KEEP_ALIVE_MS / 1_000;
}

/** Answers a WebSocket handshake. Returns undefined if the request became a WebSocket. */
async function upgrade(
  { upgrades: { admission, redeem, log } }: TransportParts,
  request: Request,
  server: BunServer<Data>,
  incoming: IncomingRequest,
): Promise<Response | undefined> {
  const refuse = ({ kind, detail, headers, isTls }: UpgradeRefusal): Response => {
    log({ event: 'request-refused', status: statusOf(kind) });
    const response = problem(kind, detail, Object.fromEntries(headers));
    response.headers.set('Connection', 'close');
    return secured(response, isTls);
  };
  const verdict = admission.judge(incoming);
  if (verdict === null) return problem('bad-request', 'The connection is gone.');
  if (!verdict.isAdmitted) return refuse(verdict);
  const opened =
    redeem === undefined
      ? {}
      : await new Promise<Opened | null>((resolve) => redeem(verdict.token, resolve));
  if (opened === null) return refuse(usedTicket(verdict.isTls));
  const { network } = verdict;
  const facts = { ...verdict.facts, ...opened };
  const data: Data = { network, facts, socket: null };
  const headers = { 'Sec-WebSocket-Protocol': SUBPROTOCOL };
  if (server.upgrade(request, { headers, data })) return undefined;
  return refuse(admission.refusalOfMalformed(incoming));
}

function secured(response: Response, isTls: boolean): Response {
  for (const [name, value] of securityHeaders(isTls)) response.headers.set(name, value);
  return response;
}
