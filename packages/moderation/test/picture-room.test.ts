import assert from 'node:assert/strict';
import { test } from 'node:test';
import { brandId, type SubjectId } from '@farandole/kernel/id';
import {
  type Bringer,
  type RetainedPicture,
  roomFor,
} from '@farandole/moderation/evidence/picture-room';
import type { AnchorHash, PictureId } from '@farandole/moderation/ids';
import { CASE_PICTURES_MAX, REPORTER_PICTURES_MAX } from '@farandole/moderation/limits';
import fc from 'fast-check';

const SHARE = REPORTER_PICTURES_MAX;

const bringer = (reporter: string, network: string | null): Bringer => ({
  reporter: brandId<SubjectId>(reporter),
  network: network === null ? null : brandId<AnchorHash>(network),
});

class Pictures {
  held: readonly RetainedPicture[] = [];
  #next = 0;

  /** @returns the number of pictures accepted and removed */
  bring(by: Bringer, count: number): { readonly taken: number; readonly gone: number } {
    const { taken, givesWay } = roomFor(this.held, by, count);
    const gone = new Set(givesWay);
    assert.equal(gone.size, givesWay.length);
    const left = this.held.filter(({ id }) => !gone.has(id));
    assert.equal(left.length, this.held.length - gone.size, 'what goes was there');
    const fresh = Array.from({ length: taken }, (_, at) => {
      this.#next += 1;
      return { ...by, id: brandId<PictureId>(`picture-${this.#next}`), agoMs: 500 * (at + 1) };
    });
    this.held = [...left, ...fresh];
    return { taken, gone: gone.size };
  }

  of({ reporter }: Bringer): readonly RetainedPicture[] {
    return this.held.filter((one) => one.reporter === reporter);
  }
}

test('[MO-116] accepts all pictures from one network after a flood from another', () => {
  for (const friends of [1, 20, 21, 300]) {
    const pictures = new Pictures();
    for (let n = 0; n < friends; n++) pictures.bring(bringer(`friend-${n}`, 'one room'), SHARE);
    const real = bringer('real', 'home');
    assert.equal(pictures.bring(real, SHARE).taken, SHARE, `${friends} friends`);
    // Later reporters of the same network don't displace the pictures.
    for (let n = 0; n < 50; n++) pictures.bring(bringer(`late-${n}`, 'one room'), SHARE);
    assert.equal(pictures.of(real).length, SHARE);
    assert.ok(pictures.held.length <= CASE_PICTURES_MAX);
  }
});

test("[MO-116] removes the largest reporter's oldest pictures when the case is full", () => {
  const pictures = new Pictures();
  const many = bringer('many', 'crowd');
  const few = bringer('few', 'crowd');
  pictures.bring(many, SHARE);
  pictures.bring(few, 3);
  for (let n = 0; pictures.held.length < CASE_PICTURES_MAX; n++) {
    const room = Math.min(10, CASE_PICTURES_MAX - pictures.held.length);
    const { gone } = pictures.bring(bringer(`other-${n}`, `network-${n}`), room);
    assert.equal(gone, 0, 'there is room');
  }
  pictures.bring(bringer('real', 'home'), 5);
  assert.equal(pictures.of(few).length, 3);
  assert.deepEqual(
    pictures.of(many).map(({ agoMs }) => agoMs),
    Array.from({ length: SHARE - 5 }, (_, at) => 500 * (at + 1)),
  );
});

test("[MO-116] shares a case's picture limit evenly in any order of arrival", () => {
  const people = Array.from({ length: 60 }, (_, n) =>
    // Creates reporters with networks of their own, reporters who share a network, and reporters
    // without a known network.
    bringer(`reporter-${n}`, n % 3 === 0 ? `own-${n}` : n % 7 === 0 ? null : `crowd-${n % 4}`),
  );
  const arrivals = fc.array(
    fc.record({
      by: fc.constantFrom(...people),
      count: fc.constantFrom(1, 7, SHARE, SHARE, SHARE),
    }),
    { minLength: 20, maxLength: 100, size: 'max' },
  );
  let full = 0;
  fc.assert(
    fc.property(arrivals, (all) => {
      const pictures = new Pictures();
      const brought = new Map<Bringer, number>();
      for (const { by, count } of all) {
        const before = pictures.held;
        const { gone } = pictures.bring(by, count);
        if (gone > 0) full += 1;
        const of = (network: AnchorHash | null, held = pictures.held) =>
          held.filter((one) => one.network === network).length;
        for (const network of new Set(before.map((one) => one.network))) {
          const isLess = network !== by.network && of(network) < of(network, before);
          assert.ok(!isLess || of(network) >= of(by.network), 'nobody gives to who has more');
        }
        // The share expected for a reporter is that of the largest attempt, because a refused
        // picture isn't retried.
        brought.set(by, Math.max(brought.get(by) ?? 0, count));
        assert.ok(pictures.held.length <= CASE_PICTURES_MAX);
        const networks = new Set([...brought.keys()].map(({ network }) => network));
        for (const [one, most] of brought) {
          const reporters = [...brought.keys()].filter(({ network }) => network === one.network);
          const share = Math.floor(
            Math.floor(CASE_PICTURES_MAX / networks.size) / reporters.length,
          );
          const { length } = pictures.of(one);
          assert.ok(length <= SHARE);
          assert.ok(length >= Math.min(most, share), `${length} of ${most}, a share is ${share}`);
        }
      }
    }),
    { seed: 116, numRuns: 30 },
  );
  assert.ok(full > 100, 'cases were full');
});
