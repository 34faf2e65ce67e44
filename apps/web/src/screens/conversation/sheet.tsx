import '../../styles/sheet.css';
import type { ComponentChildren } from 'preact';
import { useId, useLayoutEffect, useRef, useState } from 'preact/hooks';
import { landFocus } from '../../a11y/focus.ts';
import { t } from '../../i18n/words.ts';
import { Icon } from '../../ui/icons.tsx';
import { closeAround, Modal } from '../../ui/modal.tsx';
import { StopHere } from '../shared/stop-here.tsx';

/** The media query must equal the one for `.sheet.beside` in the styles. */
const ROOM_BESIDE = '(width >= 60rem) and (height > 30rem)';

/**
 * A dialog at the lower edge of the window. Its close button always works. Esc and a press
 * outside the dialog close it if the browser supports `closedby`.
 * @param beside whether the sheet covers only the side column if there is space, so that the
 * user can leave the call with one press
 */
export function Sheet({
  title,
  onClose,
  beside = false,
  children,
}: {
  title: string;
  onClose: () => void;
  beside?: boolean;
  children: ComponentChildren;
}) {
  const id = useId();
  const [hasRoom] = useState(() => beside && matchMedia(ROOM_BESIDE).matches);
  const inside = (
    <>
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
        {!hasRoom && <StopHere />}
      </header>
      {/* `tabIndex` lets keyboard users scroll when the content has no focusable element. */}
      <div class="sheet-body" tabIndex={0}>
        {children}
      </div>
    </>
  );
  if (hasRoom) {
    return (
      <Beside label={id} onClose={onClose}>
        {inside}
      </Beside>
    );
  }
  return (
    <Modal class="sheet" aria-labelledby={id} onClose={onClose} {...{ closedby: 'any' }}>
      {inside}
    </Modal>
  );
}

/** The browser also closes a popover when the user presses outside the popover. */
function Beside({
  label,
  onClose,
  children,
}: {
  label: string;
  onClose: () => void;
  children: ComponentChildren;
}) {
  const dialog = useRef<HTMLDialogElement>(null);
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    element.showPopover();
    return () => {
      element.hidePopover();
      landFocus(element);
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      popover="auto"
      class="sheet beside"
      aria-labelledby={label}
      onToggle={({ currentTarget, newState }) => {
        if (newState === 'closed' && currentTarget.isConnected) onClose();
      }}
    >
      {children}
    </dialog>
  );
}
