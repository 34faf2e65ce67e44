import { Arcs } from '@farandole/ui/arcs';
import { t } from '../i18n/words.ts';
import { useConsole } from '../parts/console-context.ts';
import { SignInForm } from '../sign-in/sign-in-form.tsx';

/** Nobody is signed in, or not any more. */
export function SignedOut() {
  const model = useConsole();
  return (
    <main class="alone door">
      <Arcs mood="still" />
      <h1>{t('signIn.title')}</h1>
      {model.hasUnsent ? <p class="soft">{t('signIn.draft')}</p> : null}
      <SignInForm done={() => model.begin()} />
      <p class="hint">{t('signIn.help')}</p>
    </main>
  );
}
