import { ok, type Result, refused } from '@farandole/kernel/result';
import {
  ICE_SERVERS_PATH,
  type IceServersReply,
  type IceServersRequest,
  SESSION_TICKET_PATH,
  type SessionTicketAnswer,
  SOCKET_PATH,
  SUBPROTOCOL,
} from '@farandole/protocol/http-api';
import type { Api, ApiFault, Connectivity, OpenSocket, Scheduler } from './ports.ts';

const HTTP_TIMEOUT_MS = 8_000;

export const openBrowserSocket: OpenSocket = (listener, token) => {
  const url = new URL(SOCKET_PATH, location.href);
  url.protocol = url.protocol === 'https:' ? 'wss:' : 'ws:';
  const socket = new WebSocket(url, [SUBPROTOCOL, token]);
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
  sessionTicket: (request) => post<SessionTicketAnswer>(SESSION_TICKET_PATH, request),
  iceServers: (receipt) =>
    post<IceServersReply>(ICE_SERVERS_PATH, { receipt } satisfies IceServersRequest),
};

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

/** Sends a POST request with any body. */
export async function ask<Reply>(
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
