import { type ReadonlySignal, signal } from '@preact/signals';
import type { ApiReply } from '../api/api-client.ts';

/** Decodes and draws pictures in a sandboxed document with an opaque origin. */
export interface PictureFrame {
  /** @returns whether the picture was drawn */
  draw(bytes: ArrayBuffer): Promise<boolean>;
  clear(): void;
}

export type RevealState =
  | { readonly state: 'covered' }
  | { readonly state: 'loading' | 'shown'; readonly id: string }
  /** `why` is an error code of the node, or `not-drawn`. */
  | { readonly state: 'failed'; readonly id: string; readonly why: string };

export interface RevealPorts {
  /** Requests a picture; each request is audited. */
  readonly ask: (id: string) => Promise<ApiReply<ArrayBuffer>>;
  readonly frame: () => PictureFrame | null;
}

/** Shows one picture while held. Never caches it, so that each view is audited. */
export class Reveal {
  readonly #ports: RevealPorts;
  readonly #current = signal<RevealState>({ state: 'covered' });
  /** Increases with each press and release, to drop outdated answers. */
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

  /** Covers the held picture, or only this one. An error stays visible. */
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
