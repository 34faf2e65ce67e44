import type { WaitingAppeal } from '@farandole/moderation/appeals/waiting-appeals';
import type { Case } from '@farandole/moderation/cases/case-machine';
import type { ComponentChildren } from 'preact';
import { t } from '../i18n/words.ts';
import { useConsole } from './console-context.ts';
import { dateOf, listOf, relative } from './times.ts';

export function AppealTimes({
  atMs,
  decision,
}: {
  readonly atMs: number;
  readonly decision: Pick<WaitingAppeal['decision'], 'atMs' | 'deciders'>;
}) {
  const model = useConsole();
  const nowMs = model.nowMs.value;
  const names = listOf(decision.deciders.map((id) => model.nameOf(id)));
  return (
    <p class="soft">
      {t('appeals.filed', { time: relative(atMs, nowMs) })}
      {' · '}
      {t('appeals.decidedBy', { time: relative(decision.atMs, nowMs), names })}
    </p>
  );
}

export function DecisionMarks({
  reason,
  endsAtMs,
  lane,
}: {
  readonly reason: WaitingAppeal['decision']['reason'];
  readonly endsAtMs: number | null;
  readonly lane: Case['lane'];
}) {
  return (
    <>
      <span class="mark">{t(`reason.${reason}`)}</span>
      {endsAtMs === null ? null : (
        <span class="mark">{t('case.until', { time: dateOf(endsAtMs) })}</span>
      )}
      {lane === 'child-safety' ? <span class="mark accent">{t('mark.childSafety')}</span> : null}
    </>
  );
}

/** Null once the text was destroyed. */
export function AppealText({
  text,
  children,
}: {
  readonly text: string | null;
  readonly children: ComponentChildren;
}) {
  return (
    <div class="field">
      {children}
      {text === null ? (
        <p class="soft">{t('case.shredded')}</p>
      ) : (
        <blockquote dir="auto">{text}</blockquote>
      )}
    </div>
  );
}
