import type { ComponentChildren } from 'preact';

/** A link that leaves Farandole: in a tab of its own, which learns nothing of this one. */
export function OutsideLink({ href, children }: { href: string; children: ComponentChildren }) {
  return (
    <a class="outside" href={href} target="_blank" rel="noopener noreferrer external">
      {children}
    </a>
  );
}
