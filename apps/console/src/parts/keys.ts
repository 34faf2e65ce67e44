import { useLayoutEffect, useRef } from 'preact/hooks';
import { t } from '../i18n/words.ts';

/** What each key does while something is drawn; letters in lower case, as they are typed. */
export type KeyActions = Readonly<Record<string, (() => void) | undefined>>;

/** In the order in which they were drawn: what came last is asked first. */
const layers: { readonly current: KeyActions }[] = [];

/** Has keys do something while the component is there. */
export function useKeys(actions: KeyActions): void {
  const latest = useRef(actions);
  latest.current = actions;
  // What can be seen can be pressed: an effect that waits for a frame would lose the keys before it.
  useLayoutEffect(() => {
    layers.push(latest);
    return () => void layers.splice(layers.indexOf(latest), 1);
  }, []);
}

/** Listens for keys, except where one types, and where the browser has its own use for them. */
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

/** Enter on what knows by itself what it does then. */
function isPressing({ target, key }: KeyboardEvent): boolean {
  if (key !== 'Enter' || !(target instanceof Element)) return false;
  return target.closest('a[href], button, summary') !== null;
}

/** What stands on a key, as keyboards of the language have it. */
export function capOf(key: string): string {
  if (key === 'Enter') return t('key.enter');
  return key === 'Escape' ? t('key.escape') : key;
}
