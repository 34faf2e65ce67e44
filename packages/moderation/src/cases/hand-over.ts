import type { MemberId } from '@farandole/accounts/ids';
import { appendAudit } from '@farandole/accounts/records';
import { ok, type Result, refused } from '@farandole/kernel/result';
import type { CaseId } from '../ids.ts';
import type { Records } from '../store/records.ts';
import type { Case } from './case-machine.ts';
import { type HandOverStep, joinTicks } from './handover-steps.ts';
import { openFor } from './lookup.ts';
import { isHandOverTick } from './well-formed.ts';

/** Sets or clears a handover step. Setting it again keeps its first member and time. */
export async function tickHandOver(
  records: Records,
  input: {
    readonly case: CaseId;
    readonly by: MemberId;
    readonly step: HandOverStep;
    readonly done: boolean;
    readonly nowMs: number;
  },
): Promise<Result<Case, 'not-allowed' | 'unknown' | 'malformed' | 'not-now'>> {
  const { case: id, by, step, done, nowMs } = input;
  if (!isHandOverTick(step, done)) return refused('malformed');
  const opened = await openFor(records, id, by, 'case.decide-child-safety');
  if (!opened.ok) return opened;
  const { of } = opened.value;
  if (of.lane !== 'child-safety') return refused('not-now');
  const { handOver: before = [] } = of;
  if (before.some((tick) => tick.step === step) === done) return ok(of);
  const handOver = done
    ? joinTicks(before, [{ step, by, atMs: nowMs }])
    : before.filter((tick) => tick.step !== step);
  const ticked: Case = { ...of, handOver };
  await records.cases.put(ticked);
  const action = done ? 'hand-over.tick' : 'hand-over.untick';
  await appendAudit(records, { by, nowMs }, action, id, { step });
  return ok(ticked);
}
