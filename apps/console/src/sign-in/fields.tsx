import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { Problem } from '../api/api-client.ts';
import { sentenceOf } from '../parts/states.tsx';

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly hint?: string;
  /** Nobody who stands behind one can read it. */
  readonly hidden?: boolean;
  readonly autocomplete: string;
  readonly maxLength?: number;
}

/** A field of one line with its label, and what there is to know about it. */
export function TextField({
  label,
  value,
  change,
  hint,
  hidden = false,
  autocomplete,
  maxLength,
}: TextFieldProps) {
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
  asked = 'several',
  children,
}: {
  problem: Problem | null;
  submit: () => void;
  /** Of one field the button stands beside it, where there is room. */
  asked?: 'one' | 'several';
  children: ComponentChildren;
}) {
  return (
    <form
      class={asked === 'one' ? 'sign-in-form one-field' : 'sign-in-form'}
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

/** One field, and the button that sends it. */
export function OneFieldForm({
  problem = null,
  submit,
  isBusy = false,
  go,
  ...field
}: TextFieldProps & {
  readonly problem?: Problem | null;
  readonly submit: () => void;
  readonly isBusy?: boolean;
  /** What the button says. */
  readonly go: string;
}) {
  return (
    <Form problem={problem} submit={submit} asked="one">
      <TextField {...field} />
      <button type="submit" class="btn primary" aria-disabled={isBusy}>
        {go}
      </button>
    </Form>
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
