import type { Clock } from '@farandole/kernel/clock';
import { brandId, isId } from '@farandole/kernel/id';
import type { DecisionId } from '@farandole/moderation/ids';
import { FORM_LIFETIME_MS } from '../../limits.ts';
import type { NodeSigner } from '../../signer.ts';

const TIME = /^[0-9]{1,16}$/;

/**
 * Marks the forms that this server has drawn: an appeal is taken from one of those alone, for the
 * decision that it was drawn for, and not for ever. Nothing of it is remembered here.
 */
export class AppealForms {
  readonly #signer: Pick<NodeSigner, 'tag' | 'verifyTag'>;
  readonly #clock: Clock;

  constructor(signer: Pick<NodeSigner, 'tag' | 'verifyTag'>, clock: Clock) {
    this.#signer = signer;
    this.#clock = clock;
  }

  seal(decision: DecisionId): string {
    const atMs = String(this.#clock.wallMs());
    return `${decision}~${atMs}~${this.#signer.tag(textOf(decision, atMs))}`;
  }

  /** The decision of a form of ours that is not too old, else null. */
  open(form: string): DecisionId | null {
    const [decision = '', atMs = '', tag = '', ...rest] = form.split('~');
    if (!isId(decision) || !TIME.test(atMs) || rest.length > 0) return null;
    if (!this.#signer.verifyTag(textOf(decision, atMs), tag)) return null;
    const ageMs = this.#clock.wallMs() - Number(atMs);
    return ageMs < FORM_LIFETIME_MS ? brandId<DecisionId>(decision) : null;
  }
}

/** Begins unlike any line of a chat, which the same key tags. */
function textOf(decision: string, atMs: string): string {
  return `farandole-appeal-form-1\n${decision}\n${atMs}`;
}
