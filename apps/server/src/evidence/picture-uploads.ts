import type { Budget } from '@farandole/gateway/budget/budget';
import { openPicturesToken } from '@farandole/gateway/pictures-token';
import type { Clock } from '@farandole/kernel/clock';
import type { PictureRefusal } from '@farandole/moderation/evidence/pictures';
import type { ReportId } from '@farandole/moderation/ids';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { TOKEN_CHARS_MAX } from '@farandole/protocol/limits';
import {
  PICTURES_TYPE,
  type ReportPicturesReply,
  unpackPictures,
} from '@farandole/protocol/report-pictures';
import { jsonReply } from '../http/json-reply.ts';
import { bodyProblem, problem, waitProblem } from '../http/problem.ts';
import { readBytes } from '../http/read-body.ts';
import type { NodeSigner } from '../keys/signer.ts';
import { UPLOAD_BYTES_MAX } from '../limits.ts';
import { describeError, type Log } from '../observe/log.ts';
import { reportIdOf } from '../outbox/report-input.ts';
import type { PictureVault } from './picture-vault.ts';

export interface PictureUploadsParts {
  readonly store: Pick<ModerationStore, 'run'>;
  readonly signer: Pick<NodeSigner, 'open'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly vault: Pick<PictureVault, 'seal'>;
  /** Limits simultaneous uploads, which are held in memory, and uploaded bytes per day. */
  readonly budgets: { readonly 'uploads-at-once': Budget; readonly 'upload-bytes': Budget };
}

/** Accepts the pictures of a recent report, in one upload and up to the limits. */
export class PictureUploads {
  readonly #parts: PictureUploadsParts;
  /** Reports whose pictures are being uploaded. A report has one upload at a time. */
  readonly #underWay = new Set<ReportId>();

  constructor(parts: PictureUploadsParts) {
    this.#parts = parts;
  }

  async take(request: Request, address: string): Promise<Response> {
    const report = this.#reportOf(request.headers.get('authorization') ?? '');
    if (report === null) return problem('bad-receipt', 'This token is invalid or expired.');
    const { 'uploads-at-once': atOnce, 'upload-bytes': bytes } = this.#parts.budgets;
    if (this.#underWay.has(report) || atOnce.take(address) > 0) {
      return problem('too-many', 'Too many uploads at once.', { 'Retry-After': '1' });
    }
    this.#underWay.add(report);
    try {
      const waitMs = bytes.take(address, bytesOf(request));
      if (waitMs > 0) return waitProblem(waitMs);
      return await this.#take(request, report);
    } finally {
      this.#underWay.delete(report);
      atOnce.release(address);
    }
  }

  async #take(request: Request, report: ReportId): Promise<Response> {
    const { vault, store, clock, log } = this.#parts;
    // The report is checked before any byte of the pictures is read.
    const before = await store.run('pictures.place', { report, nowMs: clock.wallMs() });
    if (!before.ok) return refusal(before.reason);
    const body = await readBytes(request, PICTURES_TYPE, UPLOAD_BYTES_MAX);
    if (!body.ok) return bodyProblem(body.reason, PICTURES_TYPE);
    const unpacked = unpackPictures(body.value);
    if (!unpacked.ok) {
      return problem('bad-request', `The pictures are invalid (${unpacked.reason}).`);
    }
    const pictures = unpacked.value;
    try {
      const sealed = await vault.seal(before.value, pictures);
      const input = { report, pictures: sealed, nowMs: clock.wallMs() };
      const added = await store.run('pictures.add', input);
      return added.ok ? uploadReply(201, { kept: added.value.kept.length }) : refusal(added.reason);
    } catch (error) {
      log({ event: 'pictures-failed', code: describeError(error).code });
      return problem('not-kept', 'The pictures could not be stored. The report was.');
    }
  }

  #reportOf(authorization: string): ReportId | null {
    const { signer, clock } = this.#parts;
    const [scheme, token = '', ...rest] = authorization.split(' ');
    if (scheme !== 'Bearer' || rest.length > 0 || token.length > TOKEN_CHARS_MAX) return null;
    const claims = openPicturesToken(signer, token, clock.wallMs());
    return claims === null ? null : reportIdOf(claims);
  }
}

/** Returns the announced size of an upload. An upload without a valid size counts as the largest. */
function bytesOf({ headers }: Request): number {
  const announced = Number(headers.get('content-length') ?? '');
  const isValid = Number.isInteger(announced) && announced > 0;
  return isValid ? Math.min(announced, UPLOAD_BYTES_MAX) : UPLOAD_BYTES_MAX;
}

function uploadReply(status: 200 | 201, reply: ReportPicturesReply): Response {
  return jsonReply(reply, { status });
}

function refusal(reason: PictureRefusal): Response {
  switch (reason) {
    case 'unknown':
      return problem('not-kept', 'The report is not in a case yet.', { 'Retry-After': '2' });
    case 'wrong-reason':
      return problem('not-allowed', 'Reports with this reason have no pictures.');
    case 'already-there':
      // An earlier upload stored the pictures, but its response may have been lost. This response
      // therefore reports success, and nothing is stored again.
      return uploadReply(200, { kept: 0 });
    case 'too-late':
      return problem('gone', 'It is too late to add pictures to this report.');
    case 'too-many':
      return problem('gone', 'The report has the maximum number of pictures.');
  }
}
