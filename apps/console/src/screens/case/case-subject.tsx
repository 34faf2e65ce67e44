import type { ShownCase } from '@farandole/moderation/service/show-case';
import { t } from '../../i18n/words.ts';
import { dateOf } from '../../parts/times.ts';
import { hashOf } from '../../state/route.ts';
import { Chance } from '../queue.tsx';

export function CaseSubject({ shown: { subject, strikes, linked } }: { shown: ShownCase }) {
  return (
    <section class="panel" aria-labelledby="subject-title">
      <h2 id="subject-title">{t('case.subject')}</h2>
      <dl class="facts">
        <div>
          <dt>{t('case.chance')}</dt>
          <dd>
            <Chance share={subject.harmProbability} />
          </dd>
        </div>
      </dl>
      <p class="marks-row">
        <span class={subject.tier === 'restricted' ? 'mark bad' : 'mark'}>
          {t(`tier.${subject.tier}`)}
        </span>
        <span class={strikes > 0 ? 'mark bad' : 'mark'}>
          {t('case.strikes', { count: strikes })}
        </span>
        <span class="mark">{t('case.sessions', { count: subject.sessions })}</span>
      </p>
      {subject.heldUntilMs === null ? null : (
        <p class="soft">{t('case.held', { time: dateOf(subject.heldUntilMs) })}</p>
      )}
      {linked.length === 0 ? null : (
        <>
          <h3>{t('case.linked')}</h3>
          <p class="soft">{t('case.linkedText', { count: linked.length })}</p>
          <ul class="linked">
            {linked.flatMap(({ cases }) =>
              cases.map(({ id, state }) => (
                <li key={id}>
                  <a class="number" href={hashOf({ screen: 'case', id })}>
                    {t('case.linkedCase', { id: id.slice(0, 8) })}
                  </a>
                  <span class="mark">{t(`state.${state}`)}</span>
                </li>
              )),
            )}
          </ul>
        </>
      )}
    </section>
  );
}
