import type { People, PersonKey } from '../../src/people.ts';

/** A fake store for users' facts. Every user is known at once, unless the store is away. */
export class FakePeople implements People {
  isAway = false;
  readonly #known = new Set<string>();
  readonly #asked = new Map<string, PersonKey>();

  arrived(person: PersonKey): boolean {
    const key = keyOf(person);
    if (!this.isAway) this.#known.add(key);
    if (this.#known.has(key)) return true;
    this.#asked.set(key, { subject: person.subject, device: person.device });
    return false;
  }

  left(person: PersonKey): void {
    this.#asked.delete(keyOf(person));
  }

  /** Users whose facts were requested and not yet read. */
  get asked(): readonly PersonKey[] {
    return [...this.#asked.values()];
  }

  read(person: PersonKey): void {
    this.#known.add(keyOf(person));
    this.#asked.delete(keyOf(person));
  }
}

function keyOf({ subject, device }: PersonKey): string {
  return `${subject} ${device}`;
}
