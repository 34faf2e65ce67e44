import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { landFocus } from '../a11y/focus.ts';

type Attributes = Omit<JSX.IntrinsicElements['dialog'], 'onClose' | 'ref'>;

/**
 * A native modal dialog, open while rendered. On removal the focus returns to its previous element
 * or to the screen's heading. It makes the page's live regions inert, so it has its own pair.
 */
export function Modal({ onClose, children, ...rest }: Attributes & { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Runs before its content takes the focus, and while the dialog can still return it.
  useLayoutEffect(() => {
    const element = dialog.current;
    if (element === null) return;
    element.showModal();
    return () => {
      element.close();
      landFocus(element);
    };
  }, []);
  return (
    <dialog
      ref={dialog}
      // Deferred: closing one dialog may open another.
      onClose={({ currentTarget }) => {
        if (currentTarget.isConnected) onClose();
      }}
      {...rest}
    >
      {children}
      <div class="sr" role="status" aria-atomic="true" data-say="polite" />
      <div class="sr" role="alert" aria-atomic="true" data-say="now" />
    </dialog>
  );
}

/** Closes the dialog around the pressed control. */
export function closeAround({ currentTarget }: { readonly currentTarget: Element }): void {
  const dialog = currentTarget.closest('dialog');
  if (dialog?.matches(':popover-open') === true) dialog.hidePopover();
  else dialog?.close();
}
