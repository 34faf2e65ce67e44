import type { DeviceKeyId, SubjectId } from '@farandole/kernel/id';

/** What the nodes know of a user's cookie. */
export interface Identity {
  readonly device: DeviceKeyId;
  /** Keyed hash of the user's network, or null for a user whose network isn't known. */
  readonly network: string | null;
  /** When the cookie was first used. */
  readonly firstSeenMs: number;
}

/** The cookies of a simulated cluster, with their devices and networks. */
export class SimIdentities {
  readonly #bySubject = new Map<string, Identity>();

  note(subject: SubjectId, device: DeviceKeyId, network: string | null, nowMs: number): void {
    if (!this.#bySubject.has(subject)) {
      this.#bySubject.set(subject, { device, network, firstSeenMs: nowMs });
    }
  }

  of(subject: string): Identity | undefined {
    return this.#bySubject.get(subject);
  }

  /** Returns the id by which blocks and meetings hold for all cookies of a user. */
  deviceOf(subject: string): string {
    return this.#bySubject.get(subject)?.device ?? subject;
  }
}
