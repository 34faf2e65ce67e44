import type { ComponentChildren } from 'preact';
import { useEffect } from 'preact/hooks';
import { landFocus } from '../a11y/focus.ts';

let firstScreenSeen = false;

/**
 * The `h1` of a screen. It takes the focus when the screen appears, so that screen readers start
 * there; if another element has the attribute for this, that element takes the focus. The focus
 * doesn't move on the first load, nor if the focused control is still there, such as the message
 * box.
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
