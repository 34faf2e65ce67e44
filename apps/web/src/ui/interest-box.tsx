import '../styles/chips.css';
import { INTERESTS_MAX } from '@farandole/protocol/limits';
import { loadInterests } from '@farandole/ui/interest-locales';
import { useSignal } from '@preact/signals';
import type { RefObject, VNode } from 'preact';
import { useId, useRef } from 'preact/hooks';
import { pageLanguage, t } from '../i18n/words.ts';
import { isComposing } from '../keyboard/keys.ts';
import { addChips, CHIP_CODE_POINTS_MAX, focusAfterRemoval } from './chip-list.ts';
import { SuggestionList } from './suggestion-list.tsx';
import { type Marked, markNext, suggest } from './suggestions.ts';

type ChipFault = Parameters<typeof refusalText>[0];

export interface InterestProps {
  readonly items: readonly string[];
  /** Whether the server refused one of the interests. */
  readonly refused: boolean;
  readonly onChange: (items: readonly string[]) => void;
}

export interface InterestBox {
  /** Prefix of the ids. The text field has `-box`, and its description needs `-hint`. */
  readonly id: string;
  readonly field: VNode;
  readonly suggestions: VNode;
  readonly isFull: boolean;
  /** Why the last interest wasn't accepted; null if it was. */
  readonly refusal: string | null;
  /** Belongs to the list with the buttons that remove interests. */
  readonly list: RefObject<HTMLUListElement | null>;
  add(typed: string): void;
  /**
   * Removes an interest. If its chip disappears, the focus moves to the next chip's button.
   * @param shown the interests whose chips disappear when they are removed, in their order
   */
  remove(item: string, shown: readonly string[]): void;
}

/**
 * The text field for interests. Enter or a comma adds an interest, Backspace removes the last
 * one. Suggestions follow the input. Arrow keys select a suggestion, and Escape closes the list.
 * @param name accessible name of the text field; null if it has a label
 */
export function useInterestBox(
  { items, refused, onChange }: InterestProps,
  { name, placeholder }: { name: string | null; placeholder: string | undefined },
): InterestBox {
  const id = useId();
  const text = useSignal('');
  const refusal = useSignal<ChipFault | null>(null);
  const known = useSignal<readonly string[]>([]);
  const marked = useSignal<Marked>(null);
  const isShut = useSignal(true);
  const box = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const fault = refusal.value ?? (refused ? 'bad-interest' : null);
  const isFull = items.length >= INTERESTS_MAX;

  const suggested = isShut.value || isFull ? [] : suggest(known.value, text.value, items);
  const active = marked.value === null ? undefined : suggested[marked.value];

  const shut = (): void => {
    isShut.value = true;
    marked.value = null;
  };
  const add = (typed: string): void => {
    shut();
    const outcome = addChips(items, typed, { itemsMax: INTERESTS_MAX });
    refusal.value = outcome.refusal;
    if (outcome.refusal === null || outcome.items.length > items.length) text.value = '';
    if (outcome.items.length > items.length) onChange(outcome.items);
  };
  const remove = (item: string, shown: readonly string[]): void => {
    refusal.value = null;
    const next = focusAfterRemoval(shown.indexOf(item), shown.length);
    onChange(items.filter((other) => other !== item));
    if (!shown.includes(item)) return;
    requestAnimationFrame(() => {
      const buttons = list.current?.querySelectorAll<HTMLElement>('.chip > button') ?? [];
      (next === 'field' ? box.current : buttons[next])?.focus();
    });
  };
  const onKeyDown = (event: KeyboardEvent): void => {
    if (isComposing(event)) return;
    if (event.key === 'Enter' || event.key === ',') {
      event.preventDefault();
      add(event.key === 'Enter' && active !== undefined ? active : text.value);
    } else if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
      event.preventDefault();
      const step = event.key === 'ArrowDown' ? 'down' : 'up';
      if (suggested.length === 0) isShut.value = false;
      else marked.value = markNext(marked.value, step, suggested.length);
    } else if (event.key === 'Escape' && suggested.length > 0) {
      // The event is stopped here, because Escape would also close the surrounding dialog.
      event.preventDefault();
      shut();
    } else if (event.key === 'Backspace' && text.value === '' && items.length > 0) {
      event.preventDefault();
      refusal.value = null;
      onChange(items.slice(0, -1));
    }
  };

  const field = (
    <input
      id={`${id}-box`}
      ref={box}
      type="text"
      role="combobox"
      dir="auto"
      autocomplete="off"
      autocapitalize="none"
      enterkeyhint="enter"
      aria-label={name ?? undefined}
      aria-autocomplete="list"
      aria-expanded={suggested.length > 0}
      aria-controls={suggested.length > 0 ? `${id}-list` : undefined}
      aria-activedescendant={active === undefined ? undefined : `${id}-list-${marked.value}`}
      aria-invalid={fault !== null}
      aria-describedby={`${id}-hint`}
      data-typed={text.value === '' ? undefined : ''}
      maxLength={160}
      placeholder={placeholder}
      value={text.value}
      onFocus={() => {
        loadInterests(pageLanguage()).then(
          (interests) => {
            known.value = interests;
          },
          () => {
            // The suggestions couldn't be loaded, because the page is offline or the server
            // has a newer version. Typed interests still work.
          },
        );
      }}
      onInput={(event) => {
        text.value = event.currentTarget.value;
        marked.value = null;
        isShut.value = false;
        // Phone keyboards don't report which key was pressed, so the typed text is searched
        // for a comma.
        if (/[,،，、;]/u.test(text.value)) add(text.value);
        else refusal.value = null;
      }}
      onKeyDown={onKeyDown}
      onBlur={() => add(text.value)}
    />
  );
  const suggestions = (
    <SuggestionList
      id={`${id}-list`}
      items={suggested}
      marked={marked.value}
      onPick={(item) => add(item)}
    />
  );
  const words = fault === null ? null : refusalText(fault);
  return { id, field, suggestions, isFull, refusal: words, list, add, remove };
}

function refusalText(
  refusal: 'too-many' | 'too-long' | 'twice' | 'bad-characters' | 'bad-interest',
): string {
  return t(`interests.refusal.${refusal}`, { max: INTERESTS_MAX, length: CHIP_CODE_POINTS_MAX });
}
