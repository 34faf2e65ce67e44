import '../../styles/later.css';
import '../../styles/folded.css';
import '../../styles/settings-rows.css';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { Icon, type IconName } from '../../ui/icons.tsx';

/**
 * A group of settings.
 * @param folded whether the user must open the group to see its rows
 */
export function Group({
  icon,
  title,
  folded = false,
  children,
}: {
  icon: IconName;
  title: string;
  folded?: boolean;
  children: ComponentChildren;
}) {
  const id = useId();
  const heading = (
    <h3 id={id}>
      <Icon name={icon} size={20} />
      {title}
    </h3>
  );
  return (
    <section class="settings-group" aria-labelledby={id}>
      {folded ? (
        <details class="folded">
          <summary>{heading}</summary>
          <div class="settings-rows">{children}</div>
        </details>
      ) : (
        <>
          {heading}
          <div class="settings-rows">{children}</div>
        </>
      )}
    </section>
  );
}

/** A settings row with a switch. The hint is the switch's description, not part of its name. */
export function SwitchRow({
  name,
  hint,
  checked,
  onChange,
}: {
  name: string;
  hint?: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}) {
  const id = useId();
  return (
    <label class="switch settings-row">
      <span>
        <span id={`${id}-name`}>{name}</span>
        {hint !== undefined && (
          <span id={`${id}-hint`} class="hint">
            {hint}
          </span>
        )}
      </span>
      <input
        type="checkbox"
        role="switch"
        checked={checked}
        aria-labelledby={`${id}-name`}
        aria-describedby={hint === undefined ? undefined : `${id}-hint`}
        onChange={(event) => onChange(event.currentTarget.checked)}
      />
    </label>
  );
}

/**
 * A settings row with a radio group. All options are visible, and the arrow keys move between
 * them.
 */
export function ChoiceRow<T extends string | number>({
  name,
  hint,
  value,
  choices,
  onChange,
}: {
  name: string;
  hint?: string | undefined;
  value: T;
  choices: readonly { readonly value: T; readonly text: string }[];
  onChange: (value: T) => void;
}) {
  const id = useId();
  return (
    <div
      class="settings-row one-of"
      role="radiogroup"
      aria-labelledby={`${id}-name`}
      aria-describedby={hint === undefined ? undefined : `${id}-hint`}
    >
      <span id={`${id}-name`}>{name}</span>
      <div class="segments">
        {choices.map(({ value: own, text }) => (
          <label key={own} class="segment">
            <input type="radio" name={id} checked={own === value} onChange={() => onChange(own)} />
            <span>{text}</span>
          </label>
        ))}
      </div>
      {hint !== undefined && (
        <p id={`${id}-hint`} class="hint">
          {hint}
        </p>
      )}
    </div>
  );
}
