import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { brandId } from '@farandole/kernel/id';
import type { ApartChange } from '@farandole/moderation/apart/note-apart';
import type { BlockNote, UnblockNote } from '@farandole/moderation/apart/separation';
import type { AnchorHash } from '@farandole/moderation/ids';
import {
  AGE_REFUSAL_KEPT_MS,
  ANCHOR_KEPT_MS,
  APART_WRITTEN_AT_ONCE,
  BLOCK_REMOVAL_KEPT_MS,
  CASE_KEPT_MS,
  HOUSEKEEPING_BATCH_MAX,
  MET_READ_MS,
  NETWORK_APART_KEPT_MS,
  PAIR_KEPT_MS,
  PEOPLE_READ_MAX,
  SEPARATIONS_READ_MAX,
} from '@farandole/moderation/limits';
import type { InputOf } from '@farandole/moderation/service/commands';
import type { ModerationStore } from '@farandole/moderation/store/ports';
import { atDeskOf } from './support/at-desk.ts';
import { type Desk, device, matchId, reportFrom, START_MS, subject } from './support/desk.ts';

/** A block of call number `n`. By default Ada blocks Mallory. */
function block(n: number, change: Partial<BlockNote> = {}): BlockNote & { readonly mark: string } {
  return {
    kind: 'block',
    match: matchId(n),
    side: 'a',
    by: subject('ada'),
    byDevice: device('ada'),
    of: subject('mallory'),
    ofDevice: device('mallory'),
    ofNetwork: 'network-of-mallory',
    atWallMs: START_MS + n,
    ...change,
    mark: change.mark ?? `mark-${n}`,
  };
}

function unblock(
  { match, by, of, mark }: BlockNote & { readonly mark: string },
  atWallMs = START_MS,
): UnblockNote {
  return { kind: 'unblock', match, side: 'a', by, of, mark, atWallMs };
}

async function note(desk: Desk, ...changes: readonly ApartChange[]): Promise<void> {
  await desk.store.run('apart.note', { changes });
}

async function separations(desk: Desk) {
  const page = { what: 'blocks', after: null, limit: 10_000, nowMs: desk.nowMs } as const;
  return (await desk.store.run('apart.read', page)).notes;
}

async function read(desk: Desk, ...names: readonly string[]) {
  const people = names.map((name) => ({ subject: subject(name), device: device(name) }));
  return await desk.run('person.read', { people });
}

