import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { landFocus } from '../a11y/focus.ts';

type Attributes = Omit<JSX.IntrinsicElements['dialog'], 'onClose' | 'ref'>;

/**
 * A native modal dialog that is open while it is rendered. When it is removed, the focus returns
 * to the previously focused element or, if that is gone, to the screen's heading. The dialog has
 * its own live regions, because it makes those of the page inert.
 */
export function Modal({ onClose, children, ...rest }: Attributes & { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  // A layout effect is needed, because it runs before the content takes the focus, and its cleanup
  // runs while the dialog can still return the focus.
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
      // The `close` event of a removed dialog is ignored, because closing one dialog may open
      // another.
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

/** Closes the dialog that contains the pressed control. */
export function closeAround({ currentTarget }: { readonly currentTarget: Element }): void {
  const dialog = currentTarget.closest('dialog');
  if (dialog?.matches(':popover-open') === true) dialog.hidePopover();
  else dialog?.close();
}
