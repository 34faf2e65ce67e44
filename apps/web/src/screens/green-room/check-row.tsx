import '../../styles/green-room.css';
import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from '../../ui/icons.tsx';

/** State of a check: good, doubtful, bad, or none of these. */
export type Mark = 'on' | 'warn' | 'bad' | 'plain';

const MARKS: Readonly<Record<Exclude<Mark, 'plain'>, IconName>> = {
  on: 'check',
  warn: 'alert',
  bad: 'cross',
};

/** The narrator announces changes, since it knows the last press. */
export function CheckRow({
  icon,
  name,
  mark,
  word,
  hint = null,
  expected = null,
  children,
}: {
  icon: IconName;
  name: string;
  mark: Mark;
  word: string;
  hint?: string | null;
  /** A likely hint: its space is reserved, so that the layout doesn't shift. */
  expected?: string | null;
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
      {hint === null && expected !== null && (
        <p class="hint expected" aria-hidden="true">
          {expected}
        </p>
      )}
    </li>
  );
}
