import assert from 'node:assert/strict';
import { describe } from 'node:test';
import type { MemberId } from '@farandole/accounts/ids';
import { brandId, type SubjectId } from '@farandole/kernel/id';
import type { AgeRefusal } from '@farandole/moderation/appeals/age-appeals';
import type { AppealId, DeviceHash } from '@farandole/moderation/ids';
import {
  AGE_APPEALS_PER_DEVICE_MAX,
  AGE_APPEALS_PER_DEVICE_MS,
  AGE_LIFTED_FOR_MS,
  APPEAL_TEXT_UNITS_MAX,
  SHARED_APPEAL_KEPT_MS,
  SHIFT_READS_MAX,
} from '@farandole/moderation/limits';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import fc from 'fast-check';
import { atDeskOf } from './support/at-desk.ts';
import { type Desk, given, subject } from './support/desk.ts';

const NINA = subject('nina');
const TEXT = 'My daughter pressed the button.';
const HOUR_MS = 3_600_000;
const LASTS_MS = 20 * HOUR_MS;

const deviceOf = (name: string): DeviceHash => brandId<DeviceHash>(`device-${name}`);

/** A refusal that ends in `LASTS_MS`. */
function refusalOf(desk: Desk, who: SubjectId = NINA, device = 'laptop'): AgeRefusal {
  return { subject: who, device: deviceOf(device), endsAtMs: desk.nowMs + LASTS_MS };
}

async function file(desk: Desk, age: AgeRefusal, text = TEXT) {
  const freshAppeal = brandId<AppealId>(desk.fresh('appeal'));
  return await desk.run('appeal.file', { age, text, freshAppeal });
}

async function answer(desk: Desk, appeal: AppealId, by: MemberId, outcome: 'uphold' | 'overturn') {
  return await desk.run('appeal.answer', { appeal, by, outcome, endsAtMs: null });
}

async function own(desk: Desk, refusedUntilMs: number | null = null, who: SubjectId = NINA) {
  return await desk.run('age.own', { subject: who, refusedUntilMs });
}

async function lifted(desk: Desk): Promise<readonly SubjectId[]> {
  return (await desk.standing()).ageLifts.map((lift) => lift.subject);
}

async function counted(desk: Desk, by: MemberId) {
  const [counts] = await desk.run('desk.counts', { members: [by] });
  return counts?.appeals;
}

function refusedAs(reason: string) {
  return { ok: false, reason };
}

