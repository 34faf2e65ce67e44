import type { Result } from '@farandole/kernel/result';
import type {
  IceServersReply,
  Proof,
  ProofNeededReply,
  SessionTicketAnswer,
  SessionTicketRequest,
} from '@farandole/protocol/http-api';

/** A socket that is already opening. After the event `closed` it never calls the listener again. */
export interface Socket {
  /** Sends a message through the socket. Messages sent before the socket is open are lost. */
  send(text: string): void;
  /** @param closed called when the server has closed its end too */
  close(code: number, reason: string, closed?: () => void): void;
}

export interface SocketListener {
  message(text: string): void;
  /** Called once when the socket has closed. The code 1006 means that no close frame arrived. */
  closed(code: number, reason: string): void;
}

/**
 * Opens a socket to the page's server. Never calls the listener synchronously.
 * @param token session ticket, or secret of the session to resume
 */
export type OpenSocket = (listener: SocketListener, token: string) => Socket;

/**
 * Solves a challenge. Rejects if the solver's code can't be loaded.
 * @param progress called with the completed part, from 0 to 1, if the proof takes long
 * @returns the proof; null if this browser can't solve the challenge
 */
export type Prove = (
  needed: ProofNeededReply,
  progress: (share: number) => void,
) => Promise<Proof | null>;

/**
 * Starts a solver for the challenge that may answer a request for a session ticket, so that the
 * challenge doesn't wait for the start. Never throws.
 * @returns a function that ends the solver if no challenge came
 */
export type PrepareProof = () => () => void;

/** Why there is no ticket: the request failed, or (`unproven`) this browser can't prove work. */
export type TicketFault = ApiFault | 'unproven';

export interface Scheduler {
  /**
   * Calls `run` once after `delayMs`.
   * @returns a function that cancels the call of `run`
   */
  after(delayMs: number, run: () => void): () => void;
}

/**
 * Why an HTTP request failed. `unreachable`: retry. `crowded`: retry after a pause. `refused`:
 * don't retry.
 */
export type ApiFault = 'unreachable' | 'crowded' | 'refused';

/** The HTTP requests of the page to its server. They never reject. */
export interface Api {
  sessionTicket(request: SessionTicketRequest): Promise<Result<SessionTicketAnswer, ApiFault>>;
  /** @param receipt receipt of the session */
  iceServers(receipt: string): Promise<Result<IceServersReply, ApiFault>>;
}

export interface DeviceKey {
  /** The device's public key as an uncompressed P-256 point in base64url. */
  readonly publicKey: string;
  /** Signs the UTF-8 bytes of a text with ECDSA and SHA-256. Resolves with r and s in base64url. */
  sign(payload: string): Promise<string>;
}

export interface Connectivity {
  online(): boolean;
  /** @returns a function that removes the listener */
  listen(changed: () => void): () => void;
}
