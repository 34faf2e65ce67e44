import '../../styles/sheet.css';
import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';
import { t } from '../../i18n/words.ts';
import { Icon } from '../../parts/icons.tsx';
import { closeAround, Modal } from '../../parts/modal.tsx';

/**
 * A dialog that rises from the lower edge. Esc and a press beside it close it where the browser
 * knows `closedby`, the cross does everywhere.
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
  return (
    <Modal class="sheet" aria-labelledby={id} onClose={onClose} {...{ closedby: 'any' }}>
      <header class="sheet-head">
        <h2 id={id}>{title}</h2>
        <button
          type="button"
          class="btn plain ic"
          aria-label={t('sheet.close')}
          title={t('sheet.close')}
          onClick={closeAround}
        >
          <Icon name="cross" />
        </button>
      </header>
      {children}
    </Modal>
  );
}
