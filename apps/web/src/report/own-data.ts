import type { Result } from '@farandole/kernel/result';
import type { OwnDataAct } from '@farandole/protocol/http-api';
import { type ReadonlySignal, signal } from '@preact/signals';
import type { ApiFault } from '../signal/ports.ts';

/**
 * Result of a request for the user's own data: a saved file, a recovery code, or whether a
 * pending decision still needs data.
 */
export type OwnDataAnswer =
  | { readonly did: 'export' }
  | { readonly did: 'code'; readonly code: string }
  | { readonly did: 'erase'; readonly waits: boolean };

/**
 * Sends an export, erasure or recovery request for this browser's user or, with a recovery code,
 * for the user whom the code belongs to. Saves an export as a file. Rejects if the code of the
 * page can't be loaded.
 */
export type AskOwnData = (
  act: OwnDataAct,
  code: string | null,
) => Promise<Result<OwnDataAnswer, ApiFault>>;

export type OwnDataStep =
  | 'rest'
  /** The page waits for the user to confirm the erasure. */
  | 'sure'
  | 'asking'
  | 'saved'
  | 'erased'
  /** The user's data was erased, except data that a pending decision needs. */
  | 'waits'
  | 'unreachable'
  | 'crowded'
  | 'refused'
  | 'bad-code';

export interface OwnDataView {
  readonly step: OwnDataStep;
  readonly code: string | null;
}

const models = new WeakMap<AskOwnData, OwnDataModel>();

/**
 * Returns the model that requests own data with `ask`. Creates the model on first use, because
 * the first screen doesn't need the model's code.
 */
export function ownDataBy(ask: AskOwnData): OwnDataModel {
  const model = models.get(ask) ?? new OwnDataModel(ask);
  models.set(ask, model);
  return model;
}

/**
 * The user's data on the server: export, erasure, and a recovery code to use in another browser.
 */
export class OwnDataModel {
  readonly #ask: AskOwnData;
  readonly #view = signal<OwnDataView>({ step: 'rest', code: null });

  constructor(ask: AskOwnData) {
    this.#ask = ask;
  }

  get view(): ReadonlySignal<OwnDataView> {
    return this.#view;
  }

  /** @param code a recovery code from another browser; empty for the user of this browser */
  save(code: string): void {
    void this.#run('export', code);
  }

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
