import '../../styles/checks.css';
import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from '../../ui/icons.tsx';

/** The icon for the result of a check: good, doubtful, bad, or no icon. */
export type Mark = 'on' | 'warn' | 'bad' | 'plain';

const MARKS: Readonly<Record<Exclude<Mark, 'plain'>, IconName>> = {
  on: 'check',
  warn: 'alert',
  bad: 'cross',
};

/**
 * A row with the result of a check. It is not a live region, because only the narrator knows
 * whether the user caused the change.
 */
export function CheckRow({
  icon,
  name,
  mark,
  word,
  hint = null,
  children,
}: {
  icon: IconName;
  name: string;
  mark: Mark;
  word: string;
  hint?: string | null;
  children?: ComponentChildren;
}) {
  return (
    <li>
      <Icon name={icon} />
      <span class="device-name">{name}</span>
      <span class={`state ${mark}`}>
        {mark !== 'plain' && <Icon name={MARKS[mark]} size={16} />}
        <span>{word}</span>
      </span>
      {children}
      {hint !== null && <p class="hint">{hint}</p>}
    </li>
  );
}
