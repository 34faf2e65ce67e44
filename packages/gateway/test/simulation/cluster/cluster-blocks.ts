import type { Scheduler } from '../scheduler.ts';
import type { SimIdentities } from './sim-identities.ts';

/** A block of one user in one match. */
interface Block {
  readonly by: string;
  readonly of: string;
  /** When it was first accepted. Null if the page got no answer, so it may hold or not. */
  acceptedAtMs: number | null;
  /** Whether its author asked to remove it, so that it may hold or not. */
  isRemoving: boolean;
}

/** The blocks of a simulated cluster as their authors' pages know them. */
export class ClusterBlocks {
  readonly #scheduler: Scheduler;
  readonly #identities: SimIdentities;
  /** By the author's device, and by author and match, so that a repeated block is the same one. */
  readonly #blocks = new Map<string, Map<string, Block>>();

  constructor(scheduler: Scheduler, identities: SimIdentities) {
    this.#scheduler = scheduler;
    this.#identities = identities;
  }

  /** A user sends a block. The node keeps the pair apart even if the store fails. */
  sent(by: string, subjects: readonly string[], match: string): void {
    const of = subjects.find((subject) => subject !== by) ?? by;
    const key = `${by} ${match}`;
    const own = this.#ofAuthor(by);
    if (!own.has(key)) own.set(key, { by, of, acceptedAtMs: null, isRemoving: false });
    this.#blocks.set(this.#identities.deviceOf(by), own);
  }

  accepted(by: string, match: string): void {
    const block = this.#ofAuthor(by).get(`${by} ${match}`);
    if (block !== undefined) block.acceptedAtMs ??= this.#scheduler.nowMs;
  }

  removalSent(by: string, match: string): void {
    const block = this.#ofAuthor(by).get(`${by} ${match}`);
    if (block !== undefined) block.isRemoving = true;
  }

  removed(by: string, match: string): void {
    this.#ofAuthor(by).delete(`${by} ${match}`);
  }

  /** Returns why two users must not meet, or null. */
  barBetween(subjects: readonly [string, string]): string | null {
    for (const block of this.#between(subjects)) {
      const { acceptedAtMs, isRemoving } = block;
      if (acceptedAtMs === null || isRemoving) continue;
      if (this.#isOf(block, subjects)) return `a block by ${block.by}`;
      // Who came after the block is new to each node.
      const isNew = ([by, of]: readonly [string, string]): boolean =>
        this.#isNear(block, by, of) && (this.#identities.of(of)?.firstSeenMs ?? 0) > acceptedAtMs;
      if (isNew(subjects) || isNew([subjects[1], subjects[0]])) {
        return `a block by ${block.by} of a user of the network`;
      }
    }
    return null;
  }

  /** Whether a node may keep two users apart. */
  mayBeApart(subjects: readonly [string, string]): boolean {
    return this.#between(subjects).length > 0;
  }

  #between(subjects: readonly [string, string]): readonly Block[] {
    const [one, other] = subjects;
    return [...this.#ofAuthor(one).values(), ...this.#ofAuthor(other).values()].filter(
      (block) =>
        this.#isOf(block, subjects) ||
        this.#isNear(block, one, other) ||
        this.#isNear(block, other, one),
    );
  }

  #ofAuthor(subject: string): Map<string, Block> {
    return this.#blocks.get(this.#identities.deviceOf(subject)) ?? new Map<string, Block>();
  }

  #isOf({ by, of }: Block, [one, other]: readonly [string, string]): boolean {
    const [byDevice, ofDevice] = [by, of].map((each) => this.#identities.deviceOf(each));
    const [oneDevice, otherDevice] = [one, other].map((each) => this.#identities.deviceOf(each));
    return (
      (byDevice === oneDevice && ofDevice === otherDevice) ||
      (byDevice === otherDevice && ofDevice === oneDevice)
    );
  }

  /** Whether `one` is the author, and `other` comes from the network of the blocked user. */
  #isNear({ by, of }: Block, one: string, other: string): boolean {
    const network = this.#identities.of(of)?.network ?? null;
    return (
      network !== null &&
      this.#identities.of(other)?.network === network &&
      this.#identities.deviceOf(by) === this.#identities.deviceOf(one)
    );
  }
}
