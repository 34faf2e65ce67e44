import { useEffect } from 'preact/hooks';
import { Hearing, heard } from '../../a11y/hearing.ts';
import { useApp } from '../app-context.ts';

/**
 * Measures the microphone while it is on. The element's CSS property `--level` follows its
 * loudness, from 0 to 1, and `heard` its result.
 * @param listens false if another component measures the microphone at the same time
 */
export function useHearing(
  element: { readonly current: HTMLElement | null },
  listens: boolean,
): void {
  const { devices } = useApp();
  const isOn = devices.view.value.microphone === 'on';
  const sound = devices.sound.value;
  useEffect(() => {
    if (!listens) return;
    // The microphone test starts again when the user chooses another microphone.
    heard.value = 'listening';
    if (!isOn) return;
    const hearing = new Hearing();
    return devices.loaded?.choice.hear((loudness, nowMs) => {
      element.current?.style.setProperty('--level', loudness.toFixed(3));
      heard.value = hearing.take(loudness, nowMs);
    });
  }, [isOn, sound, listens]);
}
