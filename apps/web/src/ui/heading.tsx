import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { landFocus } from '../a11y/focus.ts';

let firstScreenSeen = false;

/**
 * A screen's `h1`. The focus comes to it when the screen appears, or to what the screen marks
 * instead, so that a screen reader starts there; but never on the first load, and never out of a
 * control that outlived the change, such as the message box.
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
