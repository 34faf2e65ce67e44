import type { Prng } from '@farandole/kernel/prng';
import type { Known, Standing, Standings } from '../../src/ports.ts';
import type { FakeSigner } from '../support/fake-signer.ts';
import type { Oracle } from './oracle/oracle.ts';
import type { Page } from './page.ts';
import type { Scheduler } from './scheduler.ts';
import type { Somebody } from './somebody.ts';

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

type DecisionKind = keyof typeof KINDS;
const KIND_NAMES = Object.keys(KINDS) as DecisionKind[];

const EVERY_MS = 2_000;
/**
 * Durations of decisions in ms. Most are short, so that the user is present both before and
 * after.
 */
const LASTS_MS = { least: 500, mostly: 12_000, long: 120_000 };
const LONG_CHANCE = 0.1;

const FREE: Standing = { may: 'meet' };

export interface DeskParts {
  readonly scheduler: Scheduler;
  readonly oracle: Oracle;
  readonly signer: FakeSigner;
  readonly people: readonly Somebody[];
  readonly networks: readonly string[];
  readonly prng: Prng;
  readonly tellNode: () => void;
}

/** Simulated moderators who restrict users and lift restrictions at random. */
export class Desk implements Standings {
  readonly counts = Object.fromEntries(KIND_NAMES.map((name) => [name, 0])) as Record<
    DecisionKind,
    number
  >;
  readonly #parts: DeskParts;
  /** Restrictions in force, by the ids that the node uses for users, devices and networks. */
  readonly #standings = new Map<string, Exclude<Standing, { may: 'meet' }>>();
  #decisions = 0;
  #isOpen = false;
  #spell = 0;

  constructor(parts: DeskParts) {
    this.#parts = parts;
  }

  of({ subject, device, clientAddress }: Known): Standing {
    if (this.#standings.size === 0) return FREE;
    const standings = [subject, device, clientAddress].flatMap(
      (name) => (name === null ? undefined : this.#standings.get(name)) ?? [],
    );
    return standings.find(({ may }) => may === 'nothing') ?? standings[0] ?? FREE;
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
      if (page !== null) this.#decide(page);
      this.#plan(spell);
    });
  }

  #decide(page: Page): void {
    const { prng, oracle, signer, scheduler, tellNode } = this.#parts;
    const kind = prng.pick(KIND_NAMES);
    const { on, may, because } = KINDS[kind];
    const { subject, device } = page.client;
    const names = { subject, device: device.publicKey, network: prng.pick(this.#parts.networks) };
    const name = names[on];
    const key = on === 'device' ? signer.deviceId(device) : name;
    if (this.#standings.has(key)) return;
    this.counts[kind] += 1;
    this.#decisions += 1;
    const isTheirs = on === 'subject' && because === 'decision';
    const appeal = isTheirs ? `appeal-${this.#decisions}` : null;
    const decided: Decided = { on, name, may, because };
    this.#standings.set(key, { may, because, appeal, endsAtWallMs: null });
    oracle.standings.change(decided, 'begins');
    tellNode();
    const { least, mostly, long } = LASTS_MS;
    scheduler.after(least + prng.below(prng.chance(LONG_CHANCE) ? long : mostly), () => {
      this.#standings.delete(key);
      oracle.standings.change(decided, 'ends');
      tellNode();
    });
  }
}
