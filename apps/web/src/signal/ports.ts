import type { Result } from '@farandole/kernel/result';
import type { IceServersReply, SessionTicketReply } from '@farandole/protocol/http-api';

/** A socket that is already opening. Silent after `closed`. */
export interface Socket {
  /** Messages sent before it is open are lost. */
  send(text: string): void;
  close(code: number, reason: string): void;
}

export interface SocketListener {
  message(text: string): void;
  /** Called once. 1006: no close frame. */
  closed(code: number, reason: string): void;
}

/** Opens a socket to the page's server. Never calls the listener synchronously. */
export type OpenSocket = (listener: SocketListener) => Socket;

export interface Scheduler {
  /** Calls `run` once after `delayMs`. @returns a function that cancels it */
  after(delayMs: number, run: () => void): () => void;
}

/** `unreachable`: retry; `crowded`: retry after a pause; `refused`: don't retry. */
export type ApiFault = 'unreachable' | 'crowded' | 'refused';

/** The server's HTTP side. Never rejects. */
export interface Api {
  sessionTicket(): Promise<Result<SessionTicketReply, ApiFault>>;
  /** @param receipt the session receipt */
  iceServers(receipt: string): Promise<Result<IceServersReply, ApiFault>>;
}

export interface DeviceKey {
  /** Uncompressed P-256 point, base64url. */
  readonly publicKey: string;
  /** ECDSA with SHA-256 over UTF-8: r and s, base64url. */
  sign(payload: string): Promise<string>;
}

export interface Connectivity {
  online(): boolean;
  /** @returns a function that stops listening */
  listen(changed: () => void): () => void;
}
