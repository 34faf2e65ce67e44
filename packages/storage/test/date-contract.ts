import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { DATE_MOVES_SAME_MS, DATE_MOVES_TOLD_MS } from '@farandole/moderation/limits';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { atDeskOf } from './support/at-desk.ts';
import { DAY_MS, type Desk, START_MS } from './support/desk.ts';

const HOUR_MS = 3_600_000;
const JUMP_MS = 30 * DAY_MS;

/** What a date that is put right changes, over any store. */
export function dateContract(adapter: string, open: () => Promise<ModerationStore>): void {
  const it = atDeskOf(open);

  /** Mallory is suspended for a day, with a device key, and Eve is held for one. */
  const sanctioned = async (desk: Desk): Promise<void> => {
    const ana = await desk.hire('ana', 'moderator');
    const { case: of } = await desk.report(900);
    await desk.decideNow(of, ana, 'suspend-1d');
    for (let n = 0, hold = null; hold === null && n < 20; n++) {
      const by = { by: `reporter-${n}`, of: 'eve', evidence: 'verified', atMs: START_MS } as const;
      ({ hold } = await desk.report(n, by));
    }
  };
  /** By how much each sanction and each hold ends after the first second of the test. */
  const ends = async (desk: Desk): Promise<readonly number[]> => {
    const { sanctions, holds } = await desk.standing();
    return [...sanctions, ...holds].map(({ endsAtMs }) => (endsAtMs ?? 0) - START_MS);
  };
  const move = (desk: Desk, fromMs: number, toMs: number): Promise<number> =>
    desk.store.run('date.move', { fromMs, toMs });
  const DAY_EACH = [DAY_MS, DAY_MS, DAY_MS];
  const LATER_EACH = DAY_EACH.map((ms) => ms + JUMP_MS);

  describe(`date: ${adapter}`, () => {
    it('[MO-81] what holds when the date is put forward goes on for as long as it had left, and nodes are told of it', async (desk) => {
      await sanctioned(desk);
      assert.deepEqual(await ends(desk), DAY_EACH);
      const { version } = await desk.standing();
      const fromMs = START_MS + HOUR_MS;
      assert.equal(await move(desk, fromMs, fromMs + JUMP_MS), 3);
      assert.deepEqual(await ends(desk), LATER_EACH);
      assert.notEqual((await desk.standing()).version, version);
      desk.nowMs = START_MS + JUMP_MS + DAY_MS - 1;
      assert.deepEqual(await ends(desk), LATER_EACH);
      desk.nowMs += 1;
      assert.deepEqual(await ends(desk), []);
      const [row] = (await desk.audit()).filter(({ action }) => action === 'date.move');
      assert.deepEqual(row?.details, { wasAtMs: fromMs, becameAtMs: fromMs + JUMP_MS });
    });

    it('[MO-81] that is done once, whichever node says so again, and anew when it is another step', async (desk) => {
      await sanctioned(desk);
      const toMs = START_MS + JUMP_MS;
      await move(desk, START_MS, toMs);
      const again = toMs + DATE_MOVES_TOLD_MS;
      assert.equal(await move(desk, again - JUMP_MS + DATE_MOVES_SAME_MS, again), 0);
      assert.deepEqual(await ends(desk), LATER_EACH);
      const other = JUMP_MS + DATE_MOVES_SAME_MS + 1;
      assert.equal(await move(desk, toMs, toMs + other), 3);
      assert.deepEqual(
        await ends(desk),
        LATER_EACH.map((ms) => ms + other),
      );
    });

    it('[MO-81] a date that is put back as far is as if it had never been ahead', async (desk) => {
      await sanctioned(desk);
      const toMs = START_MS + JUMP_MS;
      await move(desk, START_MS, toMs);
      desk.nowMs = toMs + 2 * HOUR_MS;
      const boris = await desk.hire('boris', 'moderator');
      const { case: of } = await desk.report(901, { of: 'oz', atMs: desk.nowMs });
      await desk.decideNow(of, boris, 'suspend-1d');
      await move(desk, toMs + 3 * HOUR_MS, START_MS + 3 * HOUR_MS);
      desk.nowMs = START_MS + 3 * HOUR_MS;
      assert.deepEqual(
        (await ends(desk)).toSorted((a, b) => a - b),
        [...DAY_EACH, DAY_MS + 2 * HOUR_MS, DAY_MS + 2 * HOUR_MS],
      );
    });

    it('[MO-81] by any other step back nothing ends sooner', async (desk) => {
      await sanctioned(desk);
      assert.equal(await move(desk, START_MS, START_MS - JUMP_MS), 0);
      assert.deepEqual(await ends(desk), DAY_EACH);
    });
  });
}
