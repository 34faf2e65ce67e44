import { type Result, refused } from '@farandole/kernel/result';
import { BODY_BYTES_MAX } from '../limits.ts';
import { type BodyFault, readBody } from './read-body.ts';

/**
 * Reads a small JSON object.
 *
 * @param bytesMax `BODY_BYTES_MAX` by default
 * @throws the stream's error if the client disconnects
 */
export async function readJsonBody(
  request: Request,
  bytesMax = BODY_BYTES_MAX,
): Promise<Result<Readonly<Record<string, unknown>>, BodyFault>> {
  const read = await readBody(request, 'application/json', bytesMax);
  if (!read.ok) return read;
  let body: unknown;
  try {
    body = JSON.parse(read.value);
  } catch {
    return refused('bad-request');
  }
  return typeof body === 'object' && body !== null && !Array.isArray(body)
    ? { ok: true, value: body as Readonly<Record<string, unknown>> }
    : refused('bad-request');
}
