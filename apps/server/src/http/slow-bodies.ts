import type { IncomingMessage, ServerResponse } from 'node:http';
import { REQUEST_TIMEOUT_MS, UPLOAD_BYTES_PER_S_MIN, UPLOAD_TIMEOUT_MS } from '../limits.ts';

/** What is looked at of a request and its answer. */
export interface ComingBody {
  readonly request: Pick<IncomingMessage, 'complete' | 'headers'> & {
    readonly socket: Pick<IncomingMessage['socket'], 'bytesRead' | 'destroyed'>;
  };
  readonly response: Pick<ServerResponse, 'writableEnded'>;
  /** Large enough that a slow link needs longer for it. */
  readonly isUpload: boolean;
}

interface Watched<Body> {
  readonly body: Body;
  readonly fromMs: number;
  readonly fromBytes: number;
}

/**
 * Bodies of requests that are still coming. Each has `REQUEST_TIMEOUT_MS`; an upload has longer as long as
 * it comes on, which whoever sends a byte now and then does not, and nobody whose request was answered
 * already: only what somebody waits for is waited for.
 */
export class SlowBodies<Body extends ComingBody> {
  readonly #coming = new Set<Watched<Body>>();

  /** A request whose headers are here. */
  begin(body: Body, nowMs: number): void {
    const { headers, socket } = body.request;
    const hasBody = 'transfer-encoding' in headers || Number(headers['content-length'] ?? 0) > 0;
    if (hasBody) this.#coming.add({ body, fromMs: nowMs, fromBytes: socket.bytesRead });
  }

  /** Those that have taken too long by now; they are not looked at again. */
  take(nowMs: number): readonly Body[] {
    const slow: Body[] = [];
    for (const watched of this.#coming) {
      const { request } = watched.body;
      const isOver = request.complete || request.socket.destroyed;
      const isSlow = !isOver && isTooSlow(watched, nowMs);
      if (isOver || isSlow) this.#coming.delete(watched);
      if (isSlow) slow.push(watched.body);
    }
    return slow;
  }

  get size(): number {
    return this.#coming.size;
  }
}

function isTooSlow({ body, fromMs, fromBytes }: Watched<ComingBody>, nowMs: number): boolean {
  const elapsedMs = nowMs - fromMs;
  if (elapsedMs < REQUEST_TIMEOUT_MS) return false;
  if (!body.isUpload || body.response.writableEnded || elapsedMs >= UPLOAD_TIMEOUT_MS) return true;
  const bytes = body.request.socket.bytesRead - fromBytes;
  return bytes < (UPLOAD_BYTES_PER_S_MIN * elapsedMs) / 1_000;
}
