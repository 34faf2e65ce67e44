import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import type { Problem } from '../api/api-client.ts';
import { sentenceOf } from '../parts/states.tsx';

export interface NewCredentialProps {
  /** API path of the passkey request. The form posts to `AT-options` first, then to `AT`. */
  readonly at: string;
  /** Extra fields that the body of each request contains. */
  readonly also: Readonly<Record<string, unknown>>;
  readonly done: () => Promise<void>;
}

interface TextFieldProps {
  readonly label: string;
  readonly value: string;
  readonly change: (value: string) => void;
  readonly hint?: string;
  readonly hidden?: boolean;
  readonly autocomplete: string;
  readonly maxLength?: number;
}

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

/** Shows a form's errors next to the field and announces them to screen readers. */
export function Form({
  problem,
  submit,
  asked = 'several',
  children,
}: {
  problem: Problem | null;
  submit: () => void;
  /** With `one`, the form puts the button on the line of its only field if there is room. */
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

/**
 * Shows an error message. Stays mounted while empty because screen readers announce only
 * changes.
 */
export function Wrong({ problem }: { problem: Problem | null }) {
  return (
    <p class="hint bad" role="alert">
      {problem === null ? '' : sentenceOf(problem)}
    </p>
  );
}
