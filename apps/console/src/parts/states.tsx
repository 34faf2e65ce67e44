import { Arcs } from '@farandole/ui/arcs';
import type { ComponentChildren } from 'preact';
import type { Problem } from '../api/api-client.ts';
import { t, type WordKey } from '../i18n/words.ts';
import type { Loadable } from '../state/loadable.ts';

export function Loaded<Value>({
  of,
  again,
  children,
}: {
  of: Loadable<Value>;
  again: () => Promise<void>;
  children: (value: Value) => ComponentChildren;
}) {
  if (of.state === 'ready') return <>{children(of.value)}</>;
  if (of.state === 'failed') return <Failed problem={of.problem} again={again} />;
  return <Skeleton />;
}

function Skeleton() {
  return (
    <div>
      <p class="sr">{t('app.loading')}</p>
      <div class="skeleton" aria-hidden="true">
        {[1, 2, 3, 4, 5, 6].map((row) => (
          <i key={row} />
        ))}
      </div>
    </div>
  );
}

export function Failed({ problem, again }: { problem: Problem; again: () => Promise<void> }) {
  const isFinal = problem.status === 403 || problem.status === 404;
  return (
    <Nothing title={t('failed.title')}>
      <p>{sentenceOf(problem)}</p>
      {isFinal ? null : (
        <button type="button" class="btn" onClick={() => void again()}>
          {t('app.retry')}
        </button>
      )}
    </Nothing>
  );
}

export function sentenceOf({ error }: Problem): string {
  if (error === 'offline') return t('failed.offline');
  // `t` returns the key itself when there is no translation.
  const key = `refused.${error}` as WordKey;
  const sentence = t(key);
  return sentence === key ? t('failed.other') : sentence;
}

export function Nothing({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="nothing">
      <Arcs mood="still" />
      <h2>{title}</h2>
      {children}
    </div>
  );
}
