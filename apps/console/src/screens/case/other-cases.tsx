import type { CaseId } from '@farandole/moderation/ids';
import type { OtherCase, ShownCase } from '@farandole/moderation/service/show-case';
import { t } from '../../i18n/words.ts';
import { useConsole } from '../../parts/console-context.ts';
import { Icon } from '../../parts/icon.tsx';
import { stepCase } from '../../state/case-actions.ts';
import { goTo, hashOf } from '../../state/route.ts';

/**
 * Links to the accused user's other open case. One of the two cases is ordinary, and only child
 * safety may open the other.
 */
export function OtherCases({ shown }: { shown: ShownCase }) {
  return shown.others.map((other) => <Other key={other.lane} of={shown.of} other={other} />);
}

function Other({ of, other }: { of: ShownCase['of']; other: OtherCase }) {
  const model = useConsole();
  if (other.id === null) {
    return (
      <p class="note-line">
        <Icon name="shield" size={16} />
        {t('others.sealed')}
      </p>
    );
  }
  const { id, lane, state } = other;
  const ordinary = lane === 'normal' ? id : of.id;
  const isPair = lane !== of.lane && of.state !== 'closed';
  const move = async (moved: CaseId): Promise<void> => {
    if (await stepCase(model, moved, { event: 'safeguard' })) goTo('queue');
  };
  return (
    <section class="panel" aria-labelledby="others-title">
      <h2 id="others-title">{t('others.title')}</h2>
      <p>
        {t(lane === 'normal' ? 'others.ordinary' : 'others.minor')}{' '}
        <span class="mark">{t(`state.${state}`)}</span>
      </p>
      <div class="actions">
        <a class="btn" href={hashOf({ screen: 'case', id })}>
          {t('others.open')}
        </a>
        {isPair && model.may('case.decide-child-safety') ? (
          <button
            type="button"
            class="btn"
            aria-describedby="others-hint"
            onClick={() => void move(ordinary)}
          >
            {t('others.move')}
          </button>
        ) : null}
      </div>
      {isPair && model.may('case.decide-child-safety') ? (
        <p id="others-hint" class="hint">
          {t('others.moveHint')}
        </p>
      ) : null}
    </section>
  );
}
