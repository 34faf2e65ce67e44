import { Arcs } from '@farandole/ui/arcs';
import { signal, useSignal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { loadAllWords, t } from '../../i18n/words.ts';
import type { AppModel } from '../../state/app-model.ts';
import { Icon, loadAllIcons } from '../../ui/icons.tsx';
import { busyWhile } from '../../ui/pressed.ts';
import { useApp } from '../app-context.ts';

export interface Lazy {
  /** Renders a lazily loaded part of the page once it has loaded, and a loading text before. */
  readonly Part: ComponentType;
  /** Loads a part of the page in advance, so that it also opens without a network. */
  load(): void;
}

/**
 * Where a lazily loaded part appears: as a whole screen, at a place on a screen, or as a sheet
 * that the user can close before the part has loaded.
 */
type Slot = 'screen' | 'place' | { readonly putAway: (app: AppModel) => void };

/**
 * Delay in ms after which the loading text appears, so that fast loads don't show it. While a sheet
 * loads, its button already shows that it works. A screen that loads leaves nothing else to see.
 */
const LOADING_SHOWS_AFTER_MS = { screen: 80, place: 300, sheet: 1_000 } as const;

/**
 * Creates a part of the page in a separate bundle. The bundle loads on first use, with its texts
 * and icons.
 */
export function lazy(fetchPart: () => Promise<ComponentType>, place: Slot = 'screen'): Lazy {
  const state = signal<{ part: ComponentType } | 'fetching' | 'failed' | null>(null);
  let coming: Promise<unknown> = Promise.resolve();
  const load = (): void => {
    const current = state.peek();
    if (current !== null && current !== 'failed') return;
    state.value = 'fetching';
    const loading = Promise.all([fetchPart(), loadAllWords(), loadAllIcons()]);
    coming = loading;
    loading.then(
      ([part]) => {
        state.value = { part };
      },
      () => {
        state.value = 'failed';
        addEventListener('online', again, { once: true });
      },
    );
  };
  const again = (): void => {
    askAgainForSheets();
    load();
  };
  const Part: ComponentType = () => {
    const current = state.value;
    if (current === null) load();
    // The control that opened this part stays on the screen behind a sheet.
    if (state.peek() === 'fetching') void busyWhile(coming);
    if (current !== null && typeof current === 'object') {
      const { part: Loaded } = current;
      return <Loaded />;
    }
    return <Missing place={place} failed={current === 'failed'} again={again} />;
  };
  return { Part, load };
}

const failedSheets = new Set<HTMLLinkElement>();

/** Records which style sheets failed to load. */
export function watchSheets(): void {
  const failed = ({ target }: Event): void => {
    if (target instanceof HTMLLinkElement && target.rel === 'stylesheet') failedSheets.add(target);
  };
  // The listener uses the capture phase, because the `error` event of a style sheet doesn't
  // bubble.
  document.addEventListener('error', failed, { capture: true });
}

/**
 * Requests failed style sheets again, because loading a bundle again doesn't request its style
 * sheets again.
 */
function askAgainForSheets(): void {
  for (const link of failedSheets) link.replaceWith(link.cloneNode());
  failedSheets.clear();
}

function Missing({ place, failed, again }: { place: Slot; failed: boolean; again: () => void }) {
  const app = useApp();
  const slow = useSignal(false);
  useEffect(() => {
    const delayMs = LOADING_SHOWS_AFTER_MS[typeof place === 'string' ? place : 'sheet'];
    const timer = setTimeout(() => {
      slow.value = true;
    }, delayMs);
    return () => clearTimeout(timer);
  }, []);
  if (!failed && !slow.value) return null;
  const words = t(failed ? 'loading.failed' : 'loading.waiting');
  if (place === 'screen') {
    return (
      <main class="alone missing-screen">
        <Arcs mood={failed ? 'still' : 'dance'} />
        <h1>{words}</h1>
        {failed && (
          // The page offers a reload, because a missing file was usually removed by an update of
          // the server.
          <button type="button" class="btn primary" onClick={() => location.reload()}>
            {t('loading.reload')}
          </button>
        )}
      </main>
    );
  }
  return (
    <aside class={`banner ${failed ? 'warning' : 'info'} ${place === 'place' ? '' : 'missing'}`}>
      <p role="status">{words}</p>
      {(failed || typeof place === 'object') && (
        <div class="banner-acts">
          {failed && (
            <button type="button" class="btn small" onClick={again}>
              {t('link.retry')}
            </button>
          )}
          {typeof place === 'object' && (
            <button
              type="button"
              class="btn ic plain"
              aria-label={t('loading.putAway')}
              onClick={() => place.putAway(app)}
            >
              <Icon name="cross" />
            </button>
          )}
        </div>
      )}
    </aside>
  );
}
