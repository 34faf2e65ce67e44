import { INTERESTS_MAX } from '@farandole/protocol/limits';
import { useSignal } from '@preact/signals';
import { useId, useRef } from 'preact/hooks';
import { t } from '../i18n/words.ts';
import { addChips, CHIP_CODE_POINTS_MAX, focusAfterRemoval } from './chip-list.ts';
import { Icon } from './icons.tsx';

/** What `addChips` refuses, and what the server refused of the whole list. */
type Refusal = Parameters<typeof refusalText>[0];

/** Up to five interests, each a chip: Enter or a comma adds one, Backspace takes the last back. */
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
  const refusal = useSignal<Refusal | null>(null);
  const box = useRef<HTMLInputElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const shown = refusal.value ?? (refused ? 'bad-interest' : null);
  const full = items.length >= INTERESTS_MAX;

  const add = (): void => {
    const outcome = addChips(items, text.value, { itemsMax: INTERESTS_MAX });
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
    if (event.isComposing) return;
    if (event.key === 'Enter' || event.key === ',') {
      event.preventDefault();
      add();
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
          dir="auto"
          autocomplete="off"
          enterkeyhint="enter"
          maxLength={160}
          placeholder={items.length === 0 ? t('interests.placeholder') : undefined}
          aria-describedby={`${id}-hint`}
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value;
            // Phones' keyboards name no key: the comma is then in the text.
            if (/[,،，、;]/u.test(text.value)) add();
            else refusal.value = null;
          }}
          onKeyDown={onKeyDown}
          onBlur={add}
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
