import '../styles/later.css';
import type { ComponentChildren } from 'preact';

/** A link that opens a new tab without `opener` and referrer. */
export function OutsideLink({ href, children }: { href: string; children: ComponentChildren }) {
  return (
    <a class="outside" href={href} target="_blank" rel="noopener noreferrer external">
      {children}
    </a>
  );
}
