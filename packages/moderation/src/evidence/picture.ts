import type { MemberId } from '@farandole/accounts/ids';
import { type Role, rolesThatMay } from '@farandole/accounts/roles';
import type { CaseId, PictureId, PictureKeyId, ReportId } from '../ids.ts';
import type { QueueName } from '../reports/queue-name.ts';

/**
 * Metadata of a picture attached to a report. Only the reporter's page claims that the picture
 * was shown in the call, so interfaces call it *unverified*. The encrypted picture is stored
 * elsewhere, with a separate key.
 */
export interface StoredPicture {
  readonly id: PictureId;
  readonly report: ReportId;
  readonly case: CaseId;
  /** Queue of the case when the picture was encrypted, which may since have changed. */
  readonly lane: QueueName;
  /** SHA-256 of the picture in hexadecimal. Null once the picture was destroyed. */
  readonly digest: string | null;
  readonly bytes: number;
  /** Age of the picture in milliseconds when it was reported, according to the reporter's page. */
  readonly agoMs: number;
  readonly atMs: number;
  readonly keepUntilMs: number;
  /** Time when the picture was destroyed. Null while it exists. */
  readonly shreddedAtMs: number | null;
  readonly uncoveredBy?: readonly MemberId[];
  /** Approval for one view of a picture that may show a minor. Absent if no view is approved. */
  readonly unsealed?: { readonly for: MemberId; readonly untilMs: number };
}

export interface PictureKey {
  readonly id: PictureKeyId;
  readonly picture: PictureId;
  readonly role: Role;
  /** The picture's key, encrypted for the role that may view it, as a compact JWE (RFC 7516). */
  readonly wrapped: string;
  readonly atMs: number;
}

export function rolesOfQueue(lane: QueueName): readonly Role[] {
  return rolesThatMay(lane === 'normal' ? 'evidence.reveal' : 'evidence.reveal-sealed');
}
