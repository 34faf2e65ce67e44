import { deviceIdOf } from '../../support/fake-signer.ts';
import type { Decided, DecisionKind, Duration } from '../desk.ts';
import type { Scheduler } from '../scheduler.ts';
import type { SimIdentities } from './sim-identities.ts';

/** The decisions of a simulated cluster's moderators. All suspend a user. */
export const SUSPENSIONS = [
  'a person kept out',
  'a person held',
  'a device kept out',
] as const satisfies readonly DecisionKind[];

/** Long enough for other users to wait for a suspended one. */
export const SUSPENSIONS_LAST: Duration = { leastMs: 4_000, mostlyMs: 40_000, longMs: 120_000 };

/** The suspensions in force in a simulated cluster. */
export class ClusterSuspensions {
  readonly #scheduler: Scheduler;
  readonly #identities: SimIdentities;
  /** The suspensions in force, and when they began. */
  readonly #sinceMs = new Map<Decided, number>();

  constructor(scheduler: Scheduler, identities: SimIdentities) {
    this.#scheduler = scheduler;
    this.#identities = identities;
  }

  change(decided: Decided, change: 'begins' | 'ends'): void {
    if (change === 'begins') this.#sinceMs.set(decided, this.#scheduler.nowMs);
    else this.#sinceMs.delete(decided);
  }

  /** Returns since when a user is suspended by cookie or device. Null if the user isn't. */
  sinceMs(subject: string): number | null {
    const device = this.#identities.deviceOf(subject);
    let earliestMs: number | null = null;
    for (const [{ on, name }, sinceMs] of this.#sinceMs) {
      const concerns = on === 'device' ? deviceIdOf(name) === device : name === subject;
      if (concerns) earliestMs = Math.min(earliestMs ?? sinceMs, sinceMs);
    }
    return earliestMs;
  }
}
