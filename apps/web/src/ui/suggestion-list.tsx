import { useEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/words.ts';
import type { Marked } from './suggestions.ts';

/** The list of suggestions in a combobox (ARIA 1.2). The focus stays in the text field. */
export function SuggestionList({
  id,
  items,
  marked,
  onPick,
}: {
  id: string;
  items: readonly string[];
  marked: Marked;
  onPick: (item: string) => void;
}) {
  const list = useRef<HTMLUListElement>(null);
  useEffect(() => {
    if (marked !== null) list.current?.children[marked]?.scrollIntoView({ block: 'nearest' });
  }, [marked]);
  return (
    <>
      {items.length > 0 && (
        <ul
          id={id}
          ref={list}
          class="suggestions"
          role="listbox"
          aria-label={t('interests.suggestions')}
        >
          {items.map((item, index) => (
            <li
              key={item}
              id={`${id}-${index}`}
              role="option"
              aria-selected={index === marked}
              // The text field keeps the focus, because losing it would add the typed text as an
              // interest.
              onPointerDown={(event) => event.preventDefault()}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onPick(item)}
            >
              {item}
            </li>
          ))}
        </ul>
      )}
      <p class="sr" role="status">
        {items.length > 0 && t('interests.suggested', { count: items.length })}
      </p>
    </>
  );
}
