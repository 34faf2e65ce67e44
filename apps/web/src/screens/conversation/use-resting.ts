import { useSignal } from '@preact/signals';
import type { RefObject } from 'preact';
import { useEffect } from 'preact/hooks';
import { browserScheduler } from '../../signal/browser-signal.ts';
import { useApp } from '../app-context.ts';
import { mayRest, Resting } from './resting.ts';

/** Events after which the controls are shown again. */
const WAKES = ['keydown', 'focusin', 'pointerdown', 'touchstart', 'wheel'];

/** Returns whether the controls over the stranger's picture are faded now. */
export function useResting(talk: RefObject<HTMLElement | null>): boolean {
  const app = useApp();
  const rests = useSignal(false);
  const call = app.call.view.value;
  const watches =
    call?.mode === 'video' &&
    app.call.peerStream.value !== null &&
    call.next.state === 'next' &&
    call.flow === 'flowing';
  useEffect(() => {
    if (!watches) return;
    const may = (): boolean =>
      mayRest({
        staysShown: app.settings.preferences.peek().controlsStay,
        watches: true,
        isUsed: isUsed(talk.current),
      });
    const resting = new Resting(browserScheduler, may, (value) => {
      rests.value = value;
    });
    const listening = new AbortController();
    const { signal } = listening;
    const wake = (): void => resting.wake();
    for (const event of WAKES) document.addEventListener(event, wake, { capture: true, signal });
    document.addEventListener(
      'pointermove',
      ({ pointerType }) => {
        if (pointerType === 'mouse') resting.moved();
        else resting.wake();
      },
      { signal },
    );
    return () => {
      listening.abort();
      resting.wake();
    };
  }, [app, watches]);
  return rests.value;
}

function isUsed(talk: HTMLElement | null): boolean {
  if (talk === null) return true;
  if (document.querySelector('dialog[open], :popover-open') !== null) return true;
  const writes = talk.querySelector<HTMLTextAreaElement>('#message')?.value ?? '';
  return writes !== '' || talk.querySelector(':focus-visible, .fades:hover') !== null;
}
