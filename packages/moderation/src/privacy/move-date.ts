import type { DecisionId } from '../ids.ts';
import { DATE_MOVES_SAME_MS, DATE_MOVES_TOLD_MS, STANDING_MAX } from '../limits.ts';
import { isActive } from '../sanctions/sanction.ts';
import type { AuditRow, Records } from '../store/records.ts';

/** The date by which things ended until now, and the one by which they do from now on. */
export interface DateMove {
  readonly fromMs: number;
  readonly toMs: number;
}

interface Times {
  readonly startsAtMs: number;
  readonly endsAtMs: number;
}

const ABOUT = 'date';

/**
 * The date was wrong and is put right, and no time passed by it: what holds goes on for as long as it had
 * left. A step back that takes back the last one forward undoes what that gave; by any other one what holds
 * only lasts longer. It is done once, however many nodes say so.
 *
 * @returns of how many sanctions and holds the end was moved
 */
export async function moveDate(records: Records, move: DateMove): Promise<number> {
  const [row] = await records.audit.of(ABOUT, 1);
  const shift = shiftOf(move, row === undefined ? null : moveIn(row));
  if (shift === null) return 0;
  const moved =
    (await moveSanctions(records, move, shift)) + (await moveHolds(records, move, shift));
  await records.audit.append({
    by: 'software',
    action: 'date.move',
    about: ABOUT,
    atMs: move.toMs,
    details: { wasAtMs: move.fromMs, becameAtMs: move.toMs },
  });
  return moved;
}

/** What becomes of the times of something that holds; null where nothing does. */
function shiftOf(move: DateMove, last: DateMove | null): ((times: Times) => Times) | null {
  const byMs = move.toMs - move.fromMs;
  const lastByMs = last === null ? 0 : last.toMs - last.fromMs;
  const isAlike = (one: number, other: number): boolean =>
    Math.abs(one - other) <= DATE_MOVES_SAME_MS;
  if (last !== null && isAlike(byMs, lastByMs) && move.toMs - last.toMs <= DATE_MOVES_TOLD_MS) {
    return null;
  }
  if (byMs > 0) return ({ startsAtMs, endsAtMs }) => ({ startsAtMs, endsAtMs: endsAtMs + byMs });
  if (last === null || lastByMs <= 0 || !isAlike(-byMs, lastByMs)) return null;
  return ({ startsAtMs, endsAtMs }) => {
    // What began in between by another node's date was never moved.
    const wasGiven = startsAtMs <= last.fromMs;
    const isAhead = startsAtMs >= last.toMs;
    return {
      startsAtMs: isAhead ? startsAtMs - lastByMs : startsAtMs,
      endsAtMs: wasGiven || isAhead ? endsAtMs - lastByMs : endsAtMs,
    };
  };
}

async function moveSanctions(
  records: Records,
  { fromMs }: DateMove,
  shift: (times: Times) => Times,
): Promise<number> {
  const after = { from: fromMs + 1 };
  const decisions = new Set<DecisionId>();
  let count = 0;
  for (const sanction of await records.sanctions.find(
    { holdsUntilMs: after },
    { limit: STANDING_MAX },
  )) {
    const { startsAtMs, endsAtMs } = sanction;
    if (endsAtMs === null || !isActive(sanction, fromMs)) continue;
    await records.sanctions.put({ ...sanction, ...shift({ startsAtMs, endsAtMs }) });
    decisions.add(sanction.decision);
    count += 1;
  }
  for (const id of decisions) {
    const decision = await records.decisions.get(id);
    if (decision === null || decision.endsAtMs === null) continue;
    // When it was decided stays, since an appeal is taken for so long after.
    const { endsAtMs } = shift({ startsAtMs: decision.atMs, endsAtMs: decision.endsAtMs });
    await records.decisions.put({ ...decision, endsAtMs });
  }
  return count;
}

async function moveHolds(
  records: Records,
  { fromMs }: DateMove,
  shift: (times: Times) => Times,
): Promise<number> {
  const held = await records.people.find(
    { heldUntilMs: { from: fromMs + 1 } },
    { limit: STANDING_MAX },
  );
  for (const person of held) {
    if (person.hold === null) continue;
    await records.people.put({ ...person, hold: { ...person.hold, ...shift(person.hold) } });
  }
  return held.length;
}

function moveIn({ details }: AuditRow): DateMove | null {
  const { wasAtMs, becameAtMs } = details ?? {};
  return typeof wasAtMs === 'number' && typeof becameAtMs === 'number'
    ? { fromMs: wasAtMs, toMs: becameAtMs }
    : null;
}