export function apartContract(adapter: string, open: () => Promise<ModerationStore>): void {
  const it = atDeskOf(open);

  describe(`the store keeps users apart: ${adapter}`, () => {
    it('[ST-18] stores a block once, and removes only the block with the given mark', async (desk) => {
      await note(desk, block(1), block(1, { atWallMs: START_MS + 50 }), block(2));
      assert.deepEqual(await separations(desk), [block(1), block(2)]);
      await note(desk, unblock({ ...block(1), of: subject('bob') }));
      await note(desk, unblock({ ...block(1), mark: 'another-mark' }));
      assert.equal((await separations(desk)).length, 2);
      await note(desk, unblock(block(1)));
      assert.deepEqual(await separations(desk), [block(2)]);
      await note(desk, unblock(block(1)));
      // Changes of one command apply in order.
      await note(desk, block(3), unblock(block(3)), unblock(block(4)), block(4));
      assert.deepEqual(await separations(desk), [block(2), block(4)]);
    });

    it('[ST-18e] keeps the removal of a block for all nodes, until it expires', async (desk) => {
      const removals = async (nowMs = desk.nowMs) => {
        const page = { what: 'removals', after: null, limit: 10, nowMs } as const;
        return (await desk.store.run('apart.read', page)).notes;
      };
      await note(desk, block(1), unblock(block(1), START_MS + 7), unblock(block(2)));
      assert.deepEqual(await removals(), [unblock(block(1), START_MS + 7)]);
      // A repeated removal or block, as after a lost answer, changes nothing.
      await note(desk, unblock(block(1), START_MS + 9), block(1));
      assert.deepEqual(await removals(), [unblock(block(1), START_MS + 7)]);
      assert.deepEqual(await separations(desk), []);
      for (const { apart } of await read(desk, 'ada', 'mallory')) assert.deepEqual(apart, []);
      assert.deepEqual((await desk.export(subject('ada'))).blocked, []);
      const endMs = START_MS + 7 + BLOCK_REMOVAL_KEPT_MS;
      await desk.store.run('time.pass', { nowMs: endMs - 1 });
      assert.equal((await removals()).length, 1);
      const { blockRemovalsRemoved } = await desk.store.run('time.pass', { nowMs: endMs });
      assert.deepEqual([blockRemovalsRemoved, await removals()], [1, []]);
    });

    it('[MM-23a] keeps the date of a user’s first visit, until an erasure', async (desk) => {
      const visit = async (atMs: number, network: string): Promise<void> => {
        const anchor = { subject: subject('ada'), network: brandId<AnchorHash>(network), atMs };
        const anchors = [{ ...anchor, family: 'v4', bits: 24 } as const];
        await desk.store.run('anchors.see', { anchors });
      };
      const firstSeenAtMs = async () =>
        (await read(desk, 'ada', 'bob')).map((one) => one.firstSeenAtMs);
      assert.deepEqual(await firstSeenAtMs(), [null, null]);
      await visit(START_MS, 'one');
      await visit(START_MS + 5, 'one');
      await visit(START_MS + 9, 'two');
      assert.deepEqual(await firstSeenAtMs(), [START_MS, null]);
      const { networks, firstSeenAtMs: exported } = await desk.export(subject('ada'));
      assert.deepEqual([networks.length, exported], [2, START_MS]);
      await desk.run('subject.erase', { subject: subject('ada') });
      assert.deepEqual(await firstSeenAtMs(), [null, null]);
      await visit(START_MS + 20, 'two');
      assert.deepEqual(await firstSeenAtMs(), [START_MS + 20, null]);
      await desk.store.run('time.pass', { nowMs: START_MS + 20 + ANCHOR_KEPT_MS });
      assert.deepEqual(await firstSeenAtMs(), [null, null]);
    });

    it('[ST-18] stores more changes in one command than one statement holds', async (desk) => {
      const all = Array.from({ length: APART_WRITTEN_AT_ONCE + 1 }, (_, n) => block(n));
      await note(desk, ...all);
      assert.deepEqual(await separations(desk), all);
    });

    it('[ST-18a] keeps the users of a report apart, once, with the first report’s ids', async (desk) => {
      const input = { ...reportFrom(1), asked: 'page-report-1', ofNetwork: 'network-of-mallory' };
      const { first } = await desk.store.run('report.take', input);
      assert.deepEqual(first, { id: 'page-report-1', code: 'CODE-1' });
      const again = { ...input, code: 'CODE-NEW', asked: 'page-report-2' };
      const merged = await desk.store.run('report.take', again);
      assert.deepEqual([merged.intake, merged.first], ['merged', first]);
      assert.deepEqual(await separations(desk), [
        {
          ...{ kind: 'reported', id: 'page-report-1', code: 'CODE-1', match: matchId(1) },
          ...{ reporterSide: 'a', by: subject('ada'), of: subject('mallory') },
          ...{ ofDevice: device('mallory'), ofNetwork: 'network-of-mallory' },
          atWallMs: START_MS + 1,
        },
      ]);
    });

    it('[ST-14c] forgets the author of blocks and reports on the author’s request', async (desk) => {
      await note(desk, block(1), block(2, { by: subject('bob'), mark: 'mark-of-bob' }));
      await desk.report(3, { byDevice: 'ada' });
      await desk.report(4, { by: 'bob' });
      const ofOthers = (await separations(desk)).filter(({ kind }) => kind !== 'age-refused');
      await desk.run('subject.erase', { subject: subject('ada') });
      const apart = {
        ...{ kind: 'block', match: 'apart', side: null, by: subject('ada') },
        ...{ byDevice: device('ada'), of: subject('mallory'), ofDevice: device('mallory') },
      };
      const after = await separations(desk);
      assert.deepEqual(after.slice(0, 2), [
        { ...apart, mark: null, atWallMs: 0 },
        { ...apart, mark: 'mark-1', atWallMs: 0 },
      ]);
      assert.deepEqual(
        after.slice(2),
        ofOthers.filter((one) => 'by' in one && one.by === subject('bob')),
      );
      const own = await desk.export(subject('ada'));
      assert.deepEqual(own.blocked, []);
      // The mark still revokes the block, and the same block can't come back.
      await note(desk, block(1));
      assert.equal((await separations(desk)).length, 4);
      await note(desk, unblock(block(1)));
      assert.equal((await separations(desk)).length, 3);
      // A repeated report still gets the first code, but the page's id of the first is gone.
      const merged = await desk.store.run('report.take', { ...reportFrom(3), code: 'CODE-NEW' });
      assert.deepEqual(merged.first, { id: null, code: 'CODE-3' });
    });

    it('[ST-14d] exports a user’s own blocks and declarations, and not whom they are about', async (desk) => {
      const refused = {
        kind: 'age-refused',
        subject: subject('ada'),
        device: device('ada'),
      } as const;
      await note(desk, block(1), { ...refused, atWallMs: START_MS });
      const own = await desk.export(subject('ada'));
      assert.deepEqual(
        [own.blocked, own.underAge],
        [[{ atMs: START_MS + 1 }], [{ atMs: START_MS }]],
      );
      assert.ok(!JSON.stringify(own).includes('mallory'));
      const other = await desk.export(subject('mallory'));
      assert.deepEqual([other.blocked, other.underAge], [[], []]);
      assert.ok(!JSON.stringify(other).includes('ada'));
      // A minor can't remove a declaration by an erasure.
      await desk.run('subject.erase', { subject: subject('ada') });
      assert.equal((await read(desk, 'ada'))[0]?.ageRefusedAtMs, START_MS);
    });

    it('[ST-15b, ST-15d] forgets networks, authors and declarations when they expire', async (desk) => {
      const refused = { kind: 'age-refused', subject: subject('ada'), atWallMs: START_MS } as const;
      await note(desk, block(0), refused);
      await desk.report(0);
      const kindsAt = async (atMs: number) => {
        await desk.store.run('time.pass', { nowMs: START_MS + atMs });
        return (await separations(desk)).map((one) => {
          const { ofNetwork } = one as BlockNote;
          return [one.kind, one.atWallMs > 0, ofNetwork !== undefined].join(' ');
        });
      };
      const refusals = async () => {
        const page = { what: 'ages', after: null, limit: 10, nowMs: START_MS } as const;
        return (await desk.store.run('apart.read', page)).notes.length;
      };
      assert.deepEqual(await kindsAt(NETWORK_APART_KEPT_MS - 1), [
        'block true true',
        'reported true false',
      ]);
      assert.equal(await refusals(), 1);
      assert.deepEqual(await kindsAt(NETWORK_APART_KEPT_MS), [
        'block true false',
        'reported true false',
      ]);
      assert.equal(AGE_REFUSAL_KEPT_MS, NETWORK_APART_KEPT_MS);
      assert.equal(await refusals(), 0);
      assert.equal((await kindsAt(PAIR_KEPT_MS - 1))[0], 'block true false');
      assert.deepEqual(await kindsAt(PAIR_KEPT_MS), ['block false false', 'reported true false']);
      assert.equal((await kindsAt(CASE_KEPT_MS - 1)).at(-1), 'reported true false');
      assert.deepEqual(await kindsAt(CASE_KEPT_MS), ['block false false', 'block false false']);
    });

    it('[ST-15b] forgets the authors of many blocks in several steps', async (desk) => {
      const all = Array.from({ length: HOUSEKEEPING_BATCH_MAX + 1 }, (_, n) => block(n));
      await note(desk, ...all);
      const nowMs = START_MS + PAIR_KEPT_MS + all.length;
      assert.equal((await desk.store.run('time.pass', { nowMs })).more, true);
      assert.equal((await desk.store.run('time.pass', { nowMs })).more, false);
      assert.ok((await separations(desk)).every(({ atWallMs }) => atWallMs === 0));
    });

    it('[ST-18b] reads separations, declarations and meetings in pages, oldest first', async (desk) => {
      const all = [1, 1, 1, 2, 3, 3, 4].map((atWallMs, n) =>
        block(n, { atWallMs: START_MS + atWallMs }),
      );
      const refused = [1, 2, 2].map((atMs, n) => ({
        kind: 'age-refused' as const,
        subject: subject(`minor-${n}`),
        device: device('theirs'),
        atWallMs: START_MS + atMs,
      }));
      await note(desk, ...all, ...refused);
      for (let n = 0; n < 3; n++) await desk.pair(n, 'ada', `met-${n}`);
      desk.nowMs += 5;
      for (const [what, expected] of [
        ['blocks', all.map(({ mark }) => mark)],
        ['ages', refused.map((one) => one.subject)],
        ['pairs', [0, 1, 2].map(matchId)],
      ] as const) {
        for (const limit of [1, 2, 3, 10]) {
          const found: (string | null)[] = [];
          let after: InputOf<'apart.read'>['after'] = null;
          do {
            const page: InputOf<'apart.read'> = { what, after, limit, nowMs: desk.nowMs };
            const { notes, next } = await desk.store.run('apart.read', page);
            assert.ok(notes.length <= limit);
            for (const one of notes) {
              if (one.kind === 'block' || one.kind === 'unblock') found.push(one.mark);
              else found.push(one.kind === 'age-refused' ? one.subject : one.match);
            }
            after = next;
          } while (after !== null);
          assert.deepEqual(found, expected, `${what} in pages of ${limit}`);
        }
      }
    });

    it('[ST-18c] reads everything about several users at once', async (desk) => {
      const refused = { kind: 'age-refused', atWallMs: START_MS + 7 } as const;
      await note(
        desk,
        block(1),
        block(2, { by: subject('bob'), byDevice: device('bob'), of: subject('new-ada') }),
        block(3, { by: subject('cy'), byDevice: device('cy'), of: subject('dora') }),
        { ...refused, subject: subject('ada'), device: device('dora') },
        { ...refused, subject: subject('dora'), device: device('dora'), atWallMs: START_MS + 3 },
      );
      await desk.report(4, { by: 'ada', of: 'eve' });
      await desk.pair(5, 'ada', 'eve');
      const names = ['ada', 'mallory', 'dora', 'nobody'];
      const found = await read(desk, ...names);
      assert.deepEqual(
        found.map((one) => one.subject),
        names.map(subject),
      );
      const [ada, mallory, dora, nobody] = found;
      assert.ok(ada !== undefined && mallory !== undefined && dora !== undefined);
      assert.ok(nobody !== undefined);
      assert.deepEqual(
        ada.apart.map((one) => (one.kind === 'block' ? one.mark : one.code)),
        ['mark-1', 'CODE-4'],
      );
      // Mallory's device appears in the blocks of all three calls.
      assert.deepEqual(mallory.apart, [
        block(1),
        block(2, { by: subject('bob'), byDevice: device('bob'), of: subject('new-ada') }),
        block(3, { by: subject('cy'), byDevice: device('cy'), of: subject('dora') }),
      ]);
      assert.deepEqual(
        ada.met.map((met) => [met.match, met.subject, met.atMs]),
        [[matchId(5), subject('eve'), desk.nowMs]],
      );
      const refusalsOf = ({ ageRefusedAtMs, cookieRefusedAtMs, deviceRefusedAtMs }: typeof ada) =>
        [ageRefusedAtMs, cookieRefusedAtMs, deviceRefusedAtMs].map(
          (atMs) => atMs && atMs - START_MS,
        );
      assert.deepEqual(refusalsOf(ada), [7, 7, null]);
      assert.deepEqual(refusalsOf(dora), [7, 3, 7]);
      const [eve] = await read(desk, 'eve');
      assert.equal(eve?.trust?.subject, subject('eve'));
      assert.deepEqual(nobody, {
        ...{ subject: subject('nobody'), device: device('nobody'), trust: null },
        ...{ apart: [], met: [], ageRefusedAtMs: null },
        ...{ cookieRefusedAtMs: null, deviceRefusedAtMs: null, firstSeenAtMs: null },
      });
      desk.nowMs = START_MS + AGE_REFUSAL_KEPT_MS + 7;
      assert.equal((await read(desk, 'ada'))[0]?.ageRefusedAtMs, null);
      assert.deepEqual(await desk.run('person.read', { people: [] }), []);
    });

    it('[ST-18c] counts a meeting from the end of the call', async (desk) => {
      await desk.pair(1, 'ada', 'bob');
      const metAfter = async (ms: number) => {
        desk.nowMs = START_MS + ms;
        return (await read(desk, 'ada'))[0]?.met.map(({ atMs }) => atMs - START_MS);
      };
      assert.deepEqual(await metAfter(MET_READ_MS), [0]);
      assert.deepEqual(await metAfter(MET_READ_MS + 1), []);
      const ended = [
        { id: matchId(1), endedAtMs: START_MS + 5 },
        { id: matchId(9), endedAtMs: START_MS + 5 },
      ];
      await desk.store.run('pairs.note', { pairs: [], ended });
      assert.deepEqual(await metAfter(MET_READ_MS + 5), [5]);
      assert.deepEqual(await metAfter(MET_READ_MS + 6), []);
      // The start is repeated, for instance by another node, and changes nothing.
      await desk.pair(1, 'ada', 'bob');
      assert.deepEqual(await metAfter(MET_READ_MS + 6), []);
      const { met } = await desk.export(subject('ada'));
      assert.deepEqual(met, [{ atMs: START_MS, mode: 'video' }], 'one meeting, with its start');
    });

    it('[ST-18c] reads at most PEOPLE_READ_MAX users, and one’s many blocks hide nobody’s', async (desk) => {
      const many = Array.from({ length: SEPARATIONS_READ_MAX }, (_, n) =>
        block(n + 10, { of: subject(`blocked-${n}`), ofDevice: device(`blocked-${n}`) }),
      );
      const old = block(1, { by: subject('bob'), byDevice: device('bob'), of: subject('cy') });
      await note(desk, old, ...many);
      const [ada, bob] = await read(desk, 'ada', 'bob');
      assert.equal(ada?.apart.length, SEPARATIONS_READ_MAX);
      assert.deepEqual(bob?.apart, [old]);
      const names = Array.from({ length: PEOPLE_READ_MAX + 1 }, (_, n) => `person-${n}`);
      assert.equal((await read(desk, ...names)).length, PEOPLE_READ_MAX);
    });
  });
}
