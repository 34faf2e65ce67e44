import { type Result, refused } from '@farandole/kernel/result';
import { BODY_BYTES_MAX } from '../limits.ts';

export type BodyFault = 'not-json' | 'too-large' | 'bad-request';

/**
 * Reads a small JSON object. The size is counted as it comes in, whatever the headers say of it.
 *
 * @throws what the stream throws when the client goes away in the middle
 */
export async function readJsonBody(
  request: Request,
): Promise<Result<Readonly<Record<string, unknown>>, BodyFault>> {
  const mediaType = (request.headers.get('content-type') ?? '').split(';')[0] ?? '';
  if (mediaType.trim().toLowerCase() !== 'application/json') return refused('not-json');
  if (Number(request.headers.get('content-length') ?? 0) > BODY_BYTES_MAX) {
    return refused('too-large');
  }
  const chunks: Uint8Array[] = [];
  let byteLength = 0;
  const stream: ReadableStream<Uint8Array> | null = request.body;
  for await (const chunk of stream ?? []) {
    byteLength += chunk.byteLength;
    // Leaving the loop cancels the stream.
    if (byteLength > BODY_BYTES_MAX) return refused('too-large');
    chunks.push(chunk);
  }
  let body: unknown;
  try {
    body = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch {
    return refused('bad-request');
  }
  return typeof body === 'object' && body !== null && !Array.isArray(body)
    ? { ok: true, value: body as Readonly<Record<string, unknown>> }
    : refused('bad-request');
}
