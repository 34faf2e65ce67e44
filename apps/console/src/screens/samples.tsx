import type { SampledDismissal } from '@farandole/moderation/cases/quality-sample';
import { t } from '../i18n/words.ts';
import { useConsole } from '../parts/console-context.ts';
import { listOf, relative } from '../parts/times.ts';
import { useLoaded } from '../parts/use-loaded.ts';
import { send } from '../state/case-actions.ts';
import { hashOf } from '../state/route.ts';

/** Dismissed cases sampled for review; hidden when empty or without the permission. */
export function Samples() {
  const { current, reload } = useLoaded<readonly SampledDismissal[]>('samples');
  const loaded = current.value;
  if (loaded.state !== 'ready' || loaded.value.length === 0) return null;
  return (
    <section class="stack narrow" aria-labelledby="samples">
      <h2 id="samples">{t('samples.title')}</h2>
      <p class="soft">{t('samples.text')}</p>
      <ol class="stack">
        {loaded.value.map((one) => (
          <li key={one.decision.id}>
            <OneSample sampled={one} reload={reload} />
          </li>
        ))}
      </ol>
    </section>
  );
}

function OneSample({
  sampled: { decision, of, mayAnswer },
  reload,
}: {
  sampled: SampledDismissal;
  reload: () => Promise<void>;
}) {
  const model = useConsole();
  const answer = async (agrees: boolean): Promise<void> => {
    const said = await send(model, `samples/${decision.id}/answer`, { agrees });
    if (said !== null) model.say(t('samples.said'));
    await reload();
  };
  return (
    <article class="panel">
      <header>
        <h3>{t(`reason.${decision.reason}`)}</h3>
        <p class="soft">
          {t('appeals.decidedBy', {
            time: relative(decision.atMs, model.nowMs.value),
            names: listOf(decision.deciders.map((id) => model.nameOf(id))),
          })}
        </p>
      </header>
      <div class="actions">
        {mayAnswer ? (
          <>
            <button type="button" class="btn" onClick={() => void answer(true)}>
              {t('samples.agree')}
            </button>
            <button type="button" class="btn" onClick={() => void answer(false)}>
              {t('samples.other')}
            </button>
          </>
        ) : (
          <p class="note-line">{t('samples.yours')}</p>
        )}
        <a class="btn quiet" href={hashOf({ screen: 'case', id: of.id })}>
          {t('approvals.open')}
        </a>
      </div>
    </article>
  );
}
