import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';

let firstScreenSeen = false;

/**
 * A screen's `h1`. The focus comes to it when the screen appears, so that a screen reader starts
 * there; but never on the first load, and never out of a control that outlived the change, such
 * as the message box.
 */
export function Heading({ children, hidden }: { children: ComponentChildren; hidden?: boolean }) {
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const first = !firstScreenSeen;
    firstScreenSeen = true;
    const focused = document.activeElement;
    const free = focused === null || focused === document.body;
    if (!first && free) heading.current?.focus({ preventScroll: true });
  }, []);
  return (
    <h1 ref={heading} tabIndex={-1} class={hidden ? 'sr' : undefined}>
      {children}
    </h1>
  );
}
