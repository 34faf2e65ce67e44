import type { ComponentType } from 'preact';
import { t } from '../i18n/words.ts';
import { App } from '../screens/app.tsx';
import { SmallWindow } from '../screens/conversation/small-window.tsx';
import { lazy } from '../screens/shared/lazy.tsx';

/**
 * What a scene shows: the page, a placeholder for a part that is loading or failed to load, or the
 * picture-in-picture window.
 */
export type Drawing = 'page' | 'loading' | 'failed' | 'failed-sheet' | 'small-window';

const coming = lazy(() => new Promise(() => {}));
const smallWindow = lazy(async () => OtherWindow);
const failed = lazy(gone);
const failedSheet = lazy(gone, { putAway: () => {} });

export const DRAWINGS: Readonly<Record<Drawing, ComponentType>> = {
  page: App,
  loading: coming.Part,
  failed: failed.Part,
  'failed-sheet': FailedSheet,
  'small-window': smallWindow.Part,
};

async function gone(): Promise<never> {
  throw new Error('In the gallery it never comes.');
}

function FailedSheet() {
  return (
    <>
      <App />
      <failedSheet.Part />
    </>
  );
}

/**
 * Draws the content of the picture-in-picture window, which fills the gallery. The real window has
 * its own title and no heading, so the heading is added here.
 */
function OtherWindow() {
  return (
    <>
      <h1 class="sr">{t('call.titleVideo')}</h1>
      <div class="small-window">
        <SmallWindow />
      </div>
    </>
  );
}
