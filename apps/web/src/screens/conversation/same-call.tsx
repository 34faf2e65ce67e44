import { useSignal, useSignalEffect } from '@preact/signals';
import { certificatesOf } from '../../call/certificates.ts';
import { sameCallWords } from '../../call/same-call.ts';
import { t } from '../../i18n/words.ts';
import { Icon } from '../../ui/icons.tsx';
import { useApp } from '../app-context.ts';

/**
 * Shows three words that both users compare. The words are derived from the connection's keys,
 * so users with a man in the middle see different words.
 */
export function SameCall() {
  const app = useApp();
  const words = useSignal<readonly string[] | null>(null);
  useSignalEffect(() => {
    const descriptions = app.call.descriptions.value;
    words.value = null;
    if (descriptions === null) return;
    const certificates = certificatesOf(descriptions.own, descriptions.peer);
    if (certificates === null) return;
    void sameCallWords(certificates, (bytes) => crypto.subtle.digest('SHA-256', bytes)).then(
      (found) => {
        if (descriptions === app.call.descriptions.peek()) words.value = found;
      },
    );
  });
  if (words.value === null) return null;
  return (
    <section class="same-call" aria-labelledby="same-call">
      <h3 id="same-call">
        <Icon name="shield" size={20} />
        {t('sameCall.title')}
      </h3>
      <p class="code" lang="en" dir="ltr" translate={false}>
        {words.value.join(' ')}
      </p>
      <p class="hint">{t('sameCall.how')}</p>
    </section>
  );
}
