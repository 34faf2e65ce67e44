import type { Place } from '../rules.ts';

/** Something that people decided, until they take it back. */
export interface Decided {
  /** What `name` is: a cookie, the public key of a device, or an address. */
  readonly on: 'subject' | 'device' | 'network';
  readonly name: string;
  readonly may: 'text' | 'nothing';
  readonly because: 'decision' | 'network' | 'hold';
  readonly appeal: string | null;
}

/** By what somebody is known to whoever decides. */
export interface Identity {
  readonly subject: string;
  readonly deviceKey: string;
  readonly place: Place;
}

const HARDNESS: Readonly<Record<Decided['may'], number>> = { text: 1, nothing: 2 };
/** Of equally hard ones, what is of the person themselves comes first. */
const NEARNESS: Readonly<Record<Decided['on'], number>> = { network: 1, device: 2, subject: 3 };

/** What people have decided, and not taken back. */
export class Decisions {
  readonly #standing = new Set<Decided>();

  add(decided: Decided): void {
    this.#standing.add(decided);
  }

  delete(decided: Decided): void {
    this.#standing.delete(decided);
  }

  /** The hardest that holds for somebody, or null. */
  of(identity: Identity): Decided | null {
    let hardest: Decided | null = null;
    for (const decided of this.#standing) {
      if (concerns(decided, identity) && (hardest === null || isHarder(decided, hardest))) {
        hardest = decided;
      }
    }
    return hardest;
  }

  mayOf(identity: Identity): 'meet' | Decided['may'] {
    return this.of(identity)?.may ?? 'meet';
  }
}

export function concerns({ on, name }: Decided, { subject, deviceKey, place }: Identity): boolean {
  switch (on) {
    case 'subject':
      return subject === name;
    case 'device':
      return deviceKey === name;
    case 'network':
      return place.clientAddress === name;
  }
}

function isHarder(one: Decided, other: Decided): boolean {
  if (one.may !== other.may) return HARDNESS[one.may] > HARDNESS[other.may];
  return NEARNESS[one.on] > NEARNESS[other.on];
}
