import type { Result } from '@farandole/kernel/result';
import type { OwnDataAct } from '@farandole/protocol/http-api';
import { type ReadonlySignal, signal } from '@preact/signals';
import type { ApiFault } from '../signal/ports.ts';

/** What came of it: a file that was saved, a recovery code, or whether something still waits for a decision. */
export type OwnDataAnswer =
  | { readonly did: 'export' }
  | { readonly did: 'code'; readonly code: string }
  | { readonly did: 'erase'; readonly waits: boolean };

/**
 * Asks the server, for the person of this browser, or for whoever has this recovery code. What is exported is
 * saved as a file. May reject where the page's own code could not be fetched.
 */
export type AskOwnData = (
  act: OwnDataAct,
  code: string | null,
) => Promise<Result<OwnDataAnswer, ApiFault>>;

export type OwnDataStep =
  | 'rest'
  /** Asked whether to erase it. */
  | 'sure'
  | 'asking'
  | 'saved'
  | 'erased'
  /** Erased, but for what a decision still needs. */
  | 'waits'
  | 'unreachable'
  | 'crowded'
  | 'refused'
  | 'bad-code';

export interface OwnDataView {
  readonly step: OwnDataStep;
  /** This person's recovery code, once it was asked for. */
  readonly code: string | null;
}

/** What the server keeps of this person: to save it, to erase it, and a code to do so from elsewhere. */
export class OwnDataModel {
  readonly #ask: AskOwnData;
  readonly #view = signal<OwnDataView>({ step: 'rest', code: null });

  constructor(ask: AskOwnData) {
    this.#ask = ask;
  }

  get view(): ReadonlySignal<OwnDataView> {
    return this.#view;
  }

  /** @param code of another browser; empty for what is kept of this one */
  save(code: string): void {
    void this.#run('export', code);
  }

  /** Asks whether they are sure. */
  wantErased(): void {
    if (this.#view.value.step !== 'asking') this.#to('sure');
  }

  keep(): void {
    if (this.#view.value.step === 'sure') this.#to('rest');
  }

  erase(code: string): void {
    if (this.#view.value.step === 'sure') void this.#run('erase', code);
  }

  showCode(): void {
    void this.#run('code', '');
  }

  async #run(act: OwnDataAct, given: string): Promise<void> {
    if (this.#view.value.step === 'asking') return;
    this.#to('asking');
    const code = given.trim() === '' ? null : given.trim();
    const unreachable = { ok: false, reason: 'unreachable' } as const;
    const answered = await this.#ask(act, code).catch(() => unreachable);
    if (!answered.ok) {
      this.#to(answered.reason === 'refused' && code !== null ? 'bad-code' : answered.reason);
    } else if (answered.value.did === 'code') {
      this.#view.value = { step: 'rest', code: answered.value.code };
    } else if (answered.value.did === 'erase') {
      this.#to(answered.value.waits ? 'waits' : 'erased');
    } else {
      this.#to('saved');
    }
  }

  #to(step: OwnDataStep): void {
    this.#view.value = { ...this.#view.value, step };
  }
}
