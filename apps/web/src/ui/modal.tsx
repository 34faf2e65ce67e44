import type { JSX } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { landFocus } from '../a11y/focus.ts';

type Attributes = Omit<JSX.IntrinsicElements['dialog'], 'onClose' | 'ref'>;

/**
 * A native modal dialog, open for as long as it is drawn. When it goes, by whatever way, the focus
 * goes back to where it was, or to the screen's heading if that is gone. Behind it the page's own
 * live regions are silent, so it has a pair of its own.
 */
export function Modal({ onClose, children, ...rest }: Attributes & { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null);
  // Before what it holds asks for the focus, and while it is still there to give it back.
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
      // Told a moment later, when whoever took it away may have opened another.
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

/** Closes the dialog that a pressed control is in, modal or not. */
export function closeAround({ currentTarget }: { readonly currentTarget: Element }): void {
  const dialog = currentTarget.closest('dialog');
  if (dialog?.matches(':popover-open') === true) dialog.hidePopover();
  else dialog?.close();
}
