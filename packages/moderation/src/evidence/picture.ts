import type { MemberId } from '@farandole/accounts/ids';
import { type Role, rolesThatMay } from '@farandole/accounts/roles';
import type { CaseId, PictureId, PictureKeyId, ReportId } from '../ids.ts';
import type { Lane } from '../reports/lane.ts';

/**
 * A picture that came with a report, as it is kept: what the reporter's page says it was shown.
 * Nobody else vouches for it, so that it is *unverified* wherever it is spoken of. The picture
 * itself is elsewhere, sealed under a key of its own.
 */
export interface KeptPicture {
  readonly id: PictureId;
  readonly report: ReportId;
  readonly case: CaseId;
  /** Under which lane it was sealed. What may be done with it goes by the case's lane of now. */
  readonly lane: Lane;
  /** SHA-256 of the picture, in hexadecimal; null once it is shredded. */
  readonly digest: string | null;
  readonly bytes: number;
  /** How long before the report it was taken, by the reporter's page. */
  readonly agoMs: number;
  /** When it came. */
  readonly atMs: number;
  readonly keepUntilMs: number;
  /** Null while somebody may open it. */
  readonly shreddedAtMs: number | null;
  /** Who has looked at it; left out while nobody has. */
  readonly uncoveredBy?: readonly MemberId[];
  /** Who may look at it once, though it may be of a minor, and until when; left out where nobody may. */
  readonly unsealed?: { readonly for: MemberId; readonly untilMs: number };
}

/** What opens a picture, for whoever has a role. */
export interface PictureKey {
  readonly id: PictureKeyId;
  readonly picture: PictureId;
  readonly role: Role;
  /** The picture's key, encrypted to the role's: a JWE (RFC 7516) in its compact form. */
  readonly wrapped: string;
  readonly atMs: number;
}

/** Whose keys a picture of a lane is wrapped to: those who may ever look at it. */
export function rolesOfLane(lane: Lane): readonly Role[] {
  return rolesThatMay(lane === 'normal' ? 'evidence.reveal' : 'evidence.reveal-sealed');
}
