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

/** The browser's side of the signal ports. */

/** An HTTP call that has not answered by then has failed. */
const HTTP_TIMEOUT_MS = 8_000;
/** Pictures may come over a slow link: a little more than the server waits for them. */
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
    close: (code, reason) => {
      // The browser waits for the other's close frame, which a dead network never brings.
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

/** Asked without the cookie, so that nobody can tell whose report it is. */
export async function askReportOutcome(outcome: string): Promise<Result<ReportOutcome>> {
  const request: ReportOutcomeRequest = { outcome };
  const told = await post<ReportOutcomeReply>(REPORT_OUTCOME_PATH, request, 'omit');
  return told.ok ? ok(told.value.state) : told;
}

/** Asked with the cookie: it is of whoever asks. */
export async function askOwnWarning(): Promise<Result<OwnWarning | null>> {
  const told = await post<OwnWarningReply>(OWN_WARNING_PATH, {});
  return told.ok ? ok(told.value.warning) : told;
}

/** Sent without the cookie: the token says which report it is of, and nobody else is asked. */
export async function sendReportPictures(
  token: string,
  body: Uint8Array<ArrayBuffer>,
): Promise<Result<true, ApiFault>> {
  const headers = { 'content-type': PICTURES_TYPE, authorization: `Bearer ${token}` };
  const init: RequestInit = { headers, body, credentials: 'omit' };
  const sent = await ask(REPORT_PICTURES_PATH, init, UPLOAD_TIMEOUT_MS);
  return sent.ok ? ok(true) : sent;
}

/** The page trusts the shapes of the server that served it. */
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
    // The page trusts the shapes of the server that served it, as it does on the socket.
    if (response.ok) return ok((await response.json()) as Reply);
    return refused(faultOf(response.status));
  } catch {
    return refused('unreachable');
  }
}

/** 429 asks for a pause; other refusals of the request stay; the rest is trouble that passes. */
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

/** Times of the page. The monotonic one goes on while the page is in the background. */
export const browserClock = {
  monotonicMs: () => performance.now(),
  wallMs: () => Date.now(),
};
