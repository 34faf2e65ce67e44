import type { MemberId } from '@farandole/accounts/ids';
import { type Role, rolesThatMay } from '@farandole/accounts/roles';
import type { CaseId, PictureId, PictureKeyId, ReportId } from '../ids.ts';
import type { QueueName } from '../reports/queue-name.ts';

/**
 * Metadata of a picture attached to a report. Only the reporter's page claims that it was shown, so
 * interfaces call it *unverified*. The picture itself is stored elsewhere, encrypted with a
 * separate key.
 */
export interface StoredPicture {
  readonly id: PictureId;
  readonly report: ReportId;
  readonly case: CaseId;
  /** The lane at encryption. Permissions use the case's current lane. */
  readonly lane: QueueName;
  /** SHA-256 of the picture, in hexadecimal; null once destroyed. */
  readonly digest: string | null;
  readonly bytes: number;
  /** Age before the report, as claimed by the reporter's page. */
  readonly agoMs: number;
  readonly atMs: number;
  readonly keepUntilMs: number;
  /** Null while it can be opened. */
  readonly shreddedAtMs: number | null;
  readonly uncoveredBy?: readonly MemberId[];
  /** Permission for one view of a possible minor's picture; absent without one. */
  readonly unsealed?: { readonly for: MemberId; readonly untilMs: number };
}

export interface PictureKey {
  readonly id: PictureKeyId;
  readonly picture: PictureId;
  readonly role: Role;
  /** The picture's key encrypted for the role: a compact JWE (RFC 7516). */
  readonly wrapped: string;
  readonly atMs: number;
}

export function rolesOfQueue(lane: QueueName): readonly Role[] {
  return rolesThatMay(lane === 'normal' ? 'evidence.reveal' : 'evidence.reveal-sealed');
}
