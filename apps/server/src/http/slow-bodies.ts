import type { IncomingMessage, ServerResponse } from 'node:http';
import { REQUEST_TIMEOUT_MS, UPLOAD_BYTES_PER_S_MIN, UPLOAD_TIMEOUT_MS } from '../limits.ts';

export interface ComingBody {
  readonly request: Pick<IncomingMessage, 'complete' | 'headers'> & {
    readonly socket: Pick<IncomingMessage['socket'], 'bytesRead' | 'destroyed'>;
  };
  readonly response: Pick<ServerResponse, 'writableEnded'>;
  /** Whether the body is an upload of pictures, for which a slow link gets more time. */
  readonly isUpload: boolean;
}

interface Watched<Body> {
  readonly body: Body;
  readonly fromMs: number;
  readonly fromBytes: number;
}

/**
 * Finds request bodies that take longer than `REQUEST_TIMEOUT_MS`. An upload may take up to
 * `UPLOAD_TIMEOUT_MS` while it keeps the minimum rate and isn't answered yet.
 */
export class SlowBodies<Body extends ComingBody> {
  readonly #coming = new Set<Watched<Body>>();

  /** Called when the headers of a request are read. */
  begin(body: Body, nowMs: number): void {
    const { headers, socket } = body.request;
    const hasBody = 'transfer-encoding' in headers || Number(headers['content-length'] ?? 0) > 0;
    if (hasBody) this.#coming.add({ body, fromMs: nowMs, fromBytes: socket.bytesRead });
  }

  /** Returns the bodies that timed out, and no longer watches them. */
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
