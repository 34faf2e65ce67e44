import { ok, type Result, refused } from '@farandole/kernel/result';
import {
  ICE_SERVERS_PATH,
  type IceServersReply,
  type IceServersRequest,
  OWN_WARNING_PATH,
  type OwnWarning,
  type OwnWarningReply,
  REPORT_OUTCOME_PATH,
  REPORT_PICTURES_PATH,
  type ReportOutcome,
  type ReportOutcomeReply,
  type ReportOutcomeRequest,
  SESSION_TICKET_PATH,
  type SessionTicketReply,
  SOCKET_PATH,
} from '@farandole/protocol/http-api';
import { PICTURES_TYPE } from '@farandole/protocol/report-pictures';
import type { Api, ApiFault, Connectivity, OpenSocket, Scheduler } from './ports.ts';

const HTTP_TIMEOUT_MS = 8_000;
/**
 * Timeout of an upload in ms. It is slightly longer than the server's own timeout, so that the
 * server's reply still arrives on a slow upload.
 */
const UPLOAD_TIMEOUT_MS = 65_000;

export const openBrowserSocket: OpenSocket = (listener) => {
  const url = new URL(SOCKET_PATH, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url);
  let over = false;
  socket.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (!over && typeof event.data === 'string') listener.message(event.data);
  });
  socket.addEventListener('close', (event) => {
    if (over) return;
    over = true;
    listener.closed(event.code, event.reason);
  });
  return {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    close: (code, reason, closed) => {
      if (closed !== undefined) socket.addEventListener('close', closed);
      // Reports a lost socket at once. The browser would wait for the close frame, which a dead
      // network never delivers.
      over = true;
      socket.close(code, reason);
    },
  };
};

export const browserApi: Api = {
  sessionTicket: () => post<SessionTicketReply>(SESSION_TICKET_PATH, {}),
  iceServers: (receipt) =>
    post<IceServersReply>(ICE_SERVERS_PATH, { receipt } satisfies IceServersRequest),
};

/**
 * Queries the server for the outcome of a report. Sends no cookie, so that the server can't link
 * the report to the user.
 */
export async function askReportOutcome(outcome: string): Promise<Result<ReportOutcome>> {
  const request: ReportOutcomeRequest = { outcome };
  const told = await post<ReportOutcomeReply>(REPORT_OUTCOME_PATH, request, 'omit');
  return told.ok ? ok(told.value.state) : told;
}

/**
 * Queries the server for a warning to this user. Sends the cookie, because it identifies the
 * user.
 */
export async function askOwnWarning(): Promise<Result<OwnWarning | null>> {
  const told = await post<OwnWarningReply>(OWN_WARNING_PATH, {});
  return told.ok ? ok(told.value.warning) : told;
}

/** Uploads the pictures of a report. Sends no cookie, because the report's token is enough. */
export async function sendReportPictures(
  token: string,
  body: Uint8Array<ArrayBuffer>,
): Promise<Result<true, ApiFault>> {
  const headers = { 'content-type': PICTURES_TYPE, authorization: `Bearer ${token}` };
  const init: RequestInit = { headers, body, credentials: 'omit' };
  const sent = await ask(REPORT_PICTURES_PATH, init, UPLOAD_TIMEOUT_MS);
  return sent.ok ? ok(true) : sent;
}

/**
 * Sends a POST request to the server. The page doesn't validate the reply, because it trusts its
 * own server.
 */
export async function post<Reply>(
  path: string,
  body: object,
  credentials: RequestCredentials = 'same-origin',
): Promise<Result<Reply, ApiFault>> {
  const headers = { 'content-type': 'application/json' };
  return await ask<Reply>(path, { headers, body: JSON.stringify(body), credentials });
}

async function ask<Reply>(
  path: string,
  init: RequestInit,
  timeoutMs = HTTP_TIMEOUT_MS,
): Promise<Result<Reply, ApiFault>> {
  try {
    const response = await fetch(path, {
      ...init,
      method: 'POST',
      cache: 'no-store',
      signal: AbortSignal.timeout(timeoutMs),
    });
    // The page doesn't validate the HTTP reply, because it trusts its own server, as with messages
    // on the socket.
    if (response.ok) return ok((await response.json()) as Reply);
    return refused(faultOf(response.status));
  } catch {
    return refused('unreachable');
  }
}

/**
 * HTTP status 429 means "retry later"; any other 4xx means that a retry can't help. Every other
 * failure is temporary.
 */
function faultOf(status: number): ApiFault {
  if (status === 429) return 'crowded';
  return status === 400 || status === 403 || status === 421 ? 'refused' : 'unreachable';
}

export const browserScheduler: Scheduler = {
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

export const browserConnectivity: Connectivity = {
  online: () => navigator.onLine,
  listen: (changed) => {
    addEventListener('online', changed);
    addEventListener('offline', changed);
    return () => {
      removeEventListener('online', changed);
      removeEventListener('offline', changed);
    };
  },
};

/** The monotonic clock is used, because it continues while the page is hidden. */
export const browserClock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
};
