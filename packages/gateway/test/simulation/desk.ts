import type { Prng } from '@farandole/kernel/prng';
import type { Known, Standing, Standings } from '../../src/ports.ts';
import type { FakeSigner } from '../support/fake-signer.ts';
import type { Page } from './page.ts';
import type { Scheduler } from './scheduler.ts';

/** A simulated moderator's decision that is in force. */
export interface Decided {
  /**
   * What the decision is about: `name` is a cookie, a device's public key, or a network address.
   */
  readonly on: 'subject' | 'device' | 'network';
  readonly name: string;
  readonly may: 'text' | 'nothing';
  readonly because: 'decision' | 'network' | 'hold';
}

type Kind = Pick<Decided, 'on' | 'may' | 'because'>;

const KINDS = {
  'a person kept out': { on: 'subject', may: 'nothing', because: 'decision' },
  'a person kept to text': { on: 'subject', may: 'text', because: 'decision' },
  'a person held': { on: 'subject', may: 'nothing', because: 'hold' },
  'a device kept out': { on: 'device', may: 'nothing', because: 'decision' },
  'a device kept to text': { on: 'device', may: 'text', because: 'decision' },
  'a network kept out': { on: 'network', may: 'nothing', because: 'network' },
  'a network kept to text': { on: 'network', may: 'text', because: 'network' },
} as const satisfies Record<string, Kind>;

/** A standing that restricts a user. */
export type Restriction = Exclude<Standing, { may: 'meet' }>;

export type DecisionKind = keyof typeof KINDS;
const KIND_NAMES = Object.keys(KINDS) as DecisionKind[];

const EVERY_MS = 2_000;

/** How long decisions last, in ms. One in ten lasts up to `longMs`. */
export interface Duration {
  readonly leastMs: number;
  readonly mostlyMs: number;
  readonly longMs: number;
}
/** Most decisions are short, so that the user is present both before and after. */
const LASTS: Duration = { leastMs: 500, mostlyMs: 12_000, longMs: 120_000 };
const LONG_CHANCE = 0.1;

const FREE: Standing = { may: 'meet' };

interface InForce {
  readonly key: string;
  readonly decided: Decided;
}

export interface DeskParts {
  readonly scheduler: Scheduler;
  readonly oracle: {
    readonly standings: { change(decided: Decided, change: 'begins' | 'ends'): void };
  };
  readonly signer: FakeSigner;
  readonly people: readonly { readonly page: Page | null }[];
  readonly networks: readonly string[];
  readonly prng: Prng;
  /** Kinds of decisions that these moderators make. Defaults to all. */
  readonly kinds?: readonly DecisionKind[];
  readonly lasts?: Duration;
  readonly tellNode: () => void;
}

/** Simulated moderators who restrict users and lift restrictions at random. */
export class Desk implements Standings {
  readonly counts: Record<DecisionKind, number>;
  readonly #parts: DeskParts;
  readonly #kinds: readonly DecisionKind[];
  readonly #lasts: Duration;
  #inForce: ReadonlyMap<string, Restriction> = new Map();
  #decisions = 0;
  #isOpen = false;
  #spell = 0;

  constructor(parts: DeskParts) {
    this.#parts = parts;
    this.#kinds = parts.kinds ?? KIND_NAMES;
    this.#lasts = parts.lasts ?? LASTS;
    this.counts = Object.fromEntries(this.#kinds.map((name) => [name, 0])) as typeof this.counts;
  }

  /**
   * Restrictions in force, by the ids that the node uses for users, devices and networks. Each
   * change makes another map.
   */
  get inForce(): ReadonlyMap<string, Restriction> {
    return this.#inForce;
  }

  of(known: Known): Standing {
    return standingIn(this.#inForce, known);
  }

  /** The simulated moderators answer no appeals. */
  isAgeLifted(): boolean {
    return false;
  }

  start(): void {
    this.#isOpen = true;
    this.#spell += 1;
    this.#plan(this.#spell);
  }

  /** Stops new decisions. Decisions in force continue to apply until they end. */
  stop(): void {
    this.#isOpen = false;
  }

  #plan(spell: number): void {
    const { scheduler, prng } = this.#parts;
    scheduler.after(prng.below(2 * EVERY_MS), () => {
      if (!this.#isOpen || spell !== this.#spell) return;
      const { page } = prng.pick(this.#parts.people);
      if (page !== null) this.decideOn([page]);
      this.#plan(spell);
    });
  }

  /** Restricts some users at once, and lifts all these restrictions at once later. */
  decideOn(pages: readonly Page[]): void {
    const all = pages.map((page) => this.#decide(page)).filter((each) => each !== null);
    if (all.length > 0) this.#endLater(all);
  }

  /** Returns null if the restriction is in force already. */
  #decide(page: Page): InForce | null {
    const { prng, oracle, signer, tellNode } = this.#parts;
    const kind = prng.pick(this.#kinds);
    const { on, may, because } = KINDS[kind];
    const { subject, device } = page.client;
    const names = { subject, device: device.publicKey, network: prng.pick(this.#parts.networks) };
    const name = names[on];
    const key = on === 'device' ? signer.deviceId(device) : name;
    if (this.#inForce.has(key)) return null;
    this.counts[kind] += 1;
    this.#decisions += 1;
    const isTheirs = on === 'subject' && because === 'decision';
    const appeal = isTheirs ? `appeal-${this.#decisions}` : null;
    const decided: Decided = { on, name, may, because };
    const restriction: Restriction = { may, because, appeal, endsAtWallMs: null };
    this.#inForce = new Map([...this.#inForce, [key, restriction]]);
    oracle.standings.change(decided, 'begins');
    tellNode();
    return { key, decided };
  }

  #endLater(all: readonly InForce[]): void {
    const { prng, oracle, scheduler, tellNode } = this.#parts;
    const { leastMs, mostlyMs, longMs } = this.#lasts;
    scheduler.after(leastMs + prng.below(prng.chance(LONG_CHANCE) ? longMs : mostlyMs), () => {
      const keys = new Set(all.map(({ key }) => key));
      this.#inForce = new Map([...this.#inForce].filter(([key]) => !keys.has(key)));
      for (const { decided } of all) oracle.standings.change(decided, 'ends');
      tellNode();
    });
  }
}

/** Returns what a user may do while these restrictions are in force. */
export function standingIn(
  inForce: ReadonlyMap<string, Restriction>,
  { subject, device, clientAddress }: Known,
): Standing {
  if (inForce.size === 0) return FREE;
  const standings = [subject, device, clientAddress].flatMap(
    (name) => (name === null ? undefined : inForce.get(name)) ?? [],
  );
  return standings.find(({ may }) => may === 'nothing') ?? standings[0] ?? FREE;
}
