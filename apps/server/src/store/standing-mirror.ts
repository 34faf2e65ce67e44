import type { Standing, Standings } from '@farandole/gateway/ports';
import type { DeviceKeyId, SubjectId } from '@farandole/kernel/id';
import { admit } from '@farandole/moderation/admission';
import type { ModerationStore } from '@farandole/moderation/ports';
import type { Sanction } from '@farandole/moderation/sanction';

/**
 * Who may do what, in memory, so that no hello and no search waits for a database. Read again when
 * something was decided, by this node or another.
 */
export class StandingMirror implements Standings {
  readonly #store: Pick<ModerationStore, 'run'>;
  #version: number | null = null;
  #bySubject: ReadonlyMap<SubjectId, readonly Sanction[]> = new Map();
  #byDevice: ReadonlyMap<DeviceKeyId, readonly Sanction[]> = new Map();
  #heldUntilMs: ReadonlyMap<SubjectId, number> = new Map();

  constructor(store: Pick<ModerationStore, 'run'>) {
    this.#store = store;
  }

  of(subject: SubjectId, device: DeviceKeyId, nowMs: number): Standing {
    if ((this.#heldUntilMs.get(subject) ?? 0) > nowMs) return 'nothing';
    const sanctions = [
      ...(this.#bySubject.get(subject) ?? []),
      ...(this.#byDevice.get(device) ?? []),
    ];
    if (sanctions.length === 0) return 'meet';
    return admit(sanctions, { subject, device, account: null, prefixes: [] }, nowMs).may;
  }

  /**
   * Reads what was decided.
   *
   * @returns whether anything is other than before
   * @throws StoreError; what was known stays
   */
  async read(nowMs: number): Promise<boolean> {
    const standing = await this.#store.run('standing.read', { nowMs, unless: this.#version });
    if (standing === null) return false;
    const { version, sanctions, holds } = standing;
    const bySubject = new Map<SubjectId, Sanction[]>();
    const byDevice = new Map<DeviceKeyId, Sanction[]>();
    for (const sanction of sanctions) {
      const { on } = sanction;
      if (on.scope === 'subject') add(bySubject, on.subject, sanction);
      if (on.scope === 'device') add(byDevice, on.device, sanction);
    }
    this.#bySubject = bySubject;
    this.#byDevice = byDevice;
    this.#heldUntilMs = new Map(holds.map(({ subject, endsAtMs }) => [subject, endsAtMs]));
    this.#version = version;
    return true;
  }
}

function add<Key>(to: Map<Key, Sanction[]>, key: Key, sanction: Sanction): void {
  const known = to.get(key);
  if (known === undefined) to.set(key, [sanction]);
  else known.push(sanction);
}
