import type { Case } from '@farandole/moderation/cases/case-machine';
import { HAND_OVER_STEPS, type HandOverStep } from '@farandole/moderation/cases/handover-steps';
import type { ShownCase, ShownReport, ShownSeal } from '@farandole/moderation/service/show-case';
import { t } from '../../i18n/words.ts';
import { callInWords } from '../../parts/call-words.ts';
import { useConsole } from '../../parts/console-context.ts';
import { Icon } from '../../parts/icon.tsx';
import { dateOf, relative } from '../../parts/times.ts';
import { send } from '../../state/case-actions.ts';

/**
 * Shows which authority child safety must notify of a case that may involve a minor, and the
 * facts to report to it.
 */
export function HandOver({ shown, reload }: { shown: ShownCase; reload: () => Promise<void> }) {
  const { hotline, authority } = useConsole().handOver;
  return (
    <section class="panel hand-over" aria-labelledby="hand-over-title">
      <h2 id="hand-over-title">{t('handOver.title')}</h2>
      <p class="note-line bad">
        <Icon name="shield" size={16} />
        {t('handOver.text')}
      </p>
      <dl class="facts">
        <Whom label={t('handOver.hotline')} who={hotline} setting="FARANDOLE_HANDOVER_HOTLINE" />
        <Whom
          label={t('handOver.authority')}
          who={authority}
          setting="FARANDOLE_HANDOVER_AUTHORITY"
        />
      </dl>
      <h3>{t('handOver.what')}</h3>
      {shown.reports.length === 0 ? <p class="soft">{t('handOver.nothing')}</p> : null}
      <ol class="stack small">
        {shown.reports.map((one) => (
          <li key={one.report.id}>
            <Facts of={one} />
          </li>
        ))}
      </ol>
      <Steps of={shown.of} reload={reload} />
      {shown.sealed === null ? null : <Seal of={shown.of} seal={shown.sealed} reload={reload} />}
      {shown.of.shreddedAtMs === undefined ? null : (
        <p class="soft">{t('handOver.shredded', { time: dateOf(shown.of.shreddedAtMs) })}</p>
      )}
    </section>
  );
}

/**
 * Shows when the retention period of encrypted evidence ends. The evidence is destroyed only
 * after a member approves it.
 */
function Seal({
  of,
  seal: { untilMs, deletionAsked },
  reload,
}: {
  of: Case;
  seal: ShownSeal;
  reload: () => Promise<void>;
}) {
  const model = useConsole();
  const isDue = untilMs !== null && untilMs <= model.nowMs.value;
  const ask = async (): Promise<void> => {
    if ((await send(model, `cases/${of.id}/shred`, {})) !== null) model.say(t('handOver.asked'));
    await reload();
  };
  return (
    <>
      <h3>{t('handOver.sealed')}</h3>
      <p class="soft">
        {untilMs === null
          ? t('handOver.sealedText')
          : t('handOver.sealedUntil', { time: dateOf(untilMs) })}
      </p>
      {of.state === 'closed' && model.may('evidence.delete-early') ? (
        <div class="actions">
          <button type="button" class="btn" disabled={deletionAsked} onClick={() => void ask()}>
            {t(
              deletionAsked
                ? 'handOver.deletionAsked'
                : isDue
                  ? 'handOver.delete'
                  : 'handOver.deleteEarly',
            )}
          </button>
        </div>
      ) : null}
    </>
  );
}

function Whom({ label, who, setting }: { label: string; who: string | null; setting: string }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd dir="auto">{who ?? <span class="soft">{t('handOver.notNamed', { setting })}</span>}</dd>
    </div>
  );
}

/** Lists a report's facts for an authority. Contains no user text, and gives times in UTC. */
function Facts({ of }: { of: ShownReport }) {
  const { report } = of;
  return (
    <>
      <strong class="number" dir="ltr">
        {report.code}
      </strong>
      {` · ${t(`reason.${report.reason}`)} · `}
      {t('handOver.reported', { time: universal(report.atMs) })}
      {' · '}
      {callInWords(of, (atMs) => t('handOver.met', { time: universal(atMs) }))}
    </>
  );
}

/** Formats a moment in UTC to the second, such as "2026-11-26 13:46:00 UTC". */
function universal(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

function Steps({ of, reload }: { of: Case; reload: () => Promise<void> }) {
  const model = useConsole();
  const nowMs = model.nowMs.value;
  const tick = async (step: HandOverStep, done: boolean): Promise<void> => {
    await send(model, `cases/${of.id}/hand-over`, { step, done });
    await reload();
  };
  return (
    <fieldset class="checks">
      <legend>{t('handOver.done')}</legend>
      <p class="hint">{t('handOver.doneHint')}</p>
      {HAND_OVER_STEPS.map((step) => {
        const ticked = of.handOver?.find((one) => one.step === step);
        return (
          <label key={step}>
            <input
              type="checkbox"
              checked={ticked !== undefined}
              onChange={({ currentTarget }) => void tick(step, currentTarget.checked)}
            />
            <span>
              {t(`handOver.step.${step}`)}
              {ticked === undefined ? null : (
                <span class="soft small">
                  {' '}
                  {t('handOver.by', {
                    name: model.nameOf(ticked.by),
                    time: relative(ticked.atMs, nowMs),
                  })}
                </span>
              )}
            </span>
          </label>
        );
      })}
    </fieldset>
  );
}
