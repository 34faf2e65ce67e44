import '../../styles/green-room.css';
import type { ComponentChildren } from 'preact';
import { Icon, type IconName } from '../../ui/icons.tsx';

/** Well, in want of a look, bad, or nothing of the sort. */
export type Mark = 'on' | 'warn' | 'bad' | 'plain';

const MARKS: Readonly<Record<Exclude<Mark, 'plain'>, IconName>> = {
  on: 'check',
  warn: 'alert',
  bad: 'cross',
};

/** One thing that a call needs. A reader hears of another word by the narrator, who knows what was pressed. */
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
  /** What the word means, or what to do about it. */
  hint?: string | null;
  /** The hint that will most likely come: its place is kept, so that nothing moves when it does. */
  expected?: string | null;
  /** What can be done there. */
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
