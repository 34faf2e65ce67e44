import { INTERESTS_MAX } from '@farandole/protocol/limits';
import { loadInterests } from '@farandole/ui/locales';
import { useSignal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';
import { pageLanguage, t } from '../i18n/words.ts';
import { isComposing } from '../keyboard/keys.ts';
import { addChips, CHIP_CODE_POINTS_MAX, focusAfterRemoval } from './chip-list.ts';
import { Icon } from './icons.tsx';
import { SuggestionList } from './suggestion-list.tsx';
import { type Marked, markNext, suggest } from './suggestions.ts';

type ChipFault = Parameters<typeof refusalText>[0];

/**
 * Up to five interests as chips. Enter or a comma adds an interest, Backspace removes the last
 * one. Suggestions follow the input. Arrow keys select a suggestion, and Escape closes the list.
 */
export function InterestField({
  items,
  refused,
  onChange,
}: {
  items: readonly string[];
  refused: boolean;
  onChange: (items: readonly string[]) => void;
}) {
  const id = useId();
  const text = useSignal('');
  const refusal = useSignal<ChipFault | null>(null);
  const known = useSignal<readonly string[]>([]);
  const marked = useSignal<Marked>(null);
  const isShut = useSignal(true);
  const box = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const shown = refusal.value ?? (refused ? 'bad-interest' : null);
  const full = items.length >= INTERESTS_MAX;

  const suggested = isShut.value || full ? [] : suggest(known.value, text.value, items);
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
  const remove = (index: number): void => {
    refusal.value = null;
    const next = focusAfterRemoval(index, items.length);
    onChange(items.filter((_, at) => at !== index));
    requestAnimationFrame(() => {
      const buttons = list.current?.querySelectorAll('button') ?? [];
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
      remove(items.length - 1);
    }
  };

  return (
    <div class="field">
      <label for={`${id}-box`}>
        {t('interests.label')}{' '}
        <span class="soft small">{t('interests.optional', { max: INTERESTS_MAX })}</span>
      </label>
      <div class="combo">
        <div class="chip-box" aria-invalid={shown !== null}>
          <ul class="chips" ref={list}>
            {items.map((item, index) => (
              <li key={item} class="chip">
                <span dir="auto">{item}</span>
                <button
                  type="button"
                  aria-label={t('interests.remove', { item })}
                  onClick={() => remove(index)}
                >
                  <Icon name="cross" size={16} />
                </button>
              </li>
            ))}
          </ul>
          <input
            id={`${id}-box`}
            ref={box}
            type="text"
            role="combobox"
            dir="auto"
            autocomplete="off"
            autocapitalize="none"
            enterkeyhint="enter"
            aria-autocomplete="list"
            aria-expanded={suggested.length > 0}
            aria-controls={suggested.length > 0 ? `${id}-list` : undefined}
            aria-activedescendant={active === undefined ? undefined : `${id}-list-${marked.value}`}
            maxLength={160}
            placeholder={items.length === 0 ? t('interests.placeholder') : undefined}
            aria-describedby={`${id}-hint`}
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
        </div>
        <SuggestionList
          id={`${id}-list`}
          items={suggested}
          marked={marked.value}
          onPick={(item) => add(item)}
        />
      </div>
      <p id={`${id}-hint`} class={shown === null ? 'hint' : 'hint bad'}>
        {shown === null
          ? full
            ? t('interests.full', { max: INTERESTS_MAX })
            : t('interests.hint')
          : refusalText(shown)}
      </p>
    </div>
  );
}

function refusalText(
  refusal: 'too-many' | 'too-long' | 'twice' | 'bad-characters' | 'bad-interest',
): string {
  return t(`interests.refusal.${refusal}`, { max: INTERESTS_MAX, length: CHIP_CODE_POINTS_MAX });
}
