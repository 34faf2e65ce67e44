import { type ReadonlySignal, signal } from '@preact/signals';
import type { ApiReply } from '../api/api-client.ts';

/** Decodes and draws pictures in a sandboxed document with an opaque origin. */
export interface PictureFrame {
  /** @returns whether the frame could draw the picture */
  draw(bytes: ArrayBuffer): Promise<boolean>;
  clear(): void;
}

export type RevealState =
  | { readonly state: 'covered' }
  | { readonly state: 'loading' | 'shown'; readonly id: string }
  /** `why` is the node's error code, or `not-drawn` if the frame could not draw the picture. */
  | { readonly state: 'failed'; readonly id: string; readonly why: string };

export interface RevealPorts {
  /** Requests a picture from the node. The node audits each request. */
  readonly ask: (id: string) => Promise<ApiReply<ArrayBuffer>>;
  readonly frame: () => PictureFrame | null;
}

/**
 * Shows one picture while the member holds its button. Requests the picture at each press, so
 * that the node audits each viewing.
 */
export class Reveal {
  readonly #ports: RevealPorts;
  readonly #current = signal<RevealState>({ state: 'covered' });
  /** Number of presses and releases so far, so that an answer to an earlier press is dropped. */
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

  /**
   * Covers the shown picture; with an id, only if it is the id of the shown picture. An error
   * message stays visible.
   */
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
