import { INTERESTS_MAX } from '@farandole/protocol/limits';
import { t } from '../i18n/words.ts';
import { Icon } from './icons.tsx';
import { type InterestProps, useInterestBox } from './interest-box.tsx';

/** Up to five interests as chips in a box, with a label and a hint. */
export function InterestField(props: InterestProps) {
  const { items } = props;
  const placeholder = items.length === 0 ? t('interests.placeholder') : undefined;
  const box = useInterestBox(props, { name: null, placeholder });
  const { id, isFull, refusal } = box;
  return (
    <div class="field">
      <label for={`${id}-box`}>
        {t('interests.label')}{' '}
        <span class="soft small">{t('interests.optional', { max: INTERESTS_MAX })}</span>
      </label>
      <div class="combo">
        <div class="chip-box" aria-invalid={refusal !== null}>
          <ul class="chips" ref={box.list}>
            {items.map((item) => (
              <InterestChip key={item} item={item} onRemove={() => box.remove(item, items)} />
            ))}
          </ul>
          {box.field}
        </div>
        {box.suggestions}
      </div>
      <p id={`${id}-hint`} class={refusal === null ? 'hint' : 'hint bad'}>
        {refusal ?? (isFull ? t('interests.full', { max: INTERESTS_MAX }) : t('interests.hint'))}
      </p>
    </div>
  );
}

export function InterestChip({ item, onRemove }: { item: string; onRemove: () => void }) {
  return (
    <li class="chip">
      <span dir="auto">{item}</span>
      <button type="button" aria-label={t('interests.remove', { item })} onClick={onRemove}>
        <Icon name="cross" size={16} />
      </button>
    </li>
  );
}
