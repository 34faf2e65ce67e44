import { createPrng } from '@farandole/kernel/prng';
import { CLEAN, FakeFrame } from '../../src/fakes/fake-classifier.ts';
import { FakeTime } from '../../src/fakes/fake-time.ts';
import type { Sampler } from '../../src/shield/sampler.ts';
import type { pauseAfterSample, Shot, ShotOrder } from '../../src/shield/sampling.ts';
import type { Rule } from './oracle.ts';

/** The order and pauses of the shield's samples, as shipped or with a planted bug. */
export interface Theme {
  readonly ShotOrder: typeof ShotOrder;
  readonly pauseAfterSample: typeof pauseAfterSample;
}

/** The shield's sampler, as shipped or with a planted bug. */
export interface Samplers {
  readonly Sampler: typeof Sampler;
}

const ORDERS = 200;
const SHOTS = 24;
const PAUSES = 2_000;
const SAMPLES = 2_000;
/**
 * Minimum share of the pauses that must fall into each tenth of their range. The expected share
 * is 10 %, and chance alone deviates far less.
 */
const TENTH_SHARE_MIN = 0.06;

/** Returns the first sampling rule that the order or the pauses of samples break, or null. */
export function judgeLooks(samples: Theme, seed: number): Rule | null {
  const prng = createPrng(seed);
  const unit = (): number => prng.unit();
  const pauses = Array.from({ length: PAUSES }, () => samples.pauseAfterSample(50, 'usual', unit));
  const seconds = Array.from({ length: PAUSES }, () => samples.pauseAfterSample(50, 'again', unit));
  return judgePauses(pauses) ?? judgeSeconds(seconds) ?? judgeOrders(samples, unit);
}

function judgeSeconds(pauses: readonly number[]): Rule | null {
  const soon = pauses.filter((pauseMs) => pauseMs < 225);
  const others = pauses.filter((pauseMs) => pauseMs >= 225);
  const share = soon.length / pauses.length;
  if (share < 0.75 || share > 0.85) return 'SH-30c';
  return isEven(soon, 20, 200) && isEven(others, 250, 950) ? null : 'SH-30c';
}

function judgePauses(pauses: readonly number[]): Rule | null {
  return isEven(pauses, 250, 950) ? null : 'SH-30a';
}

/** Whether all pauses are within the range and each tenth of the range has enough of them. */
function isEven(pauses: readonly number[], fromMs: number, toMs: number): boolean {
  if (pauses.some((pauseMs) => pauseMs < fromMs || pauseMs > toMs)) return false;
  const tenths = Array.from({ length: 10 }, () => 0);
  for (const pauseMs of pauses) {
    const tenth = Math.min(9, Math.floor((10 * (pauseMs - fromMs)) / (toMs - fromMs)));
    tenths[tenth] = (tenths[tenth] ?? 0) + 1;
  }
  return Math.min(...tenths) >= TENTH_SHARE_MIN * pauses.length;
}

function judgeOrders({ ShotOrder: Order }: Theme, unit: () => number): Rule | null {
  const starts = new Set<string>();
  const redrawn = new Set<string>();
  const poses = new Set<string>();
  for (let i = 0; i < ORDERS; i += 1) {
    const order = new Order(unit);
    const shots = Array.from({ length: SHOTS }, () => order.next());
    order.redraw();
    const after = Array.from({ length: SHOTS }, () => order.next());
    const broken = judgeShots(shots) ?? judgeShots([...shots.slice(-1), ...after], 1);
    if (broken !== null) return broken;
    starts.add(partsOf(shots));
    redrawn.add(`${partsOf(shots)} ${partsOf(after)}`);
    for (const { pose } of shots) poses.add(pose);
  }
  if (poses.size < 4) return 'SH-32b';
  // The three parts of the picture have six orders. After a suspicious sample, the other two parts
  // have two orders.
  return starts.size === 6 && redrawn.size === 12 ? null : 'SH-32a';
}

function partsOf(shots: readonly Shot[]): string {
  return shots
    .slice(0, 3)
    .map(({ part }) => part)
    .join();
}

/**
 * @param changed 0 if samples with an even index must be plain, 1 if those with an odd index
 * must be; the others are mirrored or turned
 */
function judgeShots(shots: readonly Shot[], changed = 0): Rule | null {
  for (const [i, { pose }] of shots.entries()) {
    if (!areOfDifferentParts(shots.slice(i, i + 3))) return 'SH-32';
    if ((pose === 'plain') !== (i % 2 === changed)) return 'SH-32b';
  }
  return null;
}

function areOfDifferentParts(shots: readonly Shot[]): boolean {
  return new Set(shots.map(({ part }) => part)).size === shots.length;
}

interface Taken {
  readonly shot: Shot;
  readonly atMs: number;
  readonly isSuspicious: boolean;
}

/**
 * Runs a sampler over many samples, some suspicious. Returns the first sampling rule that the
 * sampler breaks, or null.
 */
export async function judgeSampler(
  { Sampler: Made }: Samplers,
  seed: number,
): Promise<Rule | null> {
  const time = new FakeTime();
  const prng = createPrng(seed);
  const taken: Taken[] = [];
  let part: Shot['part'] = 'middle';
  const sampler = new Made(
    {
      clock: time,
      scheduler: time,
      unit: () => prng.unit(),
      take: (wanted) => {
        part = wanted;
        return Promise.resolve(new FakeFrame());
      },
      classify: (frame, pose) => {
        frame.close();
        const isSuspicious = taken.length > 3 && prng.chance(0.4);
        taken.push({ shot: { part, pose }, atMs: time.monotonicMs(), isSuspicious });
        return Promise.resolve({ scores: CLEAN, luma: 120 });
      },
    },
    { seen: () => (taken.at(-1)?.isSuspicious === true ? 'again' : 'usual'), noPicture: () => {} },
  );
  sampler.start();
  while (taken.length < SAMPLES) await time.advance(1_000);
  sampler.stop();
  return judgeTaken(taken);
}

function judgeTaken(taken: readonly Taken[]): Rule | null {
  const firsts: Shot[] = [];
  const pauses: number[] = [];
  let isSecond = false;
  for (const [i, { shot, atMs }] of taken.entries()) {
    const before = taken[i - 1];
    // A suspicious part of the picture gets only one extra sample, so that the other parts are
    // sampled too.
    isSecond = before?.isSuspicious === true && !isSecond;
    if (!isSecond) {
      firsts.push(shot);
      if (before?.shot.part === shot.part) return 'SH-32';
    } else if (before?.shot.part !== shot.part || before.shot.pose !== shot.pose) return 'SH-32';
    if (before?.isSuspicious === false && i > 3) pauses.push(atMs - before.atMs);
    const last = taken.slice(i, i + 3);
    const isClean = last.length === 3 && last.every(({ isSuspicious }) => !isSuspicious);
    if (isClean && !areOfDifferentParts(last.map((each) => each.shot))) return 'SH-32';
  }
  const isAlternating = firsts.every(({ pose }, i) => (pose === 'plain') === (i % 2 === 0));
  return isAlternating ? judgePauses(pauses) : 'SH-32b';
}
