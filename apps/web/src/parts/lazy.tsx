import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';
import { loadAllWords, t } from '../i18n/words.ts';
import { loadAllIcons } from './icons.tsx';

export interface Lazy {
  /** Draws the part once it is here; nothing before. */
  readonly Part: ComponentType;
  /** Fetches it now, so that it is here when it is wanted, network or not. */
  load(): void;
}

/** A part of the page in a file of its own, fetched with its words and icons when drawn or asked for. */
export function lazy(fetchPart: () => Promise<ComponentType>): Lazy {
  const state = signal<{ part: ComponentType } | 'fetching' | 'failed' | null>(null);
  const load = (): void => {
    if (state.peek() !== null) return;
    state.value = 'fetching';
    Promise.all([fetchPart(), loadAllWords(), loadAllIcons()]).then(
      ([part]) => {
        state.value = { part };
      },
      () => {
        state.value = 'failed';
      },
    );
  };
  const Part: ComponentType = () => {
    const current = state.value;
    if (current === null) load();
    if (current === 'failed') return <Failed />;
    if (current === null || current === 'fetching') return null;
    const { part: Loaded } = current;
    return <Loaded />;
  };
  return { Part, load };
}

/** The file is gone: most often the server has a newer page. */
function Failed() {
  return (
    <main class="alone">
      <h1>{t('loading.failed')}</h1>
      <button type="button" class="btn primary" onClick={() => location.reload()}>
        {t('loading.reload')}
      </button>
    </main>
  );
}
