import type { Prng } from '@farandole/kernel/prng';
import { Crowd, type CrowdOptions } from './crowd.ts';
import { GroupCrowd } from './group-crowd.ts';
import type { AgeBand, MatchRules, ModeId, ModeRules } from './mode.ts';
import type { AtLeastTwo } from './seats.ts';
import type { TagUses } from './tag-uses.ts';
import type { Waiter } from './waiter.ts';
import { wishesNamed } from './widening.ts';

/** The waiting tickets of one mode and one age band, or a separate part of them. */
export interface AnyCrowd {
  readonly waiting: number;
  readonly backlog: number;
  enter(waiter: Waiter, nowMs: number): void;
  leave(waiter: Waiter): void;
  widened(waiter: Waiter, nowMs: number): void;
  noteUses(waiter: Waiter, uses: TagUses, nowMs: number): void;
  easeIfQuiet(nowMs: number): void;
  runWave(
    nowMs: number,
    prng: Prng,
    probesMax: number,
    onGroup: (group: AtLeastTwo<Waiter>, score: number) => void,
  ): number;
  holds(waiter: Waiter): boolean;
  check(): void;
}

export interface Crowds {
  readonly open: AnyCrowd;
  readonly restricted: AnyCrowd;
  /** Tickets of private meetings, so that they neither disturb nor are hidden by other tickets. */
  readonly private: AnyCrowd;
}

/** Returns the crowds of a pool by mode and then by age band. */
export function createCrowds(
  rules: MatchRules,
  options: Omit<CrowdOptions, 'wishes'>,
  nowMs: number,
): ReadonlyMap<ModeId, ReadonlyMap<AgeBand, Crowds>> {
  const ofBands = (mode: ModeRules): ReadonlyMap<AgeBand, Crowds> =>
    new Map(
      [...rules.ageBands].map((band) => {
        const create = () => createCrowd(mode, options, nowMs);
        return [band, { open: create(), restricted: create(), private: create() }];
      }),
    );
  return new Map([...rules.modes].map(([id, mode]) => [id, ofBands(mode)]));
}

function createCrowd(
  { wishes: names, seats }: ModeRules,
  options: Omit<CrowdOptions, 'wishes'>,
  nowMs: number,
): AnyCrowd {
  const wishes = wishesNamed(names);
  const firstRole = seats[0]?.role ?? '';
  return seats.length > 2
    ? new GroupCrowd({ ...options, wishes, firstRole }, nowMs)
    : new Crowd({ ...options, wishes }, nowMs);
}
