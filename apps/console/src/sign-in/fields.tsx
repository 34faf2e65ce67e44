import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { Problem } from '../api/api-client.ts';
import { sentenceOf } from '../parts/states.tsx';

/** A field of one line with its label, and what there is to know about it. */
export function TextField({
  label,
  value,
  change,
  hint,
  hidden = false,
  autocomplete,
  maxLength,
}: {
  label: string;
  value: string;
  change: (value: string) => void;
  hint?: string;
  /** Nobody who stands behind one can read it. */
  hidden?: boolean;
  autocomplete: string;
  maxLength?: number;
}) {
  const id = useId();
  const hintId = useId();
  const shared = {
    id,
    class: 'input',
    value,
    required: true,
    spellcheck: false,
    autocomplete,
    onInput: ({ currentTarget }: { currentTarget: HTMLInputElement }) =>
      change(currentTarget.value),
    ...(hint === undefined ? {} : { 'aria-describedby': hintId }),
    ...(maxLength === undefined ? {} : { maxLength }),
  };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hidden ? <input type="password" {...shared} /> : <input type="text" {...shared} />}
      {hint === undefined ? null : (
        <span class="hint" id={hintId}>
          {hint}
        </span>
      )}
    </div>
  );
}

/** Fields and what is done with them; what went wrong is said where one looks, and aloud. */
export function Form({
  problem,
  submit,
  children,
}: {
  problem: Problem | null;
  submit: () => void;
  children: ComponentChildren;
}) {
  return (
    <form
      class="sign-in-form"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {children}
      <Wrong problem={problem} />
    </form>
  );
}

/** There before it says something, so that a screen reader hears it. */
export function Wrong({ problem }: { problem: Problem | null }) {
  return (
    <p class="hint bad" role="alert">
      {problem === null ? '' : sentenceOf(problem)}
    </p>
  );
}
