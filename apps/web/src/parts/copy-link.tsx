import { useSignal } from '@preact/signals';
import { t } from '../i18n/words.ts';
import { Icon } from './icons.tsx';

/** Takes this page's address along to another browser. */
export function CopyLink() {
  const outcome = useSignal<'copied' | 'failed' | null>(null);
  const url = `${location.origin}/`;
  const copy = async (): Promise<void> => {
    try {
      await navigator.clipboard.writeText(url);
      outcome.value = 'copied';
    } catch {
      // Some apps have no clipboard for pages: the address is shown, to be taken by hand.
      outcome.value = 'failed';
    }
  };
  return (
    <div class="copy-link">
      <button type="button" class="btn big" onClick={() => void copy()}>
        <Icon name={outcome.value === 'copied' ? 'check' : 'copy'} />
        {t('help.copyLink')}
      </button>
      <p class="hint" role="status">
        {outcome.value === 'copied' && t('help.copied')}
        {outcome.value === 'failed' && t('help.notCopied', { url })}
      </p>
    </div>
  );
}
