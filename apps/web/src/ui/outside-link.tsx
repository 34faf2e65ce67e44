import type { ComponentChildren } from 'preact';

/** Opens a new tab without opener or referrer. */
export function OutsideLink({ href, children }: { href: string; children: ComponentChildren }) {
  return (
    <a class="outside" href={href} target="_blank" rel="noopener noreferrer external">
      {children}
    </a>
  );
}
