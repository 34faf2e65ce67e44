import type { Result } from '@farandole/kernel/result';
import type { IceServersReply, SessionTicketReply } from '@farandole/protocol/http-api';

/** What the signal client needs of the world, so that it runs against a fake one in plain Node. */

/** One socket, already opening. Nothing is heard of it after `closed`. */
export interface Socket {
  /** Sends a text frame; what is sent to a socket that is not open is lost. */
  send(text: string): void;
  close(code: number, reason: string): void;
}

export interface SocketListener {
  message(text: string): void;
  /** Once: the socket failed or was closed by either side. 1006 means without a close frame. */
  closed(code: number, reason: string): void;
}

/** Opens a socket to this page's own server. Calls nothing of the listener before it returns. */
export type OpenSocket = (listener: SocketListener) => Socket;

/** Runs things later. */
export interface Scheduler {
  /** Calls `run` once, after `delayMs`. @returns a function that calls it off. */
  after(delayMs: number, run: () => void): () => void;
}

/**
 * Why an HTTP call gave nothing: `unreachable` (no answer, or the server's own fault: try again),
 * `crowded` (try again after a pause), `refused` (trying again does not help).
 */
export type ApiFault = 'unreachable' | 'crowded' | 'refused';

/** The node's HTTP side. Never rejects. */
export interface Api {
  sessionTicket(): Promise<Result<SessionTicketReply, ApiFault>>;
  /** @param receipt the session receipt. */
  iceServers(receipt: string): Promise<Result<IceServersReply, ApiFault>>;
}

/** This device's signing key. */
export interface DeviceKey {
  /** The uncompressed P-256 point, base64url. */
  readonly publicKey: string;
  /** ECDSA with SHA-256 over the text as UTF-8: r and s, base64url. */
  sign(payload: string): Promise<string>;
}

/** Whether the browser believes that there is a network. */
export interface Connectivity {
  online(): boolean;
  /** @returns a function that stops listening. */
  listen(changed: () => void): () => void;
}
