import type { SubjectId } from '@farandole/kernel/id';
import type { Result } from '@farandole/kernel/result';
import { ok, refused } from '@farandole/kernel/result';
import type { AppealId, DeviceHash } from '../ids.ts';
import {
  AGE_APPEALS_PER_DEVICE_MAX,
  AGE_APPEALS_PER_DEVICE_MS,
  AGE_LIFTED_FOR_MS,
  RESTRICTIONS_MAX,
} from '../limits.ts';
import type { Records } from '../store/records.ts';
import type { AgeAppeal, MeasureOutcome } from './appeal.ts';

/** A refusal because someone declared on the user's device to be a minor, with another cookie. */
export interface AgeRefusal {
  readonly subject: SubjectId;
  readonly device: DeviceHash;
  readonly endsAtMs: number;
}

/** A refused user's last appeal, as the user reads it. It never says who declared. */
export interface OwnAge {
  /** End of the refusal. Null once it ended or was lifted. */
  readonly endsAtMs: number | null;
  readonly appeal:
    | { readonly state: 'waiting'; readonly atMs: number }
    | {
        readonly state: 'answered';
        readonly atMs: number;
        readonly answeredAtMs: number;
        readonly outcome: MeasureOutcome;
      }
    | null;
}

/** A user whom a member exempted from the refusals of their device. */
export interface AgeLift {
  readonly subject: SubjectId;
  readonly endsAtMs: number;
}

/**
 * Returns the refusal of a user by device key and the user's last appeal. Null if there is
 * neither.
 *
 * @param input.refusedUntilMs end of the refusal by the user's code; null without a code
 */
export async function readOwnAge(
  records: Records,
  input: {
    readonly subject: SubjectId;
    readonly refusedUntilMs: number | null;
    readonly nowMs: number;
  },
): Promise<OwnAge | null> {
  const { subject, refusedUntilMs, nowMs } = input;
  const last = await lastAgeAppeal(records, subject);
  const isRefused = refusedUntilMs !== null && refusedUntilMs > nowMs;
  if (last === null || (isRefused && !isCurrent(last, nowMs))) {
    if (refusedUntilMs === null) return null;
    return { endsAtMs: isRefused ? refusedUntilMs : null, appeal: null };
  }
  const isOver = isLifting(last) || last.endsAtMs <= nowMs;
  return { endsAtMs: isOver ? null : last.endsAtMs, appeal: ownAppeal(last) };
}

function ownAppeal(appeal: AgeAppeal): OwnAge['appeal'] {
  const { state, atMs } = appeal;
  if (state === 'waiting') return { state, atMs };
  const { answeredAtMs, outcome } = appeal;
  return { state, atMs, answeredAtMs, outcome };
}

/**
 * Creates an appeal against a refusal by device key. Refuses a second appeal against the same
 * refusal, and more than `AGE_APPEALS_PER_DEVICE_MAX` of a device within a day (`crowded`).
 */
export async function createAgeAppeal(
  records: Records,
  { subject: author, device, endsAtMs }: AgeRefusal,
  id: AppealId,
  nowMs: number,
): Promise<Result<AgeAppeal, 'unknown' | 'already-appealed' | 'crowded'>> {
  if (endsAtMs <= nowMs) return refused('unknown');
  const last = await lastAgeAppeal(records, author);
  if (last !== null && isCurrent(last, nowMs)) return refused('already-appealed');
  const day = { from: nowMs - AGE_APPEALS_PER_DEVICE_MS + 1 };
  const filed = await records.appeals.count({ device, atMs: day });
  if (filed >= AGE_APPEALS_PER_DEVICE_MAX) return refused('crowded');
  return ok({ id, standing: 'age', author, device, endsAtMs, atMs: nowMs, state: 'waiting' });
}

/** Returns the users whom members exempted from the refusals of their devices. */
export async function readAgeLifts(records: Records, nowMs: number): Promise<readonly AgeLift[]> {
  // An answer comes before the refusal ends, so an older appeal has no lift in force.
  const from = nowMs - 2 * AGE_LIFTED_FOR_MS;
  const answered = await records.appeals.find(
    { standing: 'age', state: 'answered', atMs: { from } },
    { limit: RESTRICTIONS_MAX },
  );
  return answered.flatMap((appeal) => {
    const endsAtMs = appeal.standing === 'age' ? liftedUntilMs(appeal) : null;
    if (appeal.standing !== 'age' || endsAtMs === null || endsAtMs <= nowMs) return [];
    return [{ subject: appeal.author, endsAtMs }];
  });
}

async function lastAgeAppeal(records: Records, author: SubjectId): Promise<AgeAppeal | null> {
  const newest = { limit: 1, newestFirst: true } as const;
  const [last] = await records.appeals.find({ author, standing: 'age' }, newest);
  return last?.standing === 'age' ? last : null;
}

/** Whether the appealed refusal, or the lift that followed, is still in force. */
function isCurrent(appeal: AgeAppeal, nowMs: number): boolean {
  return appeal.endsAtMs > nowMs || (liftedUntilMs(appeal) ?? 0) > nowMs;
}

function isLifting(appeal: AgeAppeal): boolean {
  return liftedUntilMs(appeal) !== null;
}

function liftedUntilMs(appeal: AgeAppeal): number | null {
  if (appeal.state !== 'answered' || appeal.outcome !== 'overturn') return null;
  return appeal.answeredAtMs + AGE_LIFTED_FOR_MS;
}
