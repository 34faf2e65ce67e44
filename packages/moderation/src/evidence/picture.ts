import type { MemberId } from '@farandole/accounts/ids';
import { type Role, rolesThatMay } from '@farandole/accounts/roles';
import type { CaseId, PictureId, PictureKeyId, ReportId } from '../ids.ts';
import type { QueueName } from '../reports/queue-name.ts';

/**
 * Metadata of a picture attached to a report. Only the reporter's page claims that the picture was
 * shown in the call, so interfaces call it *unverified*. The encrypted picture is stored elsewhere,
 * with a separate key.
 */
export interface StoredPicture {
  readonly id: PictureId;
  readonly report: ReportId;
  readonly case: CaseId;
  /** The queue when the picture was encrypted. Permission checks use the case's current queue. */
  readonly lane: QueueName;
  /** SHA-256 of the picture, in hexadecimal; null once the picture was destroyed. */
  readonly digest: string | null;
  readonly bytes: number;
  /** Age of the picture when it was reported, in milliseconds, as the reporter's page claims. */
  readonly agoMs: number;
  readonly atMs: number;
  readonly keepUntilMs: number;
  /** When the picture was destroyed; null before. */
  readonly shreddedAtMs: number | null;
  readonly uncoveredBy?: readonly MemberId[];
  /** Permission for one view of a possible minor's picture; absent without permission. */
  readonly unsealed?: { readonly for: MemberId; readonly untilMs: number };
}

export interface PictureKey {
  readonly id: PictureKeyId;
  readonly picture: PictureId;
  readonly role: Role;
  /** The picture's key, encrypted for the role, as a compact JWE (RFC 7516). */
  readonly wrapped: string;
  readonly atMs: number;
}

export function rolesOfQueue(lane: QueueName): readonly Role[] {
  return rolesThatMay(lane === 'normal' ? 'evidence.reveal' : 'evidence.reveal-sealed');
}
