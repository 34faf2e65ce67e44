import { Arcs } from '@farandole/ui/arcs';
import type { ComponentChildren } from 'preact';
import type { Problem } from '../api/api-client.ts';
import { t, type WordKey } from '../i18n/words.ts';
import type { Loadable } from '../state/loadable.ts';

/** Draws what is there, or why there is nothing. */
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

/** Those of which the console has a sentence in its own language. */
const KNOWN: ReadonlySet<string> = new Set([
  ...['not-allowed', 'unknown', 'not-now', 'taken', 'not-yours', 'same-person', 'awaits-approval'],
  ...[
    'another-approval',
    'appeal-waits',
    'another-open',
    'for-another-role',
    'nobody-there',
    'too-late',
    'too-early',
    'answered',
    'not-shorter',
    'takes-two',
    'note-too-long',
  ],
  ...[
    'reads-full',
    'expired',
    'others-there',
    'note-has-control-characters',
    'too-large',
    'too-many',
  ],
  ...['sign-in-failed', 'passkey-cancelled', 'ceremony-over', 'not-fresh', 'wrong-name'],
  ...['name-taken', 'wrong-label', 'already-there', 'last-way-in', 'wrong-code'],
  ...['password-too-short', 'password-too-long', 'password-too-common'],
]);

/** What went wrong, for whoever did it. */
export function sentenceOf({ error }: Problem): string {
  if (error === 'offline') return t('failed.offline');
  return KNOWN.has(error) ? t(`refused.${error}` as WordKey) : t('failed.other');
}

/** A place without anything in it: the two arcs, and a word about why. */
export function Nothing({ title, children }: { title: string; children?: ComponentChildren }) {
  return (
    <div class="nothing">
      <Arcs mood="still" />
      <h2>{title}</h2>
      {children}
    </div>
  );
}
