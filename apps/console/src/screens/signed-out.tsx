import { t } from '../i18n/words.ts';
import { Nothing } from '../parts/states.tsx';

/** Nobody is signed in. */
export function SignedOut() {
  return (
    <main class="alone">
      <h1 class="sr">{t('signedOut.title')}</h1>
      <Nothing title={t('signedOut.title')}>
        <p>{t('signedOut.text')}</p>
      </Nothing>
    </main>
  );
}
