import type { Clock } from '@farandole/kernel/clock';
import { brandId, isId } from '@farandole/kernel/id';
import type { CaseId, DecisionId } from '@farandole/moderation/ids';
import type { NodeSigner } from '../../keys/signer.ts';
import { FORM_LIFETIME_MS } from '../../limits.ts';

const TIME = /^[0-9]{1,16}$/;

/**
 * Signs the appeal forms that this server draws. An appeal is accepted only with a recently signed
 * form for the same decision. The server stores no forms.
 */
export class AppealForms {
  readonly #signer: Pick<NodeSigner, 'tag' | 'verifyTag'>;
  readonly #clock: Clock;

  constructor(signer: Pick<NodeSigner, 'tag' | 'verifyTag'>, clock: Clock) {
    this.#signer = signer;
    this.#clock = clock;
  }

  seal(decision: DecisionId): string {
    return this.#seal('appeal', decision);
  }

  /** Returns the decision that a valid, fresh form names; null for any other form. */
  open(form: string): DecisionId | null {
    const decision = this.#open('appeal', form);
    return decision === null ? null : brandId<DecisionId>(decision);
  }

  /** Signs the form for an appeal against the sanction of a shared network or device. */
  sealShared(code: string): string {
    return this.#seal('shared', code);
  }

  /** Returns the code in a valid, fresh form for a shared sanction; null for any other form. */
  openShared(form: string): string | null {
    return this.#open('shared', form);
  }

  /** Signs the form for an appeal against a measure by software. */
  sealMeasure(of: CaseId): string {
    return this.#seal('measure', of);
  }

  /** Returns the case in a valid, fresh form for a measure by software; null for any other form. */
  openMeasure(form: string): CaseId | null {
    const of = this.#open('measure', form);
    return of === null ? null : brandId<CaseId>(of);
  }

  /** Signs the form of an appeal against an age refusal by device key. */
  sealAge(code: string): string {
    return this.#seal('age', code);
  }

  /** Returns the code of a valid, fresh form; null for any other form. */
  openAge(form: string): string | null {
    return this.#open('age', form);
  }

  #seal(kind: FormKind, about: string): string {
    const atMs = String(this.#clock.wallMs());
    return `${about}~${atMs}~${this.#signer.tag(textOf(kind, about, atMs))}`;
  }

  #open(kind: FormKind, form: string): string | null {
    const [about = '', atMs = '', tag = '', ...rest] = form.split('~');
    if (!isId(about) || !TIME.test(atMs) || rest.length > 0) return null;
    if (!this.#signer.verifyTag(textOf(kind, about, atMs), tag)) return null;
    const ageMs = this.#clock.wallMs() - Number(atMs);
    return ageMs < FORM_LIFETIME_MS ? about : null;
  }
}

type FormKind = 'appeal' | 'shared' | 'measure' | 'age';

/**
 * The key of the forms also tags chat lines. The prefix tells the two apart, because no tagged text
 * of a chat line can begin with it.
 */
function textOf(kind: FormKind, about: string, atMs: string): string {
  return `farandole-${kind}-form-1\n${about}\n${atMs}`;
}
