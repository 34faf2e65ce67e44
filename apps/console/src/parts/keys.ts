import { useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/words.ts';

/** The object's keys are the characters that a member types, in lower case. */
export type KeyActions = Readonly<Record<string, (() => void) | undefined>>;

/**
 * Keyboard shortcuts of the mounted components. The component that was mounted last has
 * priority.
 */
const layers: { readonly current: KeyActions }[] = [];

export function useKeys(actions: KeyActions): void {
  const latest = useRef(actions);
  latest.current = actions;
  // The shortcuts are registered in a layout effect because a passive effect would miss keys
  // pressed before the next frame.
  useLayoutEffect(() => {
    layers.push(latest);
    return () => void layers.splice(layers.indexOf(latest), 1);
  }, []);
}

/**
 * Runs keyboard shortcuts, but ignores keys typed in text fields and the browser's own
 * shortcuts.
 */
export function listenForKeys(): void {
  addEventListener('keydown', (event) => {
    if (event.defaultPrevented || event.altKey || event.isComposing) return;
    const isDeciding = event.key === 'Enter' && (event.ctrlKey || event.metaKey);
    if (!isDeciding && (event.ctrlKey || event.metaKey)) return;
    if (!isDeciding && (isTyping(event) || isPressing(event))) return;
    if (document.querySelector('dialog:modal') !== null && event.key !== '?') return;
    const key = isDeciding ? 'ctrl+enter' : event.key.toLowerCase();
    const action = layers.map(({ current }) => current[key]).findLast((one) => one !== undefined);
    if (action === undefined) return;
    event.preventDefault();
    action();
  });
}

function isTyping({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (key === 'Escape') return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement) return true;
  if (target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !['radio', 'checkbox'].includes(target.type);
}

/** Returns true for the Enter key on a link or button, which the browser then activates. */
function isPressing({ target, key }: KeyboardEvent): boolean {
  if (key !== 'Enter' || !(target instanceof Element)) return false;
  return target.closest('a[href], button, summary') !== null;
}

export function capOf(key: string): string {
  if (key === 'Enter') return t('key.enter');
  return key === 'Escape' ? t('key.escape') : key;
}
