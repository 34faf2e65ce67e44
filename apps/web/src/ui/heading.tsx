import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { landFocus } from '../a11y/focus.ts';

let firstScreenSeen = false;

/**
 * A screen's `h1`. Takes the focus when the screen appears (or the element marked instead does), so
 * that readers start there. Never on the first load, and never from a control that stayed, such as
 * the message box.
 */
export function Heading({ children, hidden }: { children: ComponentChildren; hidden?: boolean }) {
  useEffect(() => {
    if (firstScreenSeen) landFocus();
    firstScreenSeen = true;
  }, []);
  return (
    <h1 tabIndex={-1} class={hidden ? 'sr' : undefined}>
      {children}
    </h1>
  );
}
