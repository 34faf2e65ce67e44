import { type ReadonlySignal, signal } from '@preact/signals';
import type { Answer } from '../api/api-client.ts';

/** Where pictures are decoded and drawn: a document of its own, which has no origin. */
export interface PictureFrame {
  /** @returns whether it is drawn */
  draw(bytes: ArrayBuffer): Promise<boolean>;
  clear(): void;
}

export type RevealState =
  | { readonly state: 'covered' }
  | { readonly state: 'loading' | 'shown'; readonly id: string }
  /** `why` is the node's own word for it, or `not-drawn`. */
  | { readonly state: 'failed'; readonly id: string; readonly why: string };

export interface RevealPorts {
  /** Asks for a picture, which is written down each time. */
  readonly ask: (id: string) => Promise<Answer<ArrayBuffer>>;
  readonly frame: () => PictureFrame | null;
}

/**
 * Uncovers one picture for as long as somebody holds it. Nothing of it is kept: each time it is asked
 * for anew, so that each time is written down.
 */
export class Reveal {
  readonly #ports: RevealPorts;
  readonly #current = signal<RevealState>({ state: 'covered' });
  /** Grows with each press and release: what an earlier one still brings is not shown. */
  #turn = 0;

  constructor(ports: RevealPorts) {
    this.#ports = ports;
  }

  get current(): ReadonlySignal<RevealState> {
    return this.#current;
  }

  async hold(id: string): Promise<void> {
    const turn = this.#begin();
    this.#current.value = { state: 'loading', id };
    const answer = await this.#ports.ask(id);
    if (turn !== this.#turn) return;
    if (!answer.ok) {
      this.#current.value = { state: 'failed', id, why: answer.problem.error };
      return;
    }
    const isDrawn = (await this.#ports.frame()?.draw(answer.value)) ?? false;
    if (turn !== this.#turn) return;
    this.#current.value = isDrawn
      ? { state: 'shown', id }
      : { state: 'failed', id, why: 'not-drawn' };
  }

  /** Covers what is held, or only this picture. What went wrong stays to be read. */
  release(id: string | null = null): void {
    const { value } = this.#current;
    if (value.state === 'covered' || value.state === 'failed') return;
    if (id !== null && value.id !== id) return;
    this.#begin();
    this.#current.value = { state: 'covered' };
  }

  #begin(): number {
    this.#turn += 1;
    this.#ports.frame()?.clear();
    return this.#turn;
  }
}
