import type { WaitingAppeal } from '@farandole/moderation/appeals/waiting-appeals';
import type { ComponentChildren } from 'preact';
import { t } from '../i18n/words.ts';
import { useConsole } from './console-context.ts';
import { ReadsFull } from './reads-full.tsx';
import { dateOf, listOf, relative } from './times.ts';

/**
 * Shows which decision an appeal is about, the appeal's text, and the possible answers if the
 * member may answer.
 */
export function AppealPanel({
  waiting: { appeal, decision, of, text, isShown, mayAnswer },
  title,
  label,
  mark,
  endsAtMs,
  notYours,
  answer,
  children,
}: {
  readonly waiting: WaitingAppeal;
  readonly title: ComponentChildren;
  readonly label: ComponentChildren;
  readonly mark?: ComponentChildren;
  readonly endsAtMs: number | null;
  readonly notYours: string;
  readonly answer: ComponentChildren;
  readonly children?: ComponentChildren;
}) {
  return (
    <article class="panel">
      <header>
        {title}
        <Times atMs={appeal.atMs} decision={decision} />
      </header>
      <p class="marks-row">
        {mark}
        {decision === null ? null : <span class="mark">{t(`reason.${decision.reason}`)}</span>}
        {endsAtMs === null ? null : (
          <span class="mark">{t('case.until', { time: dateOf(endsAtMs) })}</span>
        )}
        {of?.lane === 'child-safety' ? (
          <span class="mark accent">{t('mark.childSafety')}</span>
        ) : null}
      </p>
      {isShown ? (
        <div class="field">
          {label}
          {/* The appeal's text is null once the text was destroyed. */}
          {text === null ? (
            <p class="soft">{t('case.shredded')}</p>
          ) : (
            <blockquote dir="auto">{text}</blockquote>
          )}
        </div>
      ) : (
        <ReadsFull />
      )}
      {children}
      {mayAnswer && isShown ? answer : null}
      {mayAnswer ? null : <p class="note-line">{notYours}</p>}
    </article>
  );
}

function Times({ atMs, decision }: Pick<WaitingAppeal, 'decision'> & { readonly atMs: number }) {
  const model = useConsole();
  const nowMs = model.nowMs.value;
  return (
    <p class="soft">
      {t('appeals.filed', { time: relative(atMs, nowMs) })}
      {decision === null
        ? null
        : ` · ${t('appeals.decidedBy', {
            time: relative(decision.atMs, nowMs),
            names: listOf(decision.deciders.map((id) => model.nameOf(id))),
          })}`}
    </p>
  );
}