export function ageAppealsContract(adapter: string, open: () => Promise<ModerationStore>): void {
  const it = atDeskOf(open);

  describe(`members answer users’ appeals against age refusals: ${adapter}`, () => {
    it('[MO-142, MO-142b] a granted appeal lifts only its author’s age refusal, for a day', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const refusal = refusalOf(desk);
      const { endsAtMs } = refusal;
      assert.equal(await own(desk), null);
      assert.deepEqual(await own(desk, endsAtMs), { endsAtMs, appeal: null });
      for (const [text, reason] of [
        [' ', 'empty'],
        ['x'.repeat(APPEAL_TEXT_UNITS_MAX + 1), 'text-too-long'],
        ['a\u0007', 'text-has-control-characters'],
      ] as const) {
        assert.deepEqual(await file(desk, refusal, text), refusedAs(reason));
      }
      const { id, atMs } = given(await file(desk, refusal));
      assert.deepEqual(await file(desk, refusal), refusedAs('already-appealed'));
      assert.deepEqual(await own(desk), { endsAtMs, appeal: { state: 'waiting', atMs } });
      const bad = { appeal: id, by: ana, outcome: 'shorten', endsAtMs: desk.nowMs + 1 } as const;
      assert.deepEqual(await desk.run('appeal.answer', bad), refusedAs('malformed'));
      const before = await desk.standing();
      desk.nowMs += HOUR_MS;
      given(await answer(desk, id, ana, 'overturn'));
      assert.notEqual((await desk.standing()).version, before.version, 'nodes read it');
      assert.deepEqual(await lifted(desk), [NINA]);
      const answeredAtMs = desk.nowMs;
      const told = { state: 'answered', atMs, answeredAtMs, outcome: 'overturn' } as const;
      assert.deepEqual(await own(desk, endsAtMs), { endsAtMs: null, appeal: told });
      assert.deepEqual(await answer(desk, id, ana, 'uphold'), refusedAs('answered'));
      desk.nowMs = answeredAtMs + AGE_LIFTED_FOR_MS - 1;
      assert.deepEqual(await lifted(desk), [NINA]);
      desk.nowMs += 1;
      assert.deepEqual(await lifted(desk), []);
      given(await file(desk, refusalOf(desk)));
    });

    it('[MO-142a] an upheld age refusal stays, and a later refusal can be appealed', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const refusal = refusalOf(desk);
      const { id } = given(await file(desk, refusal));
      given(await answer(desk, id, ana, 'uphold'));
      assert.deepEqual(await lifted(desk), []);
      const shown = await own(desk, refusal.endsAtMs);
      assert.equal(shown?.endsAtMs, refusal.endsAtMs);
      assert.ok(shown.appeal?.state === 'answered' && shown.appeal.outcome === 'uphold');
      desk.nowMs = refusal.endsAtMs - 1;
      assert.deepEqual(await file(desk, refusalOf(desk)), refusedAs('already-appealed'));
      desk.nowMs += 1;
      assert.deepEqual(await file(desk, refusal), refusedAs('unknown'), 'it is over');
      given(await file(desk, refusalOf(desk)));
    });

    it('[MO-142c] shows members an appeal without author or device until the refusal ends', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const tom = await desk.hire('tom', 'triage');
      const refusal = refusalOf(desk);
      const { id } = given(await file(desk, refusal));
      const [waiting] = await desk.do('appeal.list', { by: ana });
      assert.deepEqual([waiting?.text, waiting?.mayAnswer], [TEXT, true]);
      const said = JSON.stringify([waiting, await desk.audit()]);
      assert.ok(!said.includes(NINA) && !said.includes(refusal.device));
      assert.equal(await counted(desk, ana), 1);
      assert.deepEqual(await answer(desk, id, tom, 'overturn'), refusedAs('not-allowed'));
      desk.nowMs = refusal.endsAtMs;
      assert.deepEqual(await desk.do('appeal.list', { by: ana }), []);
      assert.equal(await counted(desk, ana), 0);
      assert.deepEqual(await answer(desk, id, ana, 'overturn'), refusedAs('too-late'));
      assert.equal((await own(desk))?.endsAtMs, null);
    });

    it('[MO-142d] caps the appeals of a device per day, whatever the cookie', async (desk) => {
      const first = desk.nowMs;
      for (let n = 0; n < AGE_APPEALS_PER_DEVICE_MAX; n++) {
        given(await file(desk, refusalOf(desk, subject(`cookie-${n}`))));
      }
      assert.deepEqual(await file(desk, refusalOf(desk)), refusedAs('crowded'));
      given(await file(desk, refusalOf(desk, subject('elsewhere'), 'phone')));
      desk.nowMs = first + AGE_APPEALS_PER_DEVICE_MS - 1;
      assert.deepEqual(await file(desk, refusalOf(desk)), refusedAs('crowded'));
      desk.nowMs += 1;
      given(await file(desk, refusalOf(desk)));
    });

    it("[MO-117b] appeals against age refusals don't count toward a member's reading limit", async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const { case: of } = await desk.report(1);
      for (let n = 0; n <= SHIFT_READS_MAX; n++) {
        given(await file(desk, refusalOf(desk, subject(`cookie-${n}`), `device-${n}`)));
      }
      const waiting = await desk.do('appeal.list', { by: ana });
      assert.equal(waiting.filter(({ isShown }) => isShown).length, SHIFT_READS_MAX + 1);
      await desk.do('case.show', { case: of, by: ana });
    });

    it('[MO-142, MO-142d] agrees with a model over random appeals and answers', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const action = fc.oneof(
        fc.record({
          does: fc.constant('file' as const),
          who: fc.constantFrom('one', 'two', 'three', 'four', 'five'),
          device: fc.constantFrom('laptop', 'phone'),
        }),
        fc.record({
          does: fc.constant('answer' as const),
          which: fc.nat(7),
          outcome: fc.constantFrom('uphold' as const, 'overturn' as const),
        }),
        fc.record({
          does: fc.constant('wait' as const),
          ms: fc.constantFrom(HOUR_MS, LASTS_MS - 1, LASTS_MS, AGE_APPEALS_PER_DEVICE_MS),
        }),
      );
      let runs = 0;
      let [crowded, lifts] = [0, 0];
      await fc.assert(
        fc.asyncProperty(fc.array(action, { minLength: 5, maxLength: 30 }), async (actions) => {
          runs += 1;
          // A run's lifts must not reach into the next one.
          desk.nowMs += 3 * AGE_LIFTED_FOR_MS;
          const model: Modelled[] = [];
          for (const one of actions) {
            const nowMs = desk.nowMs;
            if (one.does === 'wait') {
              desk.nowMs += one.ms;
            } else if (one.does === 'file') {
              const who = subject(`${one.who}-${runs}`);
              const device = `${one.device}-${runs}`;
              const expected = filingIn(model, who, device, nowMs);
              const filed = await file(desk, refusalOf(desk, who, device));
              assert.equal(filed.ok ? 'ok' : filed.reason, expected);
              if (expected === 'crowded') crowded += 1;
              if (!filed.ok) continue;
              const { id } = filed.value;
              model.push({ id, who, device, atMs: nowMs, liftedAtMs: null, isAnswered: false });
            } else {
              const about = model[one.which];
              if (about === undefined) continue;
              const isOpen = !about.isAnswered && nowMs < about.atMs + LASTS_MS;
              const answered = await answer(desk, about.id, ana, one.outcome);
              assert.equal(answered.ok, isOpen);
              if (!isOpen) continue;
              about.isAnswered = true;
              if (one.outcome === 'overturn') about.liftedAtMs = nowMs;
            }
            const expected = model.filter((of) => isLiftedIn(of, desk.nowMs)).map(({ who }) => who);
            assert.deepEqual((await lifted(desk)).toSorted(), expected.toSorted());
            lifts += expected.length;
          }
        }),
        { numRuns: 12, seed: 21 },
      );
      assert.ok(crowded > 0 && lifts > 0, `${crowded} crowded, ${lifts} lifted`);
    });

    it('[MO-142e] exports and erases an age appeal with its author’s data', async (desk) => {
      const ana = await desk.hire('ana', 'moderator');
      const { id, atMs } = given(await file(desk, refusalOf(desk)));
      const exported = async () => (await desk.export(NINA)).ageAppeals;
      assert.deepEqual(await exported(), [{ atMs, state: 'waiting', text: TEXT }]);
      const erase = async () => await desk.run('subject.erase', { subject: NINA });
      const asked = await erase();
      assert.deepEqual([asked.appeals, asked.needed], [0, 1], 'a member still has to read it');
      given(await answer(desk, id, ana, 'overturn'));
      assert.deepEqual(await exported(), [{ atMs, state: 'answered', text: null }]);
      assert.deepEqual(await lifted(desk), [NINA]);
      const pass = async () => (await desk.run('time.pass', {})).sharedAppealsRemoved;
      desk.nowMs = atMs + SHARED_APPEAL_KEPT_MS - 1;
      assert.equal(await pass(), 0);
      desk.nowMs += 1;
      assert.equal(await pass(), 1);
      assert.deepEqual(await exported(), []);
    });
  });
}

interface Modelled {
  readonly id: AppealId;
  readonly who: SubjectId;
  readonly device: string;
  readonly atMs: number;
  liftedAtMs: number | null;
  isAnswered: boolean;
}

function isLiftedIn({ liftedAtMs }: Modelled, nowMs: number): boolean {
  return liftedAtMs !== null && nowMs < liftedAtMs + AGE_LIFTED_FOR_MS;
}

function filingIn(model: readonly Modelled[], who: SubjectId, device: string, nowMs: number) {
  const isAppealed = model.some(
    (of) => of.who === who && (nowMs < of.atMs + LASTS_MS || isLiftedIn(of, nowMs)),
  );
  if (isAppealed) return 'already-appealed';
  const ofDay = model.filter(
    (of) => of.device === device && nowMs < of.atMs + AGE_APPEALS_PER_DEVICE_MS,
  );
  return ofDay.length >= AGE_APPEALS_PER_DEVICE_MAX ? 'crowded' : 'ok';
}
