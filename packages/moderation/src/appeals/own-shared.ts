import type { SubjectId } from '@farandole/kernel/id';
import type { Restriction } from '../cases/decision.ts';
import type { SanctionId } from '../ids.ts';
import { OWN_DECISIONS_MAX } from '../limits.ts';
import { isActive, type Sanction } from '../sanctions/sanction.ts';
import type { Records } from '../store/records.ts';
import type { AffectedAppeal } from './appeal.ts';
import { isSharedScope, type SharedAnswer, type SharedScope } from './shared-appeal.ts';

/**
 * Another user's network or device sanction that also affects the reader. It reveals neither the
 * other user nor the decision.
 */
export interface OwnShared {
  readonly sanction: SanctionId;
  readonly scope: SharedScope['scope'];
  readonly restriction: Restriction;
  readonly endsAtMs: number | null;
  readonly holds: boolean;
  readonly appeal:
    | { readonly state: 'waiting'; readonly atMs: number }
    | {
        readonly state: 'answered';
        readonly atMs: number;
        readonly answeredAtMs: number;
        readonly answer: SharedAnswer;
      }
    | null;
}

/**
 * @param input.sanctions sanctions that affect the user now; sanctions that the user appealed
 * against are added
 */
export async function readOwnShared(
  records: Records,
  input: {
    readonly subject: SubjectId;
    readonly sanctions: readonly SanctionId[];
    readonly nowMs: number;
  },
): Promise<readonly OwnShared[]> {
  const { subject: author, sanctions, nowMs } = input;
  const found = await records.appeals.find(
    { author },
    { limit: OWN_DECISIONS_MAX, newestFirst: true },
  );
  const filed = found.filter((one): one is AffectedAppeal => one.standing === 'affected');
  const own: OwnShared[] = [];
  for (const id of new Set([...sanctions, ...filed.map(({ sanction }) => sanction)])) {
    const affected = await affectedBy(records, id, author);
    if (affected === null) continue;
    const { sanction, scope } = affected;
    const appeal = filed.find((one) => one.sanction === id);
    own.push({
      sanction: id,
      scope,
      restriction: sanction.restriction,
      endsAtMs: sanction.endsAtMs,
      holds: isActive(sanction, nowMs),
      appeal: appeal === undefined ? null : ownAppeal(appeal),
    });
  }
  return own;
}

function ownAppeal(appeal: AffectedAppeal): OwnShared['appeal'] {
  if (appeal.state === 'waiting') return { state: 'waiting', atMs: appeal.atMs };
  const { atMs, answeredAtMs, outcome } = appeal;
  return { state: 'answered', atMs, answeredAtMs, answer: outcome };
}

/** Returns the network or device sanction if its subject is another user, otherwise null. */
export async function affectedBy(
  records: Records,
  id: SanctionId,
  subject: SubjectId,
): Promise<{ readonly sanction: Sanction; readonly scope: SharedScope['scope'] } | null> {
  const sanction = await records.sanctions.get(id);
  if (sanction === null || !isSharedScope(sanction.on)) return null;
  const decision = await records.decisions.get(sanction.decision);
  if (decision === null || decision.subject === subject) return null;
  return { sanction, scope: sanction.on.scope };
}
