import '../../styles/sheet.css';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { t } from '../../i18n/words.ts';
import { Icon } from '../../parts/icons.tsx';

/**
 * A native modal dialog that rises from the lower edge. Esc and a press beside it close it where
 * the browser knows `closedby`, the cross does everywhere; the focus goes back by itself.
 */
export function Sheet({
  title,
  onClose,
  children,
}: {
  title: string;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => dialog.current?.showModal(), []);
  return (
    <dialog
      ref={dialog}
      class="sheet"
      aria-labelledby={id}
      onClose={onClose}
      {...{ closedby: 'any' }}
    >
      <header class="sheet-head">
        <h2 id={id}>{title}</h2>
        <button
          type="button"
          class="btn plain ic"
          aria-label={t('sheet.close')}
          title={t('sheet.close')}
          onClick={() => dialog.current?.close()}
        >
          <Icon name="cross" />
        </button>
      </header>
      {children}
    </dialog>
  );
}
