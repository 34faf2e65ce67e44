import { CONSOLE_API_PATH } from '@farandole/protocol/console-api';
import type { ComponentChildren } from 'preact';

export function Download({ path, children }: { path: string; children: ComponentChildren }) {
  return (
    <p class="actions">
      <a class="btn" href={`${CONSOLE_API_PATH}/${path}`} download>
        {children}
      </a>
    </p>
  );
}
