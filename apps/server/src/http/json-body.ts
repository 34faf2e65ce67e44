import { type Result, refused } from '@farandole/kernel/result';
import { BODY_BYTES_MAX } from '../limits.ts';
import { parseJson } from '../node/parse-json.ts';
import { type BodyFault, readBody } from './read-body.ts';

/**
 * Reads a small JSON object from a request's body.
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
  const body = parseJson(read.value);
  return typeof body === 'object' && body !== null && !Array.isArray(body)
    ? { ok: true, value: body as Readonly<Record<string, unknown>> }
    : refused('bad-request');
}
