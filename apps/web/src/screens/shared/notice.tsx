import '../../styles/later.css';
import { Arcs } from '@farandole/ui/arcs';
import type { ComponentChildren } from 'preact';
import { Page } from './page.tsx';

/** A screen that shows only a message. */
export function Notice({ children }: { children: ComponentChildren }) {
  return (
    <Page width="wide">
      <div class="notice">
        <div class="notice-words">{children}</div>
        <Arcs mood="still" />
      </div>
    </Page>
  );
}
