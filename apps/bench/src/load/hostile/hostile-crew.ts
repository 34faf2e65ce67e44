import { hostileAddress } from '../addresses.ts';
import { ATTACKS, type AttackName, BURST_MESSAGES, dealAttacks } from './attacks.ts';
import type { Foothold } from './foothold.ts';

export interface Orders {
  readonly port: number;
  /** Index of the first address of this group of attackers. No two attackers share an address. */
  readonly first: number;
  readonly sockets: number;
  /** Messages per second that each open socket sends. */
  readonly messagesPerSecond: number;
}

export interface Harm {
  readonly messages: number;
  readonly opened: number;
  readonly refused: number;
  readonly open: number;
  readonly begun: number;
  readonly closes: Readonly<Record<string, number>>;
}

const REOPEN_AFTER_MS = 1_000;
const POLL_EVERY_MS = 10;

interface Slot {
  readonly attack: AttackName;
  readonly from: string;
  foothold: Foothold | null;
  isOpening: boolean;
  hasBegun: boolean;
  dueAtMs: number;
}

export class HostileCrew {
  readonly #port: number;
  readonly #slots: readonly Slot[];
  readonly #everyMs: number;
  readonly #closes = new Map<string, number>();
  #messages = 0;
  #opened = 0;
  #refused = 0;

  constructor({ port, first, sockets, messagesPerSecond }: Orders) {
    this.#port = port;
    this.#everyMs = (1_000 * BURST_MESSAGES) / messagesPerSecond;
    const nowMs = performance.now();
    this.#slots = dealAttacks(sockets).map((attack, index) => ({
      attack,
      from: hostileAddress(first + index),
      foothold: null,
      isOpening: false,
      hasBegun: false,
      // The attackers connect spread over one second, as a botnet would. Another test lets all of
      // them connect at once.
      dueAtMs: nowMs + (REOPEN_AFTER_MS * index) / sockets,
    }));
    setInterval(() => this.#poll(performance.now()), POLL_EVERY_MS);
  }

  get harm(): Harm {
    return {
      messages: this.#messages,
      opened: this.#opened,
      refused: this.#refused,
      open: this.#slots.filter(({ foothold }) => foothold !== null && foothold.lost === null)
        .length,
      begun: this.#slots.filter(({ hasBegun }) => hasBegun).length,
      closes: Object.fromEntries(this.#closes),
    };
  }

  #poll(nowMs: number): void {
    for (const slot of this.#slots) {
      if (slot.dueAtMs > nowMs || slot.isOpening) continue;
      const { foothold } = slot;
      if (foothold === null) {
        void this.#open(slot);
      } else if (foothold.lost !== null) {
        this.#note(foothold.lost);
        slot.foothold = null;
        slot.dueAtMs = nowMs + REOPEN_AFTER_MS;
      } else {
        this.#messages += foothold.fire();
        // An attacker that is late skips the messages it should have sent in the past.
        slot.dueAtMs = Math.max(slot.dueAtMs + this.#everyMs, nowMs - this.#everyMs);
      }
    }
  }

  async #open(slot: Slot): Promise<void> {
    slot.isOpening = true;
    try {
      slot.foothold = await ATTACKS[slot.attack].open({ port: this.#port, from: slot.from });
      this.#opened += 1;
      slot.dueAtMs = performance.now();
    } catch (error) {
      this.#refused += 1;
      this.#note(error instanceof Error ? error.message : String(error));
      slot.dueAtMs = performance.now() + REOPEN_AFTER_MS;
    }
    slot.hasBegun = true;
    slot.isOpening = false;
  }

  #note(why: string): void {
    this.#closes.set(why, (this.#closes.get(why) ?? 0) + 1);
  }
}
