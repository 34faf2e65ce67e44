import { assertDefined } from '@farandole/kernel/assert';
import { Crowd, type CrowdOptions } from './crowd.ts';
import type { AgeBand, MatchRules, ModeId } from './mode.ts';
import type { Waiter } from './waiter.ts';
import { wishesNamed } from './widening.ts';

interface Crowds {
  readonly open: Crowd;
  readonly restricted: Crowd;
  /** Tickets of private meetings, so that they neither disturb nor are hidden by other tickets. */
  readonly private: Crowd;
}

/** The crowds of a pool, by mode and age band. A ticket never changes its crowd. */
export class CrowdTable {
  readonly all: readonly Crowd[];
  /** The crowds of private meetings, which an hour doesn't concern. */
  readonly ofMeetings: readonly Crowd[];
  readonly #crowds: ReadonlyMap<ModeId, ReadonlyMap<AgeBand, Crowds>>;
  #roundMode: ModeId | null = null;

  constructor(rules: MatchRules, options: Omit<CrowdOptions, 'wishes'>, nowMs: number) {
    const crowds = new Map<ModeId, Map<AgeBand, Crowds>>();
    const all: Crowd[] = [];
    const ofMeetings: Crowd[] = [];
    for (const [mode, { wishes }] of rules.modes) {
      const ofCrowd = { ...options, wishes: wishesNamed(wishes) };
      const ofMode = new Map<AgeBand, Crowds>();
      for (const band of rules.ageBands) {
        const ofBand = {
          open: new Crowd(ofCrowd, nowMs),
          restricted: new Crowd(ofCrowd, nowMs),
          private: new Crowd(ofCrowd, nowMs),
        };
        ofMode.set(band, ofBand);
        all.push(ofBand.open, ofBand.restricted, ofBand.private);
        ofMeetings.push(ofBand.private);
      }
      crowds.set(mode, ofMode);
    }
    this.#crowds = crowds;
    this.all = all;
    this.ofMeetings = ofMeetings;
  }

  of(waiter: Waiter): Crowd {
    const { ageBand, circle, meeting } = waiter.ticket;
    const found = this.#crowds.get(waiter.mode)?.get(ageBand);
    const crowds = assertDefined(found, 'a ticket waits in no crowd');
    if (meeting !== undefined) return crowds.private;
    return circle === 'restricted' ? crowds.restricted : crowds.open;
  }

  /** @param mode the mode of the hour that is on, or null */
  enterRounds(mode: ModeId | null): void {
    if (mode === this.#roundMode) return;
    this.#roundMode = mode;
    for (const [id, bands] of this.#crowds) {
      for (const { open, restricted } of bands.values()) {
        open.isInRounds = id === mode;
        restricted.isInRounds = id === mode;
      }
    }
  }
}
