import type { Result } from '@farandole/kernel/result';
import type { IceServersReply, SessionTicketReply } from '@farandole/protocol/http-api';

/** A socket that is already opening. After `closed` it never calls the listener again. */
export interface Socket {
  /** Sends a message. Messages sent before the socket is open are lost. */
  send(text: string): void;
  close(code: number, reason: string): void;
}

export interface SocketListener {
  message(text: string): void;
  /** Called once. The code 1006 means that no close frame arrived. */
  closed(code: number, reason: string): void;
}

/** Opens a socket to the page's server. Never calls the listener synchronously. */
export type OpenSocket = (listener: SocketListener) => Socket;

export interface Scheduler {
  /**
   * Calls `run` once after `delayMs`.
   * @returns a function that cancels the call
   */
  after(delayMs: number, run: () => void): () => void;
}

/** `unreachable`: retry. `crowded`: retry after a pause. `refused`: don't retry. */
export type ApiFault = 'unreachable' | 'crowded' | 'refused';

/** The HTTP requests to the server. They never reject. */
export interface Api {
  sessionTicket(): Promise<Result<SessionTicketReply, ApiFault>>;
  /** @param receipt receipt of the session */
  iceServers(receipt: string): Promise<Result<IceServersReply, ApiFault>>;
}

export interface DeviceKey {
  /** The public key as an uncompressed P-256 point in base64url. */
  readonly publicKey: string;
  /** Signs with ECDSA and SHA-256 over the text's UTF-8. Resolves with r and s in base64url. */
  sign(payload: string): Promise<string>;
}

export interface Connectivity {
  online(): boolean;
  /** @returns a function that stops listening */
  listen(changed: () => void): () => void;
}
